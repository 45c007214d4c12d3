"""What happens when a holder lets its time pass: a module's own answer, or the next one in the escalation line."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from jieli.kernel import clock, counters, deadlines, decisions, outbox
from jieli.kernel.actor import SYSTEM, Actor
from jieli.relay import events, ledger, policy, selectors, services
from jieli.relay.contracts import (
    EscalationSteps,
    HandoverState,
    HolderKind,
    LineStep,
    MatterKind,
    MatterState,
    Overdue,
    OverdueReason,
)
from jieli.relay.ledger import Passing
from jieli.relay.models import EscalationLine, Matter

Handler = Callable[[Overdue], object]
_handlers: dict[tuple[MatterKind, HolderKind], Handler] = {}
_DECIDER = "relay.escalation@1"
_BUSY = timedelta(seconds=1)
ALARMS = "relay.alarms"


def on_overdue(kind: MatterKind, holder: HolderKind) -> Callable[[Handler], Handler]:
    """Let a module answer for overdue matters of this kind in these hands.

    It is called in a transaction that holds the matter's row and should change or close the matter; whatever it
    leaves overdue goes to the next in the escalation line.
    """

    def register(handler: Handler) -> Handler:
        _handlers[kind, holder] = handler
        return handler

    return register


@deadlines.on_due(ledger.DUE)
def due(matter: UUID) -> None:
    _let_pass(matter, OverdueReason.DUE)


@deadlines.on_due(ledger.ACCEPT)
def not_accepted(matter: UUID) -> None:
    _let_pass(matter, OverdueReason.NOT_ACCEPTED)


def _let_pass(matter: UUID, reason: OverdueReason) -> None:
    """The sweeper already holds the deadline's row, so it must never wait for a matter's: it comes back instead."""
    row = Matter.objects.select_for_update(skip_locked=True).filter(id=matter).first()
    kind = ledger.DUE if reason is OverdueReason.DUE else ledger.ACCEPT
    if row is None:
        if Matter.objects.filter(id=matter).exists():
            deadlines.put(kind, matter, clock.now() + _BUSY)
        return
    now, state = clock.now(), selectors.as_state(row)
    if not policy.is_overdue(state, reason, now):
        ledger.follow([row])
        return
    alarm = False
    if handler := _handlers.get((state.kind, state.holder.kind)):
        handler(Overdue(matter=state, reason=reason))
    left = selectors.states([matter])[matter]
    if policy.is_overdue(left, reason, now):
        alarm = _pass_on(SYSTEM, left, reason, now)
    outbox.append(
        events.MatterOverdue(
            matter=state.id,
            person=state.person,
            kind=state.kind,
            holder=state.holder,
            reason=reason,
            alarm=alarm,
        )
    )


def _pass_on(actor: Actor, state: MatterState, why: str, now: datetime) -> bool:
    """Ask the next in line; True when that is the last resort once more, after which nobody comes."""
    line = lines({state.line})[state.line]
    step, position, last = policy.next_in_line(line, state.line_step, state.holder)
    moved = state.holder != step.holder
    after = replace(
        state,
        holder=step.holder,
        next_step=step.next_step,
        due_at=now + timedelta(seconds=step.within_s),
        accept_by=None,
        accepted_at=now,
        line_step=position,
        version=state.version + 1,
    )
    passings = [Passing(after, state.holder, f"escalated: {why}", None, now)] if moved else []
    services.store(
        actor, {state.id: state}, {state.id: after}, passings, now=now, unaccepted=HandoverState.LAPSED
    )
    _explain(state, step, line, why, last=last)
    if alarm := last and not moved:
        counters.add(ALARMS)
    return alarm


def _explain(state: MatterState, step: LineStep, line: EscalationSteps, why: str, *, last: bool) -> None:
    decisions.record(
        decisions.Decision(
            kind="relay.escalate",
            subject=state.id,
            outcome=f"{step.holder.kind}:{step.holder.id}"[:80],
            decider=_DECIDER,
            inputs={
                "line": line.code,
                "line_step": state.line_step,
                "holder": msgspec.to_builtins(state.holder),
                "next_step": state.next_step,
                "due_at": state.due_at.isoformat() if state.due_at else None,
                "accept_by": state.accept_by.isoformat() if state.accept_by else None,
            },
            reasons=[why, *(["last_resort"] if last else [])],
        )
    )


@transaction.atomic
def escalate(actor: Actor, matter: UUID, why: str) -> MatterState:
    """Pass a matter to the next in its escalation line at once, without waiting for its due time."""
    state = selectors.as_state(selectors.locked([matter])[matter])
    policy.require_may_work(actor, [state], selectors.own_ids(actor))
    policy.require_open(state)
    _pass_on(actor, state, why, clock.now())
    return selectors.states([matter])[matter]


def lines(codes: set[str]) -> dict[str, EscalationSteps]:
    """Lines by code: as operations changed them, else as built in; an unknown code means the default line."""
    stored = {row.code: row.steps for row in EscalationLine.objects.filter(code__in=codes)}
    return {code: _line(code, stored.get(code)) for code in codes}


def _line(code: str, stored: Any) -> EscalationSteps:
    if stored:
        return EscalationSteps(code=code, steps=msgspec.convert(stored, tuple[LineStep, ...]))
    return EscalationSteps(code=code, steps=policy.LINES.get(code, policy.LINES["default"]))


def has_line(code: str) -> bool:
    """Whether operations (or the first start) wrote this line down; built-in ones do not count."""
    return EscalationLine.objects.filter(code=code).exists()


@transaction.atomic
def save_line(actor: Actor, *, code: str, steps: Sequence[LineStep]) -> EscalationSteps:
    """Make or replace a line; its last step is the last resort, asked again and again."""
    actor.require("routing.manage")
    policy.require_usable_line(steps)
    EscalationLine.objects.update_or_create(code=code, defaults={"steps": msgspec.to_builtins(list(steps))})
    return EscalationSteps(code=code, steps=tuple(steps))
