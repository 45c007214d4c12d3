"""REST: what the bot would say, for those who write articles and paths."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from jieli.bot import facade
from jieli.bot.contracts import BotMove, BotTurn
from jieli.kernel import clock
from jieli.kernel.http import actor_of
from jieli.kernel.ids import new_id
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Finding, PreviousTurn, Turn

router = Router(tags=["bot"])
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", min_length=1, max_length=1000)]


class PreviewIn(Schema):
    """What a customer might write, message by message; `locale` zh or en."""

    texts: Annotated[list[Text], Field(min_length=1, max_length=10)]
    locale: Annotated[str, StringConstraints(pattern="^(zh|en)")] = "zh"


class Preview(Schema):
    """What the bot understood and would do; nobody's facts are asked, so facts are missing."""

    text: str
    finding: Finding
    move: BotMove


@router.post("/bot-previews", response=list[Preview], operation_id="bot_preview")
def preview(request: HttpRequest, body: PreviewIn) -> list[Preview]:
    """Try articles and paths: one answer per message, each remembering the ones before."""
    actor_of(request).require("knowledge.read")
    made: list[Preview] = []
    for text in body.texts:
        made.append(_next(text, body.locale, made))
    return made


def _next(text: str, locale: str, before: list[Preview]) -> Preview:
    dialogue = before[-1].move.dialogue if before else facade.dialogue_of(None)
    said = [
        turn
        for one in before
        for turn in (PreviousTurn("customer", one.text), PreviousTurn("bot", one.move.text))
    ]
    now = clock.now()
    heard = Turn(text, at=now, previous=tuple(said), expecting=facade.expecting(dialogue))
    finding = understanding.understand([heard])[0]
    turn = BotTurn(
        person=new_id(),
        conversation=new_id(),
        text=text,
        finding=finding,
        now=now,
        locale=locale,
        previous=tuple(said),
        dialogue=dialogue,
    )
    return Preview(text=text, finding=finding, move=facade.answer_many([turn])[0])
