"""Law 4, nothing is invented: facts carry source and age; a silent source gives "unknown, asked, back by", never a guess."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jieli.config.cli import cli
from jieli.conversations import citations
from jieli.conversations.models import Message
from jieli.kernel import laws
from jieli.kernel.actor import SYSTEM
from jieli.knowledge import facade as knowledge
from jieli.knowledge.contracts import NewArticle, Text
from jieli.reception import facade as reception
from jieli.supply import facade as supply
from jieli.supply.contracts import Ask, DemoChange, FactKind, Unknown
from tests.laws.client import Desk
from tests.laws.world import KNOWN_PHONE, TRACKING, WHERE, World

ASKED = "我的快递到哪里了"


def _answer() -> Any:
    return Message.objects.filter(direction="out", author_kind="bot").order_by("-pk")[0]


def test_a_fact_is_told_with_who_vouches_for_it_and_since_when(world: World) -> None:
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    told = _answer()
    assert WHERE in told.text
    facts = [source for source in told.sources if source["kind"] == "fact"]
    assert facts
    assert all(source["version"] == "demo" and source["as_of"] for source in facts)


def test_a_silent_source_gives_no_guess(world: World) -> None:
    """The customer is told that it is unknown, who was asked, and by when; the contact is taken all the same."""
    world.source("silent")
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    assert world.receive() == 1
    told = _answer()
    assert WHERE not in told.text
    assert TRACKING not in told.text
    assert re.search(r"\d{1,2}[:：点]\d{0,2}", told.text), f"no time by which it is known: {told.text}"
    [unknown] = supply.lookup_many([Ask(world.known, FactKind.PARCEL)])
    assert isinstance(unknown, Unknown)
    assert unknown.source
    assert unknown.back_by
    assert unknown.back_by > world.clock.now()
    matter = list(reception.export_contacts())[-1]["matter"]
    assert matter["due_at"]
    assert list(laws.breaches()) == []


def test_what_was_once_known_is_not_told_as_if_it_were_now(world: World) -> None:
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    world.source("silent")
    world.clock.shift(timedelta(hours=20))
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    told = _answer()
    stale = [one for one in told.sources if one["kind"] == "fact" and one["as_of"]]
    assert WHERE not in told.text or stale, "an old place without its age"


def test_somebody_elses_parcel_is_not_told(world: World) -> None:
    world.say("app", "stranger", f"快递 {TRACKING} 到哪里了")
    world.receive()
    assert WHERE not in _answer().text


def test_screens_get_source_and_age_or_the_unknown(world: World) -> None:
    world.hire("lin")
    desk = Desk("lin")
    for plays in ("", "silent"):
        world.source(plays)
        for shown in desk.get(f"/persons/{world.known}/context")["facts"]:
            if plays and shown["unknown"]:
                assert shown["asked"]
                assert shown["reason"]
            for fact in shown["facts"]:
                assert fact["source"] == "demo"
                assert fact["as_of"]
                assert fact["simulated"] is True


def _answered(world: World) -> Any:
    """An answer from a fact, and one from an article, both a while ago."""
    text = Text("怎么退货", "七天内可以退货。", ("怎么退货",))
    knowledge.import_articles(
        SYSTEM, [NewArticle(slug="returns-window", intents=("return_goods",), texts={"zh": text})]
    )
    world.clock.shift(timedelta(hours=1))
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.say("app", "c2", "怎么退货")
    world.receive()
    world.clock.shift(timedelta(hours=1))
    rows = {row.sources[0]["kind"]: row for row in Message.objects.filter(direction="out") if row.sources}
    assert set(rows) == {"fact", "article"}
    return rows


def _forge(row: Any, **changed: str) -> None:
    row.sources = [{**row.sources[0], **changed}]
    row.save()


def _checked() -> str:
    told = CliRunner().invoke(cli, ["check"])
    assert told.exit_code == (1 if list(laws.breaches()) else 0)
    return told.output


FORGERIES: dict[str, Callable[[Any], None]] = {
    "an article that never was": lambda rows: _forge(rows["article"], ref="free-money"),
    "a version that never was": lambda rows: _forge(rows["article"], version="7"),
    "a version without a number": lambda rows: _forge(rows["article"], version=""),
    "a fact that the source does not know": lambda rows: _forge(rows["fact"], ref="parcel:SF000"),
    "a source that nobody set up": lambda rows: _forge(rows["fact"], version="hearsay"),
    "a fact without its age": lambda rows: _forge(rows["fact"], as_of=""),
    "another value": lambda rows: _forge(rows["fact"], seal="0" * 16),
    "a livestream that never was": lambda rows: _forge(rows["fact"], kind="session", ref="LS-NEVER"),
    "a promise that was never made": lambda rows: _forge(rows["fact"], kind="promise", ref="x"),
    "a path that never was": lambda rows: _forge(rows["article"], kind="path", version="1"),
    "the queue of somebody else": lambda rows: _forge(rows["fact"], kind="queue", ref="x"),
    "hearsay": lambda rows: _forge(rows["fact"], kind="rumour"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_check_names_the_answer_that_rests_on(world: World, forgery: str) -> None:
    rows = _answered(world)
    assert list(laws.breaches()) == []
    FORGERIES[forgery](rows)
    [found] = laws.breaches()
    assert found.law == 4
    assert found.subject in {str(row.id) for row in rows.values()}
    assert f"{found.subject}: {found.what}" in _checked()


def test_a_fact_that_has_moved_on_was_quoted_rightly(world: World) -> None:
    _answered(world)
    supply.change_demo([DemoChange(kind=FactKind.PARCEL, key=TRACKING, patch={"state": "out_for_delivery"})])
    assert list(laws.breaches()) == []


def test_a_silent_source_that_was_named_is_no_invention(world: World) -> None:
    world.source("silent")
    world.say("app", "c1", ASKED, phone=KNOWN_PHONE)
    world.receive()
    told = _answer()
    assert [source["kind"] for source in told.sources] == ["asked"]
    assert list(laws.breaches()) == []
    _forge(told, version="hearsay")
    assert [found.subject for found in laws.breaches()] == [str(told.id)]


def test_a_retired_article_could_be_quoted_only_before(world: World) -> None:
    rows = _answered(world)
    [hit] = knowledge.search("怎么退货", limit=1)
    knowledge.retire(SYSTEM, hit.article)
    assert list(laws.breaches()) == []
    Message.objects.filter(pk=rows["article"].pk).update(at=world.clock.now() + timedelta(hours=1))
    [found] = laws.breaches()
    assert "had been retired" in found.what


def test_a_thousand_answers_cost_as_many_queries_as_one(world: World) -> None:
    _answered(world)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert list(citations.unfounded()) == []
        return len(caught)

    few = queries()
    row = Message.objects.filter(direction="out", author_kind="bot").exclude(sources=[])[0]
    copies = [_copy(row, seq) for seq in range(100, 600)]
    Message.objects.bulk_create(copies)
    assert queries() == few


def _copy(row: Any, seq: int) -> Message:
    return Message(
        conversation_id=row.conversation_id,
        seq=seq,
        direction=row.direction,
        author_kind=row.author_kind,
        text=row.text,
        sources=row.sources,
        at=row.at,
    )
