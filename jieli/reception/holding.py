"""Whose turn it is after a decision: holder, next step and due time of a case's matter."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from jieli.conversations.contracts import Holding
from jieli.reception.contracts import Case, Plan
from jieli.reception.policy import ANGRY_WITHIN, baton_of
from jieli.relay.contracts import BOT, Holder, HolderKind
from jieli.routing.contracts import QueueTarget, Wanted

_BOT_HAS = timedelta(seconds=60)
LONGEST_WAIT = timedelta(minutes=30)
"""Whoever waits longer than this is looked at by the next in the escalation line, however long the queue is."""


def of(case: Case, now: datetime, queues: Mapping[str, QueueTarget]) -> Holding | None:
    """The new holding, or None when the matter stays where it is."""
    plan = case.plan
    assert plan is not None
    if plan.enqueue is not None:
        target = queues[case.queue]
        return Holding(
            holder=Holder(HolderKind.QUEUE, case.queue),
            next_step=plan.next_step or "agent.answer",
            due_at=now + (_within(plan) or _honest(case, target.target_s)),
            why=plan.enqueue.why[:200],
            baton=plan.enqueue.baton,
            line=target.line,
        )
    if plan.hold is None or plan.within is None:
        return None
    return Holding(
        holder=plan.hold,
        next_step=plan.next_step,
        due_at=now + plan.within,
        why=plan.reasons[0][:200] if plan.reasons else plan.action.value,
    )


def of_bot(case: Case, now: datetime) -> Holding:
    """For a talk that ends at once, or that the telephone has: who comes after it is told what was said."""
    baton = baton_of(case, "opened", f"[{case.last.inbound.event or case.last.inbound.type}]")
    return Holding(holder=BOT, next_step="bot.answer", due_at=now + _BOT_HAS, why="opened", baton=baton)


def _honest(case: Case, target_s: int) -> timedelta:
    """The queue's target, or the wait that the customer was told if that is longer: the two must not contradict."""
    told_s = case.place.expected_wait_s if case.place else 0
    return min(timedelta(seconds=max(target_s, told_s)), LONGEST_WAIT)


def _within(plan: Plan) -> timedelta | None:
    if plan.enqueue is not None and plan.enqueue.urgent:
        return ANGRY_WITHIN
    return plan.within


def wanted(case: Case) -> Wanted:
    """What the case needs of whoever takes it."""
    finding = case.finding
    return Wanted(
        conversation=case.conversation,
        person=case.person,
        queue=case.queue,
        intent=finding.intent.value,
        emotion=finding.emotion.emotion.value,
        tier=case.card.tier.value if case.card else "",
        why=case.plan.enqueue.why if case.plan and case.plan.enqueue else "raised",
    )
