from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from jieli.kernel import laws
from jieli.kernel.models import Deadline, Decision
from jieli.promises.contracts import MadeBy, PromiseState, Step
from jieli.promises.models import Promise, PromiseStep
from jieli.promises.services import DECIDER, DUE


@laws.audit(1, "promises.open_ones_are_watched")
def unwatched() -> Iterator[tuple[object, str]]:
    """Every open promise has the deadline that breaks it."""
    watched = Deadline.objects.filter(kind=DUE, subject=OuterRef("id"))
    rows = Promise.objects.filter(~Exists(watched), state=PromiseState.OPEN).only("id", "what")
    for row in rows.iterator():
        yield row.id, f"the open promise “{row.what[:40]}” has no deadline"


@laws.audit(5, "promises.have_evidence")
def without_evidence() -> Iterator[tuple[object, str]]:
    """A promise that was not typed in by an agent says what it was taken from."""
    rows = Promise.objects.filter(evidence={}).exclude(made_by=MadeBy.AGENT).only("id", "what", "made_by")
    for row in rows.iterator():
        yield row.id, f"the promise “{row.what[:40]}” of the {row.made_by} has no evidence"


@laws.audit(5, "promises.broken_by_a_decision")
def broken_without_reason() -> Iterator[tuple[object, str]]:
    """A promise is broken by a human who said why, or by the deadline's stored decision."""
    decided = Decision.objects.filter(subject=OuterRef("id"), kind="promise.settle")
    said = PromiseStep.objects.filter(promise=OuterRef("id"), step=Step.BROKEN).exclude(
        by=f"system:{DECIDER}"
    )
    rows = Promise.objects.filter(~Exists(decided), ~Exists(said), state=PromiseState.BROKEN)
    for row in rows.only("id", "what").iterator():
        yield row.id, f"nothing says why “{row.what[:40]}” is broken"
