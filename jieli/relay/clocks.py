"""SLA clocks as rows: started with a matter's severity, standing while its customer has the baton."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from jieli.kernel import clock, deadlines, outbox
from jieli.kernel.ids import new_id
from jieli.relay import calendars, events, policy, sla
from jieli.relay.calendar import Calendar
from jieli.relay.contracts import MatterKind, SlaClockView, SlaMetric, SlaState, SlaTarget
from jieli.relay.models import Matter, SlaClock, SlaPolicy

SLA = "relay.sla"
_FIELDS = [
    "calendar", "target_s", "state", "running_since", "paused_at", "used_s", "due_at", "warned_at",
    "breached_at", "stopped_at",
]  # fmt: skip
_LIVE = (SlaState.RUNNING, SlaState.PAUSED)


def targets(kind: MatterKind, severities: Iterable[int]) -> dict[int, tuple[SlaTarget, ...]]:
    """The targets of each severity: what operations set for the kind, else the built-in ones."""
    wanted = set(severities)
    found = {(severity, t.metric): t for severity in wanted for t in policy.SLA[severity]}
    for row in SlaPolicy.objects.filter(kind=kind, severity__in=wanted):
        metric = SlaMetric(row.metric)
        found[row.severity, metric] = SlaTarget(metric=metric, seconds=row.seconds, calendar=row.calendar)
    return {s: tuple(t for (severity, _), t in found.items() if severity == s) for s in wanted}


@transaction.atomic
def start_many(kind: MatterKind, severities: dict[UUID, int]) -> None:
    """Start the clocks of matters by severity. A clock that runs already keeps its time and gets the new target."""
    now = clock.now()
    wanted = targets(kind, severities.values())
    old = {(row.matter_id, row.metric): row for row in SlaClock.objects.filter(matter_id__in=severities)}
    waiting = set(
        Matter.objects.filter(id__in=severities, holder_kind="customer").values_list("id", flat=True)
    )
    rows = []
    for matter, severity in severities.items():
        for target in wanted[severity]:
            row = old.get((matter, target.metric))
            if row is None:
                row = SlaClock(id=new_id(), matter_id=matter, metric=target.metric, started_at=now)
                row.running_since, row.paused_at = (None, now) if matter in waiting else (now, None)
                row.state = SlaState.PAUSED if matter in waiting else SlaState.RUNNING
            if row.state in _LIVE:
                row.target_s, row.warned_at = target.seconds, None
                row.calendar = target.calendar
                rows.append(row)
    _store(rows)


def follow_holders(*, stopped: set[UUID], going_on: set[UUID], now: datetime) -> None:
    """Pause the clocks of matters whose customer got the baton, and let go on those whose customer gave it back."""
    if not stopped and not going_on:
        return
    held = SlaClock.objects.select_related("matter").filter(matter_id__in=stopped | going_on, state__in=_LIVE)
    rows = list(held)
    known = calendars.calendars({row.calendar for row in rows})
    for row in rows:
        if row.matter_id in stopped and row.state == SlaState.RUNNING:
            _note_breach(row, now)
            _take(row, sla.pause(_read(row), known[row.calendar], now))
            row.state, row.paused_at = SlaState.PAUSED, now
        elif row.matter_id in going_on and row.state == SlaState.PAUSED:
            _take(row, sla.resume(_read(row), now))
            row.state, row.paused_at = SlaState.RUNNING, None
    _store(rows)


def stop_many(matters: Iterable[UUID], *, now: datetime, metric: SlaMetric | None = None) -> None:
    """Stop the clocks: met, or breached when the target was already used up."""
    rows = SlaClock.objects.select_related("matter").filter(matter_id__in=list(matters), state__in=_LIVE)
    found = list(rows.filter(metric=metric) if metric else rows)
    known = calendars.calendars({row.calendar for row in found})
    for row in found:
        _note_breach(row, now)
        _take(row, sla.pause(_read(row), known[row.calendar], now))
        row.state = SlaState.BREACHED if row.breached_at else SlaState.MET
        row.stopped_at = now
    _store(found)


@transaction.atomic
def go_on_many(matters: Iterable[UUID], *, metric: SlaMetric) -> None:
    """Let clocks that were stopped run on from what they had used; a breach stays a breach."""
    now = clock.now()
    ended = SlaClock.objects.filter(matter_id__in=list(matters), metric=metric).exclude(state__in=_LIVE)
    rows = list(ended)
    for row in rows:
        _take(row, sla.resume(_read(row), now))
        row.state, row.stopped_at, row.paused_at = SlaState.RUNNING, None, None
    _store(rows)


def due_from_now(kind: MatterKind, severity: int, metric: SlaMetric) -> datetime:
    """When a clock of this severity would run out if it were started now."""
    [target] = [t for t in targets(kind, [severity])[severity] if t.metric is metric]
    return calendars.add_working(target.calendar, clock.now(), timedelta(seconds=target.seconds))


def due_when_running(matter: UUID, metric: SlaMetric) -> datetime | None:
    """When a matter's clock runs out if it runs from now on; None when it has none or it was stopped."""
    row = SlaClock.objects.filter(matter_id=matter, metric=metric, state__in=_LIVE).first()
    if row is None:
        return None
    return sla.runs_out_at(sla.resume(_read(row), clock.now()), calendars.calendar(row.calendar))


