"""The invented demo brand and the simulated customers; pure data, no framework."""
