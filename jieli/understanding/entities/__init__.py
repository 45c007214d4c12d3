"""Entities by rule: numbers, contacts, money, time, products, faults, addresses. `extract.entities` runs them all."""
