"""What agents say of what the model found: corrections and confirmations, one word of each agent on each message."""

from uuid import UUID

import msgspec
from django.db import transaction

from jieli.conversations.events import UnderstandingCorrected
from jieli.governance import facade as governance
from jieli.kernel import clock, outbox
from jieli.kernel.actor import Actor
from jieli.learning import events, policy, selectors, turns
from jieli.learning.contracts import MessageCorrections
from jieli.learning.models import Correction
from jieli.learning.turns import Decided
from jieli.understanding.contracts import Emotion, Intent

_SAID = ("intent", "emotion", "note")


@transaction.atomic
def correct(actor: Actor, *, message: UUID, intent: str, emotion: str, note: str) -> MessageCorrections:
    """Store what the actor says, or what he or she now says instead; repeating it changes nothing."""
    agent = policy.require_person(actor)
    policy.require_judgement(intent, emotion)
    decided = turns.seen_by(actor, message)
    if _say(agent, decided, intent=intent, emotion=emotion, note=note):
        detail = {"intent": intent, "emotion": emotion, "model": decided.model}
        governance.audit(actor, "message.correct", "message", message, detail)
    return selectors.of_message(decided)


def _say(agent: UUID, decided: Decided, **said: str) -> bool:
    """True when this is news."""
    judged = _judged(decided, said)
    row, new = Correction.objects.select_for_update().get_or_create(
        message_id=decided.message, agent=agent, defaults={**_as_it_was(decided), **judged}
    )
    if not new:
        if all(getattr(row, name) == said[name] for name in _SAID):
            return False
        Correction.objects.filter(id=row.id).update(
            **judged, reviewed_by=None, reviewed_at=None, review_note=""
        )
    outbox.append(events.MessageCorrected(decided.message, decided.conversation))
    return True


def _judged(decided: Decided, said: dict[str, str]) -> dict[str, object]:
    intent_right = policy.is_right(said["intent"], decided.intent)
    emotion_right = policy.is_right(said["emotion"], decided.emotion)
    return {
        **said,
        "intent_right": intent_right,
        "emotion_right": emotion_right,
        "state": policy.state_of(intent_right, emotion_right),
        "at": clock.now(),
    }


def _as_it_was(decided: Decided) -> dict[str, object]:
    turn = decided.turn
    return {
        "conversation": decided.conversation,
        "decision": decided.decision,
        "brand": decided.brand,
        "text": turn.text,
        "context": msgspec.json.encode(
            {
                "previous": turn.previous,
                "expecting": turn.expecting,
                "open_matters": turn.open_matters,
                "waited_s": turn.waited_s,
            }
        ).decode(),
        "said_at": turn.at,
        "model_version": decided.model,
        "found_intent": decided.intent,
        "found_emotion": decided.emotion,
        "found_confidence": decided.confidence,
    }


@outbox.on(UnderstandingCorrected)
def corrected_on_the_card(event: UnderstandingCorrected) -> None:
    """Correcting a conversation says the same of its last message; what the agent left as it was is no judgement."""
    decided = turns.of_decision(event.decision) if event.decision else None
    if decided is None or event.by is None:
        return
    intent = event.intent if event.intent in set(Intent) else ""
    emotion = event.emotion if event.emotion in set(Emotion) else ""
    changed = {
        "intent": intent if intent != decided.intent else "",
        "emotion": emotion if emotion != decided.emotion else "",
    }
    if any(changed.values()):
        _say(event.by, decided, **changed, note="")
