"""Jieli: customer service, supply chain and field service behind one relay of matters."""

import os

__version__ = "0.1.0"

# Before numpy is first imported: our products are small, and BLAS's own threads would spin on cores that others need.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
