"""Candidates beside the live model, and the history of what was live, as screens show them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import QuerySet

from jieli.governance import facade as governance
from jieli.kernel.actor import Actor
from jieli.learning import candidates, live, policy, promoting, selectors, watching
from jieli.learning.contracts import (
    CandidateDetail,
    CandidateState,
    Fallback,
    LiveView,
    ModelShort,
    PromotionAction,
    PromotionView,
    ShadowExample,
    ShadowPair,
    ShadowReport,
)
from jieli.learning.models import Candidate, LiveModel, Promotion

_PAIRS = 100


def detail(actor: Actor, candidate: UUID) -> CandidateDetail:
    actor.require(policy.REVIEW)
    row = candidates.one(candidate)
    shown, answering = candidates.views([row])[0], _short(_live())
    return CandidateDetail(
        shown, answering, policy.compared(shown.figures, answering.figures), _shadow(actor, row)
    )


def shadow(actor: Actor, candidate: UUID) -> ShadowReport:
    actor.require(policy.REVIEW)
    return _shadow(actor, candidates.one(candidate))


def _shadow(actor: Actor, row: Candidate) -> ShadowReport:
    counted = row.shadow_counts.order_by("-times", "id")[:_PAIRS]
    newest = row.shadow_differences.order_by("-id")[: policy.SHADOW_KEPT]
    return ShadowReport(
        running=row.state == CandidateState.SHADOW,
        since=row.shadow_since,
        read=row.shadow_read,
        differing=row.shadow_differing,
        pairs=tuple(ShadowPair(one.kind, one.live, one.found, one.times) for one in counted),
        examples=tuple(
            ShadowExample(
                message=one.message,
                text=governance.reveal_text(actor, one.text),
                live_intent=one.live_intent,
                live_confidence=one.live_confidence,
                candidate_intent=one.found_intent,
                candidate_confidence=one.found_confidence,
                live_emotion=one.live_emotion,
                candidate_emotion=one.found_emotion,
                at=one.at,
            )
            for one in newest
        ),
    )


def live_model(actor: Actor) -> LiveView:
    """Which model answers, how often it was right, and what a roll-back leads to."""
    actor.require(policy.REVIEW)
    row = _live()
    short = _short(row)
    judged = watching.judged(short.version)
    return LiveView(
        version=short.version,
        shipped=short.shipped,
        candidate=row.candidate_id if row else None,
        since=row.at if row else None,
        figures=short.figures,
        accuracy=judged.accuracy,
        judged=judged.turns,
        judged_needed=policy.JUDGED_NEEDED,
        floor=policy.FLOOR,
        fallback=_fallback(row),
    )


def _live() -> LiveModel | None:
    return LiveModel.objects.select_related("candidate").first()


def _short(row: LiveModel | None) -> ModelShort:
    if row and row.candidate:
        return ModelShort(row.candidate.version, False, candidates.figures_of(row.candidate.header))
    return ModelShort(live.shipped_version(), True, candidates.figures_of(live.shipped_header()))


def _fallback(row: LiveModel | None) -> Fallback | None:
    if row is None or row.candidate is None:
        return None
    before = promoting.before(row.candidate)
    return Fallback(promoting.version_of(before), before is None)


def history(actor: Actor) -> "QuerySet[Promotion]":
    actor.require(policy.REVIEW)
    return Promotion.objects.all()


def promotions(rows: Sequence[Promotion]) -> list[PromotionView]:
    people = governance.people(row.by for row in rows if row.by)
    return [
        PromotionView(
            id=row.id,
            at=row.at,
            action=PromotionAction(row.action),
            before=row.before_version,
            after=row.after_version,
            by=selectors.named(people, row.by) if row.by else None,
            why=row.why,
            accuracy=row.accuracy,
        )
        for row in rows
    ]


def promotions_by_id(ids: Iterable[UUID]) -> dict[UUID, PromotionView]:
    return {view.id: view for view in promotions(list(Promotion.objects.filter(id__in=list(ids))))}