def _store(rows: Sequence[SlaClock]) -> None:
    """Write the clocks with their due times; each has one deadline: its warning first, then its end."""
    if not rows:
        return
    known = calendars.calendars({row.calendar for row in rows})
    due: dict[UUID, datetime] = {}
    for row in rows:
        calendar = known[row.calendar]
        row.due_at = sla.runs_out_at(_read(row), calendar)
        if row.state == SlaState.RUNNING and row.breached_at is None and row.due_at:
            due[row.id] = row.due_at if row.warned_at else _warn_at(row, calendar)
    SlaClock.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=_FIELDS)
    deadlines.clear(SLA, [row.id for row in rows if row.id not in due])
    deadlines.set_many(SLA, due)


def _warn_at(row: SlaClock, calendar: Calendar) -> datetime:
    at = sla.runs_out_at(_read(row), calendar, share=policy.SLA_WARN_AT)
    assert at is not None
    return at


@deadlines.on_due(SLA)
def run_out(clock_id: UUID) -> None:
    """A clock reached its warning or its end."""
    now = clock.now()
    row = (
        SlaClock.objects.select_for_update(skip_locked=True)
        .select_related("matter")
        .filter(id=clock_id)
        .first()
    )
    if row is None:
        if SlaClock.objects.filter(id=clock_id).exists():
            deadlines.put(SLA, clock_id, now + timedelta(seconds=1))  # somebody works on it just now
        return
    if row.state != SlaState.RUNNING or row.due_at is None:
        return
    _note_breach(row, now)
    if (
        row.breached_at is None
        and row.warned_at is None
        and _warn_at(row, calendars.calendar(row.calendar)) <= now
    ):
        row.warned_at = now
        outbox.append(
            events.SlaWarned(
                matter=row.matter_id,
                person=row.matter.person,
                kind=MatterKind(row.matter.kind),
                metric=SlaMetric(row.metric),
            )
        )
    _store([row])


def _note_breach(row: SlaClock, now: datetime) -> None:
    """A clock that ran out before the sweeper came by was broken when it ran out, not when somebody looked."""
    if row.breached_at is None and row.due_at is not None and row.due_at <= now:
        row.breached_at = row.due_at
        matter = row.matter
        outbox.append(
            events.SlaBreached(
                matter=matter.id,
                person=matter.person,
                kind=MatterKind(matter.kind),
                metric=SlaMetric(row.metric),
            )
        )


def _read(row: SlaClock) -> sla.Clock:
    return sla.Clock(
        target=timedelta(seconds=row.target_s),
        used=timedelta(seconds=row.used_s),
        running_since=row.running_since,
    )


def _take(row: SlaClock, new: sla.Clock) -> None:
    row.used_s, row.running_since = new.used.total_seconds(), new.running_since


def views(matters: Iterable[UUID]) -> dict[UUID, list[SlaClockView]]:
    """Each matter's clocks, by metric."""
    wanted = set(matters)
    found: dict[UUID, list[SlaClockView]] = {matter: [] for matter in wanted}
    for row in SlaClock.objects.filter(matter_id__in=wanted).order_by("metric"):
        found[row.matter_id].append(
            SlaClockView(
                matter=row.matter_id,
                metric=SlaMetric(row.metric),
                state=SlaState.BREACHED if row.breached_at else SlaState(row.state),
                started_at=row.started_at,
                target_s=row.target_s,
                used_s=row.used_s,
                calendar=row.calendar,
                due_at=row.due_at,
                paused_at=row.paused_at,
                warned_at=row.warned_at,
                stopped_at=row.stopped_at,
                breached_at=row.breached_at,
            )
        )
    return found


def breached(matters: Iterable[UUID]) -> set[UUID]:
    """Those of the matters that missed an SLA time."""
    rows = SlaClock.objects.filter(matter_id__in=list(matters)).exclude(breached_at=None)
    return set(rows.values_list("matter_id", flat=True))
