"""The door of learning: what people say of the model, and the models trained from it."""

from uuid import UUID

from jieli.kernel.actor import Actor
from jieli.kernel.capabilities import capability
from jieli.learning import candidates, correcting, policy, promoting, reviewing, selectors, showing
from jieli.learning.contracts import (
    Brand,
    CandidateView,
    CorrectionState,
    CorrectionView,
    LiveView,
    MessageCorrections,
    Note,
    Why,
)
from jieli.understanding.contracts import Emotion, Intent

corrections_of = selectors.of_conversation
live_model = showing.live_model
detail = showing.detail
shadow_report = showing.shadow


@capability("learning.correct", permission=policy.CORRECT, rest="POST /messages/{message}/correction")
def correct(
    actor: Actor,
    *,
    message: UUID,
    intent: Intent | None = None,
    emotion: Emotion | None = None,
    note: Note = "",
) -> MessageCorrections:
    """Say what a customer's message means; what the model said already is a confirmation."""
    return correcting.correct(
        actor, message=message, intent=intent or "", emotion=emotion or "", note=note.strip()
    )


@capability("learning.correction", permission=policy.READ, rest="GET /messages/{message}/correction")
def correction(actor: Actor, *, message: UUID) -> MessageCorrections:
    """What the model found in a message, and what colleagues said of that."""
    return selectors.seen_by(actor, message)


@capability(
    "learning.accept", permission=policy.REVIEW, rest="POST /learning/corrections/{correction}/accept"
)
def accept(actor: Actor, *, correction: UUID, note: Note = "") -> CorrectionView:
    """Let the next model learn from a colleague's correction."""
    return reviewing.review(actor, correction=correction, state=CorrectionState.ACCEPTED, note=note)


@capability(
    "learning.reject", permission=policy.REVIEW, rest="POST /learning/corrections/{correction}/reject"
)
def reject(actor: Actor, *, correction: UUID, note: Note = "") -> CorrectionView:
    """Keep a colleague's correction out of what models learn from."""
    return reviewing.review(actor, correction=correction, state=CorrectionState.REJECTED, note=note)


@capability("learning.ask", permission=policy.REVIEW, rest="POST /learning/candidates")
def ask(actor: Actor, *, brand: Brand = "") -> CandidateView:
    """Ask for a model trained from the corpus and the accepted corrections; a worker trains it within minutes."""
    return candidates.ask(actor, brand=brand)


@capability("learning.shadow", permission=policy.REVIEW, rest="POST /learning/candidates/{candidate}/shadow")
def run_along(actor: Actor, *, candidate: UUID) -> CandidateView:
    """Let a candidate read new turns beside the live model, without any effect on answers."""
    return candidates.run_along(actor, candidate=candidate)


@capability(
    "learning.end_shadow", permission=policy.REVIEW, rest="POST /learning/candidates/{candidate}/end-shadow"
)
def end_run(actor: Actor, *, candidate: UUID) -> CandidateView:
    """No longer let a candidate read along; what was counted stays."""
    return candidates.end_run(actor, candidate=candidate)


@capability(
    "learning.promote", permission=policy.REVIEW, rest="POST /learning/candidates/{candidate}/promote"
)
def promote(actor: Actor, *, candidate: UUID, why: Why) -> LiveView:
    """Make a candidate the model that understands customers."""
    promoting.promote(actor, candidate=candidate, why=why)
    return showing.live_model(actor)


@capability("learning.roll_back", permission=policy.REVIEW, rest="POST /learning/live/roll-back")
def roll_back(actor: Actor, *, why: Why) -> LiveView:
    """Go back to the model that was live before."""
    promoting.roll_back(actor, why=why)
    return showing.live_model(actor)
