"""Which model answers in this process. Understanding asks before every batch, so the answer comes from memory; whether
another model is live is looked up at most once a second, and never inside somebody's transaction."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import connection

from jieli.learning import files
from jieli.learning.files import Model
from jieli.learning.models import LiveModel
from jieli.understanding import facade as understanding
from jieli.understanding.errors import ModelUnusable

log = logging.getLogger(__name__)

_LOOK_EVERY_S, _AFTER_FAILURE_S = 1.0, 15.0


@dataclass(frozen=True, slots=True)
class _Chosen:
    """`model` None: the shipped one."""

    model: Model | None


_instead: ContextVar[_Chosen | None] = ContextVar("instead", default=None)


class Live:
    """What this process knows of the live model."""

    def __init__(self) -> None:
        self._model: Model | None = None
        self._stamp: UUID | None = None
        self._look_at = 0.0
        self._looking = threading.Lock()

    def model(self) -> Model | None:
        if monotonic() >= self._look_at and not connection.in_atomic_block:
            self._look()
        return self._model

    def _look(self) -> None:
        if not self._looking.acquire(blocking=False):
            return  # somebody else does; until then the one before answers
        pause = _LOOK_EVERY_S
        try:
            self._follow()
        except Exception as error:  # noqa: BLE001 - whatever is wrong with it, customers are understood by the one before
            level = logging.ERROR if isinstance(error, ModelUnusable | OSError) else logging.WARNING
            log.log(level, "the live model cannot be read, %s answers on: %s", self._named(), error)
            pause = _AFTER_FAILURE_S
        finally:
            self._look_at = monotonic() + pause
            self._looking.release()

    def _follow(self) -> None:
        row = LiveModel.objects.select_related("candidate").first()
        stamp = row.stamp if row else None
        if stamp != self._stamp:
            self._model = files.opened(row.candidate) if row and row.candidate else None
            self._stamp = stamp
            log.info("%s answers from now on", self._named())

    def _named(self) -> str:
        return str(self._model.version) if self._model else "the shipped model"

    def forget(self) -> None:
        """Look again at once."""
        self._look_at = 0.0


here = Live()


def provider() -> Model | None:
    chosen = _instead.get()
    return here.model() if chosen is None else chosen.model


@contextmanager
def answered_by(model: Model | None) -> Iterator[None]:
    """Within the block, in this thread, this model understands (None: the shipped one)."""
    token = _instead.set(_Chosen(model))
    try:
        yield
    finally:
        _instead.reset(token)


def shipped_version() -> str:
    with answered_by(None):
        return understanding.model_version()


def shipped_header() -> dict[str, Any]:
    """What the shipped model's file says of itself."""
    return understanding.shipped_header()


understanding.use(provider)
