"""Jieli: customer service, supply chain and field service behind one relay of matters."""

__version__ = "0.1.0"
