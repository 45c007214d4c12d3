from collections.abc import Iterator

from jieli.kernel.doctor import Finding, Health, examines
from jieli.learning import files, live
from jieli.learning.contracts import CandidateState, PromotionAction
from jieli.learning.models import Candidate, LiveModel, Promotion
from jieli.understanding.errors import ModelUnusable


@examines
def live_model() -> Iterator[Finding]:
    row = LiveModel.objects.select_related("candidate").first()
    if row is None or row.candidate is None:
        yield Finding(Health.OK, f"Messages are understood by the shipped model, {live.shipped_version()}.")
        return
    try:
        files.opened(row.candidate)
    except (ModelUnusable, OSError) as error:
        mend = "Roll back to the model before (learning, live model), and train this one anew."
        yield Finding(Health.BROKEN, f"The live model cannot be read: {error}", mend)
        return
    yield Finding(Health.OK, f"Messages are understood by {row.candidate.version}, which people made live.")


@examines
def replaced() -> Iterator[Finding]:
    last = Promotion.objects.order_by("-id").first()
    if last and last.action == PromotionAction.REPLACED:
        what = f"{last.before_version} was taken out of service: {last.why}."
        mend = "Review the newest corrections, train a candidate from them, and make a better model live."
        yield Finding(Health.WARNING, what, mend)


@examines
def failed() -> Iterator[Finding]:
    newest = Candidate.objects.order_by("-id").first()
    if newest and newest.state == CandidateState.FAILED:
        yield Finding(
            Health.WARNING,
            f"The newest candidate was not trained: {newest.failure}",
            "Mend what it names, then ask for another candidate.",
        )
