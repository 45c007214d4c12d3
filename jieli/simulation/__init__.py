"""Plays everybody outside: customers, WeChat's servers, carriers, callers, and agents at their desks. Nobody is real."""
