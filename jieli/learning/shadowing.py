"""A candidate reads along: newest customers' turns through it and through the live model, on the same ground, off the way of
any answer. What they understand differently is counted, and the newest examples are kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from jieli.kernel import clock, leases, outbox, worker
from jieli.kernel.ids import new_id
from jieli.kernel.worker import Loop
from jieli.learning import candidates, events, files, live, policy, turns
from jieli.learning.contracts import CandidateState
from jieli.learning.files import Model
from jieli.learning.models import Candidate, ShadowCount, ShadowDifference
from jieli.learning.turns import Decided
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Finding

_IDLE_S = 5.0
_TTL = timedelta(seconds=30)


class Shadow:
    """The loop of one worker; it keeps the model that it opened."""

    def __init__(self) -> None:
        self._lease = leases.Kept("learning.shadow", new_id(), ttl=_TTL)
        self._model: Model | None = None

    def turn(self) -> int:
        """It rests after every look, so that of very many turns it reads a sample: the newest."""
        self.read_on()
        return 0

    def read_on(self) -> int:
        """Read what came since the last time; returns how many turns."""
        row = Candidate.objects.filter(state=CandidateState.SHADOW).first()
        if row is None or not self._lease.mine():
            self._model = None
            return 0
        found = turns.newest(row.shadow_seen, limit=policy.SHADOW_AT_ONCE)
        if not found:
            return 0
        if self._model is None or self._model.version != row.version:
            self._model = files.opened(row)
        _note(row, found, understanding.understand([one.turn for one in found]), _read(self._model, found))
        return len(found)


@worker.register
def loops() -> list[Loop]:
    return [Loop("learning.shadow", Shadow().turn, candidates.WAKE, _IDLE_S)]


def _read(model: Model, found: Sequence[Decided]) -> list[Finding]:
    with live.answered_by(model):
        return understanding.understand([one.turn for one in found])


@transaction.atomic
def _note(
    row: Candidate, found: Sequence[Decided], told: Sequence[Finding], other: Sequence[Finding]
) -> None:
    differing = [(one, a, b) for one, a, b in zip(found, told, other, strict=True) if _kinds(a, b)]
    running = Candidate.objects.filter(id=row.id, state=CandidateState.SHADOW, shadow_seen=row.shadow_seen)
    if not running.update(
        shadow_seen=found[-1].message,
        shadow_read=F("shadow_read") + len(found),
        shadow_differing=F("shadow_differing") + len(differing),
    ):
        return  # it was ended, or begun anew, meanwhile
    _count(row, Counter(pair for _, a, b in differing for pair in _kinds(a, b)))
    ShadowDifference.objects.bulk_create([_difference(row, *one) for one in differing])
    _forget(row)
    outbox.append(events.CandidateChanged(row.id))


def _kinds(a: Finding, b: Finding) -> list[tuple[str, str, str]]:
    """(kind, live, candidate) of what differs."""
    sides = (("intent", a.intent, b.intent), ("emotion", a.emotion.emotion, b.emotion.emotion))
    return [(kind, one.value, other.value) for kind, one, other in sides if one != other]


def _count(row: Candidate, pairs: "Counter[tuple[str, str, str]]") -> None:
    for (kind, one, other), times in sorted(pairs.items()):
        counted, _ = ShadowCount.objects.get_or_create(candidate=row, kind=kind, live=one, found=other)
        ShadowCount.objects.filter(id=counted.id).update(times=F("times") + times)


def _difference(row: Candidate, one: Decided, told: Finding, other: Finding) -> ShadowDifference:
    return ShadowDifference(
        candidate=row,
        message=one.message,
        text=one.turn.text,
        live_intent=told.intent,
        live_confidence=round(told.confidence, 4),
        live_emotion=told.emotion.emotion,
        found_intent=other.intent,
        found_confidence=round(other.confidence, 4),
        found_emotion=other.emotion.emotion,
        at=clock.now(),
    )


def _forget(row: Candidate) -> None:
    kept = ShadowDifference.objects.filter(candidate=row).order_by("-id")
    oldest = kept.values_list("id", flat=True)[policy.SHADOW_KEPT - 1 : policy.SHADOW_KEPT].first()
    if oldest is not None:
        ShadowDifference.objects.filter(candidate=row, id__lt=oldest).delete()
