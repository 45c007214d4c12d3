"""The main job: inbox rows in, work out. Claim → identify → understand → gather → decide → write."""

import logging
from collections.abc import Sequence
from dataclasses import replace

from django.db import DatabaseError

from jieli.channels import facade as channels
from jieli.channels.contracts import InboxItem
from jieli.kernel.errors import Conflict
from jieli.reception import gather, holding, policy, recording, words
from jieli.reception.contracts import Action, Case, Plan
from jieli.routing import facade as routing

log = logging.getLogger(__name__)

BATCH = 500
_TRIES = 3


def handle(lanes: Sequence[int]) -> int:
    """Handle what waits in these lanes; returns how many messages were handled."""
    items = channels.claim_inbox(lanes, BATCH)
    if not items:
        return 0
    done = _handled(items)
    return _search(lanes, len(items)) if done is None else done


def _handled(items: Sequence[InboxItem]) -> int | None:
    """None when nothing of them was kept, because something broke."""
    if len(items) == 1:
        return _handle_alone(items[0])
    try:
        return _handle(items)
    except (Conflict, DatabaseError) as error:
        log.warning("a batch of %d is split: %s", len(items), error)
    except Exception:  # a process edge: one bad message must not stop the others
        log.exception("a batch of %d is split", len(items))
    return None


def _search(lanes: Sequence[int], left: int) -> int:
    """Something among the oldest `left` messages breaks their batch. Smaller and smaller ones find it, oldest first,
    so that each sender's order stays and the others lose little time."""
    done, size = 0, max(left // 2, 1)
    while left > 0 and (items := channels.claim_inbox(lanes, min(size, left))):
        moved = _handled(items)
        if moved is None and len(items) > 1:
            size = len(items) // 2
            continue
        left -= len(items)
        done += moved or 0
        size = left if moved is None else size
    return done


def _handle(items: Sequence[InboxItem]) -> int:
    cases = gather.cases(items)
    _decide(cases)
    return recording.record(cases)


def _decide(cases: Sequence[Case]) -> None:
    known = routing.queues()
    for case in cases:
        plan = policy.plan(case)
        if plan.enqueue is not None:
            plan = replace(
                plan, enqueue=replace(plan.enqueue, queue=routing.queue_for(plan.enqueue.skill, known))
            )
        case.plan = plan
    _tell_places([case for case in cases if case.plan and case.plan.enqueue])


def _tell_places(cases: Sequence[Case]) -> None:
    """Customers who join a queue are told where they stand and how long it takes."""
    if not cases:
        return
    foreseen = routing.foreseen([holding.wanted(case) for case in cases])
    for case in cases:
        case.place = foreseen[case.conversation]
        plan = case.plan
        if plan and plan.text and plan.action is Action.HAND_OVER:
            locale = case.turn.locale if case.turn else "zh"
            case.plan = replace(plan, text=f"{plan.text}\n{words.place(case.place, locale)}")


def _handle_alone(item: InboxItem) -> int | None:
    """What cannot be decided goes to a person unread; what cannot even be written waits (None)."""
    try:
        if item.attempts < _TRIES:
            return _handle([item])
        return _handle_blindly(item)
    except Conflict:
        return 0
    except Exception as error:  # a process edge: kept with the row, tried again later
        log.exception("message %s of %s could not be handled", item.inbound.message_id, item.channel.name)
        channels.fail_inbox(item.id, f"{type(error).__name__}: {error}")
        return None


def _handle_blindly(item: InboxItem) -> int:
    (case,) = gather.bare([item])
    plan: Plan = policy.blind(case, "repeated_failure")
    assert plan.enqueue is not None
    case.plan = replace(plan, enqueue=replace(plan.enqueue, queue=routing.queue_for("", routing.queues())))
    _tell_places([case])
    return recording.record([case])
