"""Audits of what learning must never let happen."""

from collections.abc import Iterator
from uuid import UUID

from django.db.models import F

from jieli.governance import facade as governance
from jieli.kernel.laws import audit
from jieli.learning import files
from jieli.learning.contracts import PromotionAction
from jieli.learning.models import Correction, LiveModel, ModelFile, Promotion

Found = Iterator[tuple[UUID, str]]


@audit(2, "learning: the live model is kept as it was trained, here and in the database")
def altered_model() -> Found:
    """A machine without a copy is no breach: the next process writes one from the database."""
    row = LiveModel.objects.select_related("candidate").first()
    if row is None or row.candidate is None:
        return
    candidate = row.candidate
    kept = ModelFile.objects.filter(candidate=candidate).first()
    if kept is None:
        yield candidate.id, f"the file of {candidate.version} is gone"
    elif files.digest(bytes(kept.content)) != candidate.sha256:
        yield candidate.id, f"what the database keeps of {candidate.version} is not what was trained"
    path = files.path_of(candidate.version)
    if path.is_file() and files.digest(path.read_bytes()) != candidate.sha256:
        yield candidate.id, f"{path} is not what was trained"


@audit(5, "learning: nobody reviews their own correction")
def own_reviews() -> Found:
    for key in Correction.objects.filter(reviewed_by=F("agent")).values_list("id", flat=True).iterator():
        yield key, "was reviewed by its author"


@audit(5, "learning: a person stands behind every model that was made live")
def nobodys_promotions() -> Found:
    rows = list(Promotion.objects.exclude(action=PromotionAction.REPLACED).order_by("id"))
    known = governance.people(row.by for row in rows if row.by)
    for row in rows:
        if row.by not in known:
            yield row.id, f"{row.after_version} was made live by nobody who is known"
    explained = {row.after_id for row in rows} | set(_replacements())
    live = LiveModel.objects.first()
    if live is not None and live.candidate_id is not None and live.candidate_id not in explained:
        yield live.candidate_id, "is live, but no entry of the history says since when and by whom"


def _replacements() -> Iterator[UUID | None]:
    replaced = Promotion.objects.filter(action=PromotionAction.REPLACED)
    yield from replaced.values_list("after", flat=True)
