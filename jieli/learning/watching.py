"""How often people say that the live model was right; one that is too often wrong gives way to the one before it."""

import logging
from datetime import timedelta

from django.db import transaction

from jieli.kernel import clock, deadlines
from jieli.kernel.actor import SYSTEM
from jieli.learning import policy, promoting
from jieli.learning.contracts import CorrectionState, PromotionAction
from jieli.learning.models import Candidate, Correction, LiveModel

log = logging.getLogger(__name__)
_EVERY = timedelta(minutes=1)


def judged(version: str) -> policy.Judged:
    """What people said of the newest turns that a model decided; what a reviewer rejected does not count."""
    rows = (
        Correction.objects.filter(model_version=version, intent_right__isnull=False)
        .exclude(state=CorrectionState.REJECTED)
        .order_by("-at", "-id")
        .values_list("message", "intent_right")
    )
    return policy.judged((message, bool(right)) for message, right in rows.iterator(chunk_size=500))


@deadlines.every(_EVERY, "learning.watch")
def watch() -> None:
    """Takes a candidate out of service once: whoever makes it live again after that answers for it."""
    row = LiveModel.objects.select_related("candidate").first()
    if row is None or row.candidate is None or row.candidate.replaced_at:
        return
    found = judged(row.candidate.version)
    if found.too_low:
        _replace(row.candidate, found)


@transaction.atomic
def _replace(candidate: Candidate, found: policy.Judged) -> None:
    held = promoting.held_if_live(candidate.id)
    if held is None:
        return
    Candidate.objects.filter(id=candidate.id).update(replaced_at=clock.now())
    why = f"right in {found.right} of the {found.turns} newest turns that people judged"
    after = promoting.before(candidate)
    promoting.put(SYSTEM, held, after, PromotionAction.REPLACED, by=None, why=why, accuracy=found.accuracy)
    log.error("%s was %s; %s answers instead", candidate.version, why, promoting.version_of(after))
