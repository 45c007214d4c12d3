"""Cyclic garbage collection, set for processes that live long and allocate much at a time."""

import gc

_YOUNG, _MIDDLE, _OLD = 20_000, 20, 50


def settle() -> None:
    """Call once when a process is ready. What was loaded by then is never looked through again, and later rounds come
    rarely: a batch of messages allocates a hundred thousand objects, hardly any of them in cycles. Python's own
    settings spend a third of reception's time on them."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
