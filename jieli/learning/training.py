"""Candidates are trained one at a time in the whole installation, by whichever worker holds the lease."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from jieli.kernel import clock, leases, outbox, worker
from jieli.kernel.ids import new_id
from jieli.kernel.worker import Loop
from jieli.learning import candidates, child, events, files, policy, selectors
from jieli.learning.contracts import CandidateState
from jieli.learning.errors import Abandoned, TrainingFailed
from jieli.learning.models import Candidate, Correction, ModelFile
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Emotion, Intent, PreviousTurn, Turn
from jieli.understanding.errors import UnderstandingError
from jieli.understanding.facade import Example

log = logging.getLogger(__name__)

Trainer = Callable[[Sequence[Example], Path, Callable[[], bool]], dict[str, Any]]
trainer: Trainer = child.train

_TTL = timedelta(seconds=30)
_TELL_EVERY = timedelta(seconds=10)
_SAME = "nothing new: this is the same model as one that is there"
_DIED = "three workers ended while they trained this; see their logs"


class Training:
    """The loop of one worker."""

    def __init__(self) -> None:
        self._lease = leases.Kept("learning.training", new_id(), ttl=_TTL)

    def turn(self) -> int:
        """Train the candidate that waits longest, if it is our turn; returns how many were."""
        if not Candidate.objects.filter(state__in=candidates.UNFINISHED).exists() or not self._lease.mine():
            return 0
        row = _claim(new_id())
        if row is None:
            return 0
        try:
            _train(row, self._goes_on(row))
        except Abandoned:
            log.warning("candidate %s is another worker's now", row.id)
        except Exception as error:  # a process edge: what went wrong is kept with the row
            expected = isinstance(error, TrainingFailed | UnderstandingError | OSError)
            log.log(
                logging.WARNING if expected else logging.ERROR,
                "candidate %s was not trained (try %d): %s",
                row.id,
                row.attempts,
                error,
                exc_info=not expected,
            )
            _failed(row, str(error) if expected else f"{type(error).__name__}: {error}")
        return 1

    def _goes_on(self, row: Candidate) -> Callable[[], bool]:
        def ask() -> bool:
            return self._lease.mine() and _heard(row)

        return ask


@worker.register
def loops() -> list[Loop]:
    return [Loop("learning.training", Training().turn, candidates.WAKE, 5.0)]


@transaction.atomic
def _claim(token: UUID) -> Candidate | None:
    """The lease is ours, so whatever is still `training` was left by a worker that died."""
    rows = Candidate.objects.select_for_update().filter(state__in=candidates.UNFINISHED)
    row = rows.order_by("id").first()
    if row is None:
        return None
    if row.attempts >= policy.ATTEMPTS:
        row.state, row.token, row.failure = CandidateState.FAILED, None, row.failure or _DIED
        row.finished_at = clock.now()
        row.save(update_fields=["state", "token", "failure", "finished_at"])
        outbox.append(events.CandidateChanged(row.id))
        return None
    row.state, row.token, row.attempts = CandidateState.TRAINING, token, row.attempts + 1
    row.began_at = row.heard_at = clock.now()
    row.corrections = [str(one) for one in candidates.accepted(row.brand).values_list("id", flat=True)]
    row.save(update_fields=["state", "token", "attempts", "began_at", "heard_at", "corrections"])
    outbox.append(events.CandidateChanged(row.id))
    return row


def _mine(row: Candidate) -> Any:
    return Candidate.objects.filter(id=row.id, token=row.token, state=CandidateState.TRAINING)


def _heard(row: Candidate) -> bool:
    """Say now and then that it goes on; False when the row is somebody else's."""
    now = clock.now()
    if row.heard_at and now - row.heard_at < _TELL_EVERY:
        return True
    with transaction.atomic():
        if not _mine(row).update(heard_at=now):
            return False
        outbox.append(events.CandidateChanged(row.id))
    row.heard_at = now
    return True


def _train(row: Candidate, goes_on: Callable[[], bool]) -> None:
    with files.room() as folder:
        path = folder / "candidate.npz"
        header = trainer(examples(row), path, goes_on)
        version = str(header["version"])
        if understanding.open_model(path).version != version:
            raise TrainingFailed("the file does not say the version that its training said")
        _finish(row, header, version, path.read_bytes())


def examples(row: Candidate) -> list[Example]:
    """The accepted corrections as turns of talks, each several times; one talk stays on one side of every split."""
    chosen = Correction.objects.filter(id__in=[UUID(one) for one in row.corrections]).order_by("id")
    return [example for one in chosen for example in [_example(one)] * policy.REPEATED]


def _example(row: Correction) -> Example:
    """What nobody judged is taken as the model found it."""
    context = selectors.context_of(row)
    previous = tuple(PreviousTurn(one.by, one.text) for one in context.previous)  # type: ignore[arg-type]
    turn = Turn(row.text, row.said_at, previous, context.expecting, context.open_matters, context.waited_s)
    return Example(
        turn,
        (Intent(row.intent or row.found_intent),),
        Emotion(row.emotion or row.found_emotion or Emotion.CALM),
        f"use/{row.conversation}",
    )


def _finish(row: Candidate, header: dict[str, Any], version: str, content: bytes) -> None:
    path = files.path_of(version)
    with transaction.atomic():
        if not _mine(row).select_for_update().exists():
            raise Abandoned("another worker goes on with this")
        if Candidate.objects.filter(version=version).exclude(id=row.id).exists():
            _mine(row).update(state=CandidateState.FAILED, token=None, failure=_SAME, finished_at=clock.now())
            outbox.append(events.CandidateChanged(row.id))
            return
        ModelFile.objects.create(candidate=row, content=content)
        _mine(row).update(
            state=CandidateState.READY,
            token=None,
            failure="",
            version=version,
            header=header,
            sha256=files.digest(content),
            size=len(content),
            finished_at=clock.now(),
        )
        outbox.append(events.CandidateChanged(row.id))
    files.write(path, content)


@transaction.atomic
def _failed(row: Candidate, why: str) -> None:
    """Tried again until the tries are used up."""
    last = row.attempts >= policy.ATTEMPTS
    _mine(row).update(
        state=CandidateState.FAILED if last else CandidateState.WAITING,
        token=None,
        failure=why[:500],
        finished_at=clock.now() if last else None,
    )
    outbox.append(events.CandidateChanged(row.id))
