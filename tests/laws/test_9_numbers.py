"""Law 9, every number drills down: each figure on the desk opens exactly the rows that it was counted from."""

from datetime import timedelta
from uuid import UUID

from jieli.conversations import facade as conversations
from jieli.reception import facade as reception
from jieli.relay import facade as relay
from jieli.routing import facade as routing
from jieli.tickets import facade as tickets
from tests.laws.client import Desk
from tests.laws.world import World


def _busy(world: World) -> None:
    """Ten talks in every state that there is a view for."""
    agent = world.hire("lin", role="supervisor", skills=("logistics",))
    for number, text in enumerate(
        ["转人工", "你好", "骗子！我要投诉到12315！！！", "我的快递到哪里了", "转人工"] * 2
    ):
        world.say("app", f"c{number}", text)
        world.receive()
    world.work()
    talks = [UUID(line["conversation"]) for line in reception.export_contacts()]
    conversations.reply(agent, conversation=talks[0], text="您好")
    conversations.close(agent, conversation=talks[1])
    relay.escalate(agent, talks[-1], "等太久")
    tickets.open_ticket(agent, title="回电", severity=1, conversation=talks[3])
    tickets.open_ticket(agent, title="补发", severity=3)
    world.work()
    world.clock.shift(timedelta(seconds=40))


def test_each_view_holds_as_many_as_it_counts(world: World) -> None:
    _busy(world)
    desk = Desk("lin")
    counts = desk.get("/conversations/counts")
    assert counts["all"] == 9
    assert sum(counts.values()) > 9
    for view, count in counts.items():
        rows = [row["id"] for row in desk.rows("/conversations", view=view)]
        assert len(rows) == len(set(rows)) == count, view
    everything = {row["id"] for row in desk.rows("/conversations", view="all")}
    for view in counts:
        assert {row["id"] for row in desk.rows("/conversations", view=view)} <= everything


def test_each_queue_holds_as_many_as_it_counts(world: World) -> None:
    _busy(world)
    desk = Desk("lin")
    waiting = [row["holder"]["id"] for row in desk.rows("/conversations", view="queue")]
    queues = desk.get("/queues")
    assert sum(queue["waiting"] for queue in queues) == len(waiting) > 0
    for queue in queues:
        assert queue["waiting"] == waiting.count(queue["code"]), queue["code"]


def test_each_seat_has_the_load_that_it_shows(world: World) -> None:
    _busy(world)
    desk = Desk("lin")
    for seat in desk.get("/agents"):
        rows = [row for row in desk.rows("/conversations", view="all") if row["assignee"] == seat["agent"]]
        assert seat["load"] == len(rows)
    assert sum(queue["seats"] for queue in desk.get("/queues")) >= len(routing.all_seats())


def test_each_ticket_count_opens_its_tickets(world: World) -> None:
    _busy(world)
    desk = Desk("lin")
    counts = desk.get("/ticket-counts")
    for stage, count in counts["by_stage"].items():
        assert count == len(desk.get("/tickets", stage=stage)["items"]), stage
    for severity, count in counts["by_severity"].items():
        found = desk.get("/tickets", severity=int(severity), open="true")["items"]
        assert count == len(found), severity
