"""REST: corrections beside messages, and /learning for those who review."""

from typing import Annotated, Any
from uuid import UUID

from annotated_types import Interval, MaxLen
from django.http import HttpRequest
from ninja import Query, Router, Schema

from jieli.kernel import capabilities, http
from jieli.learning import candidates, facade, policy, selectors, showing
from jieli.learning.contracts import (
    Brand,
    CandidateDetail,
    CandidateView,
    CorrectionCounts,
    CorrectionState,
    CorrectionView,
    LiveView,
    MessageCorrections,
    Pair,
    PromotionView,
    ShadowReport,
)
from jieli.learning.models import Candidate
from jieli.understanding.contracts import Intent

router = Router(tags=["learning"])
Cursor = Annotated[str, MaxLen(60)]


class CorrectionFilter(Schema):
    state: CorrectionState | None = None
    brand: Brand = ""
    found: Intent | None = None
    said: Intent | None = None
    cursor: Cursor = ""
    limit: Annotated[int, Interval(ge=1, le=100)] = http.PAGE


@router.get(
    "/conversations/{conversation}/corrections",
    response=list[MessageCorrections],
    operation_id="learning_corrections_of_conversation",
)
def corrections_of(request: HttpRequest, conversation: UUID) -> list[MessageCorrections]:
    """What colleagues said of the model, beside each message of a conversation that somebody judged."""
    actor = http.actor_of(request)
    actor.require(policy.READ)
    return facade.corrections_of(actor, conversation)


@router.get(
    "/learning/corrections", response=http.Page[CorrectionView], operation_id="learning_corrections_list"
)
def corrections(request: HttpRequest, wanted: Query[CorrectionFilter]) -> dict[str, Any]:
    """Corrections and confirmations, newest first."""
    actor = http.actor_of(request)
    rows = selectors.wanted(
        actor, state=wanted.state, brand=wanted.brand, found=wanted.found or "", said=wanted.said or ""
    )
    return http.page(
        rows, wanted.cursor, lambda found: selectors.corrections(found, actor), limit=wanted.limit
    )


@router.get("/learning/pairs", response=list[Pair], operation_id="learning_pairs")
def pairs(request: HttpRequest, state: CorrectionState | None = None) -> list[Pair]:
    """Which intents are taken for which, most frequent first."""
    return selectors.pairs(http.actor_of(request), state)


@router.get("/learning/counts", response=CorrectionCounts, operation_id="learning_counts")
def counts(request: HttpRequest) -> CorrectionCounts:
    """How many corrections are in each state."""
    return selectors.counts(http.actor_of(request))


@router.get(
    "/learning/candidates", response=http.Page[CandidateView], operation_id="learning_candidates_list"
)
def listed(request: HttpRequest, cursor: Cursor = "") -> dict[str, Any]:
    """Models that were asked for, newest first."""
    http.actor_of(request).require(policy.REVIEW)
    return http.page(Candidate.objects.all(), cursor, candidates.views)


@router.get(
    "/learning/candidates/{candidate}", response=CandidateDetail, operation_id="learning_candidates_get"
)
def detail(request: HttpRequest, candidate: UUID) -> CandidateDetail:
    """A candidate beside the live model."""
    return facade.detail(http.actor_of(request), candidate)


@router.get(
    "/learning/candidates/{candidate}/shadow",
    response=ShadowReport,
    operation_id="learning_shadow_report",
)
def shadow(request: HttpRequest, candidate: UUID) -> ShadowReport:
    """What a candidate would have understood differently."""
    return facade.shadow_report(http.actor_of(request), candidate)


@router.get("/learning/live", response=LiveView, operation_id="learning_live")
def live(request: HttpRequest) -> LiveView:
    """Which model answers now, and how often people said that it was right."""
    return facade.live_model(http.actor_of(request))


@router.get(
    "/learning/promotions", response=http.Page[PromotionView], operation_id="learning_promotions_list"
)
def promotions(request: HttpRequest, cursor: Cursor = "") -> dict[str, Any]:
    """Every change of the live model, newest first."""
    rows = showing.history(http.actor_of(request))
    return http.page(rows, cursor, showing.promotions)


capabilities.mount(router, of="jieli.learning")
