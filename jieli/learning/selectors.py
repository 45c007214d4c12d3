"""What people said of the model, as screens show it: a fixed number of queries however many rows."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

import msgspec
from django.db.models import Count, QuerySet

from jieli.governance import facade as governance
from jieli.governance.contracts import PersonOfStaff
from jieli.kernel.actor import Actor
from jieli.learning import policy, turns
from jieli.learning.contracts import (
    Correction,
    CorrectionCounts,
    CorrectionState,
    CorrectionView,
    MessageCorrections,
    Named,
    Pair,
    Spoken,
)
from jieli.learning.models import Correction as Row
from jieli.learning.turns import Decided

_MESSAGES, _PAIRS = 200, 100


class Context(msgspec.Struct):
    """What a correction keeps beside its text; sealed as JSON."""

    previous: tuple[Spoken, ...]
    expecting: str
    open_matters: tuple[str, ...]
    waited_s: float


def context_of(row: Row) -> Context:
    return msgspec.json.decode(row.context, type=Context)


def named(people: Mapping[UUID, PersonOfStaff], who: UUID) -> Named:
    return Named(who, people[who].name if who in people else "")


def wanted(
    actor: Actor, *, state: CorrectionState | None, brand: str, found: str, said: str
) -> "QuerySet[Row]":
    actor.require(policy.REVIEW)
    given = {"state": state, "brand": brand, "found_intent": found, "intent": said}
    return Row.objects.filter(**{name: value for name, value in given.items() if value})


def pairs(actor: Actor, state: CorrectionState | None) -> list[Pair]:
    """Which intents are taken for which, most frequent first."""
    rows = wanted(actor, state=state, brand="", found="", said="").filter(intent_right=False)
    counted = rows.values_list("found_intent", "intent").annotate(times=Count("id"))
    ordered = counted.order_by("-times", "found_intent", "intent")[:_PAIRS]
    return [Pair(found, said, times) for found, said, times in ordered]


def counts(actor: Actor) -> CorrectionCounts:
    actor.require(policy.REVIEW)
    found = dict(Row.objects.values_list("state").annotate(Count("id")).order_by())
    return CorrectionCounts(**{state.value: found.get(state.value, 0) for state in CorrectionState})


def corrections(rows: Sequence[Row], actor: Actor) -> list[CorrectionView]:
    people = governance.people(who for row in rows for who in (row.agent, row.reviewed_by) if who)
    return [_view(row, actor, people) for row in rows]


def _view(row: Row, actor: Actor, people: Mapping[UUID, PersonOfStaff]) -> CorrectionView:
    context = context_of(row)

    def shown(text: str) -> str:
        return governance.reveal_text(actor, text)

    return CorrectionView(
        id=row.id,
        message=row.message_id,
        conversation=row.conversation,
        brand=row.brand,
        text=shown(row.text),
        previous=tuple(Spoken(one.by, shown(one.text)) for one in context.previous),
        expecting=context.expecting,
        open_matters=context.open_matters,
        found_intent=row.found_intent,
        found_emotion=row.found_emotion,
        found_confidence=row.found_confidence,
        model=row.model_version,
        intent=row.intent,
        emotion=row.emotion,
        note=shown(row.note),
        right=_right(row),
        state=CorrectionState(row.state),
        agent=named(people, row.agent),
        at=row.at,
        mine=row.agent == actor.id,
        reviewer=named(people, row.reviewed_by) if row.reviewed_by else None,
        reviewed_at=row.reviewed_at,
        review_note=shown(row.review_note),
    )


def _right(row: Row) -> bool:
    return row.intent_right is not False and row.emotion_right is not False


def of_message(decided: Decided) -> MessageCorrections:
    """What stands beside one message, also when nobody said anything of it yet."""
    rows = list(Row.objects.filter(message_id=decided.message).order_by("-at", "-id"))
    return MessageCorrections(
        message=decided.message,
        conversation=decided.conversation,
        found_intent=decided.intent,
        found_emotion=decided.emotion,
        found_confidence=decided.confidence,
        model=decided.model,
        corrections=_said(rows, governance.people(row.agent for row in rows)),
    )


def seen_by(actor: Actor, message: UUID) -> MessageCorrections:
    return of_message(turns.seen_by(actor, message))


def of_conversation(actor: Actor, conversation: UUID) -> list[MessageCorrections]:
    """Beside every message of a conversation that somebody judged; the newest 200."""
    turns.require_sees(actor, conversation)
    return judged(Row.objects.filter(conversation=conversation).order_by("-at", "-id")[:_MESSAGES])


def by_messages(messages: Iterable[UUID]) -> list[MessageCorrections]:
    return judged(Row.objects.filter(message_id__in=list(messages)).order_by("-at", "-id"))


def judged(rows: Iterable[Row]) -> list[MessageCorrections]:
    by_message: dict[UUID, list[Row]] = {}
    for row in rows:
        by_message.setdefault(row.message_id, []).append(row)
    people = governance.people(row.agent for own in by_message.values() for row in own)
    return [
        MessageCorrections(
            message=message,
            conversation=own[0].conversation,
            found_intent=own[0].found_intent,
            found_emotion=own[0].found_emotion,
            found_confidence=own[0].found_confidence,
            model=own[0].model_version,
            corrections=_said(own, people),
        )
        for message, own in by_message.items()
    ]


def _said(rows: Sequence[Row], people: Mapping[UUID, PersonOfStaff]) -> tuple[Correction, ...]:
    return tuple(
        Correction(
            id=row.id,
            agent=named(people, row.agent),
            intent=row.intent,
            emotion=row.emotion,
            right=_right(row),
            state=CorrectionState(row.state),
            at=row.at,
        )
        for row in rows
    )
