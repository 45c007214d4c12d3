"""Which model is live: exactly one, changed by people, or by the watch where it is too often wrong."""

from uuid import UUID

from django.db import transaction

from jieli.governance import facade as governance
from jieli.kernel import clock, outbox
from jieli.kernel.actor import Actor
from jieli.kernel.ids import new_id
from jieli.learning import candidates, events, live, policy
from jieli.learning.contracts import CandidateState, PromotionAction
from jieli.learning.errors import AlreadyLive, NothingToRollBack
from jieli.learning.models import Candidate, LiveModel, Promotion


@transaction.atomic
def promote(actor: Actor, *, candidate: UUID, why: str) -> None:
    """Make a candidate live; every process follows within seconds."""
    person = policy.require_person(actor)
    held = _held()
    row = candidates.locked(candidate)
    if held.candidate_id == row.id:
        raise AlreadyLive
    policy.require_promotable(candidates.state_of(row))
    if row.state == CandidateState.SHADOW:
        row.state = CandidateState.READY
        row.save(update_fields=["state"])
    put(actor, held, row, PromotionAction.PROMOTED, by=person, why=why)


@transaction.atomic
def roll_back(actor: Actor, *, why: str) -> None:
    """Back to the model before; at last to the shipped one."""
    person = policy.require_person(actor)
    held = _held()
    if held.candidate is None:
        raise NothingToRollBack
    put(actor, held, before(held.candidate), PromotionAction.ROLLED_BACK, by=person, why=why)


def put(
    actor: Actor,
    held: LiveModel,
    after: Candidate | None,
    action: PromotionAction,
    *,
    by: UUID | None,
    why: str,
    accuracy: float | None = None,
) -> None:
    """Change the live model in the caller's transaction, which holds its row."""
    earlier = held.candidate
    held.candidate, held.stamp, held.at = after, new_id(), clock.now()
    held.save()
    entry = Promotion.objects.create(
        at=held.at,
        action=action,
        before=earlier,
        after=after,
        before_version=version_of(earlier),
        after_version=version_of(after),
        by=by,
        why=why,
        accuracy=accuracy,
    )
    detail = {"before": entry.before_version, "after": entry.after_version, "why": why, "accuracy": accuracy}
    governance.audit(actor, f"model.{action}", "model", entry.id, detail)
    changed = [events.CandidateChanged(row.id) for row in (earlier, after) if row]
    outbox.append(events.ModelChanged(entry.id, action), *changed)


def held_if_live(candidate: UUID) -> LiveModel | None:
    """The row of the live model, locked, if this is still the one."""
    return (
        LiveModel.objects.select_for_update(of=("self",))
        .select_related("candidate")
        .filter(candidate=candidate)
        .first()
    )


def _held() -> LiveModel:
    LiveModel.objects.get_or_create(id=1, defaults={"stamp": new_id(), "at": clock.now()})
    return LiveModel.objects.select_for_update(of=("self",)).select_related("candidate").get(id=1)


def before(row: Candidate) -> Candidate | None:
    """What the live model gives way to; None is the shipped one."""
    promoted = Promotion.objects.filter(action=PromotionAction.PROMOTED).order_by("-id")
    known = [(after, earlier) for after, earlier in promoted.values_list("after", "before") if after]
    distrusted = frozenset(Candidate.objects.exclude(replaced_at=None).values_list("id", flat=True))
    found = policy.fallback(row.id, known, distrusted)
    return Candidate.objects.get(id=found) if found else None


def version_of(row: Candidate | None) -> str:
    return row.version if row else live.shipped_version()
