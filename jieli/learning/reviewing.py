"""Colleagues decide which corrections the next model learns from."""

from uuid import UUID

from django.db import transaction

from jieli.governance import facade as governance
from jieli.kernel import clock, outbox
from jieli.kernel.actor import Actor
from jieli.kernel.errors import NotFound
from jieli.learning import events, policy, selectors
from jieli.learning.contracts import CorrectionState, CorrectionView
from jieli.learning.models import Correction


@transaction.atomic
def review(actor: Actor, *, correction: UUID, state: CorrectionState, note: str) -> CorrectionView:
    """Accept or reject; deciding differently later is allowed, and changes the models trained after that only."""
    reviewer = policy.require_person(actor)
    row = Correction.objects.select_for_update().filter(id=correction).first()
    if row is None:
        raise NotFound
    policy.require_may_review(reviewer, row.agent, CorrectionState(row.state))
    row.state, row.review_note = state, note
    row.reviewed_by, row.reviewed_at = reviewer, clock.now()
    row.save(update_fields=["state", "review_note", "reviewed_by", "reviewed_at"])
    governance.audit(actor, f"correction.{state}", "correction", row.id, {"intent": row.intent})
    outbox.append(
        events.CorrectionReviewed(row.id, state), events.MessageCorrected(row.message_id, row.conversation)
    )
    return selectors.corrections([row], actor)[0]
