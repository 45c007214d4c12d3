"""Who works for the brand: accounts, seats with skills and capacity, and their working times."""

from jieli.demo.brand import staff as crew
from jieli.demo.brand.contracts import Calendar, DemoBrand, Interval, Staff
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff, StaffId
from jieli.kernel.actor import SYSTEM
from jieli.relay import facade as relay
from jieli.routing import facade as routing

PASSWORD = "lumora-demo"  # noqa: S105 - printed at every start; only the invented staff have it


def load(brand: DemoBrand) -> None:
    """Accounts that are there already keep their password."""
    missing = [one for one in brand.staff if one.login not in accounts()]
    teams = {team.key: team.name.zh for team in brand.teams}
    made = governance.create_staff(SYSTEM, [_account(one, teams[one.team]) for one in missing])
    for person, one in zip(made, missing, strict=True):
        if one.capacity:
            routing.ensure(person.id, skills=[held.skill for held in one.skills], capacity=one.capacity)
    for calendar in brand.calendars:
        _save(calendar)


def accounts() -> dict[str, StaffId]:
    """The brand's staff by login, as far as they have accounts: names are unique within the brand."""
    ids = {person.name: person.id for person in governance.find_staff()}
    return {one.login: ids[one.name] for one in crew.staff() if one.name in ids}


def _account(one: Staff, team: str) -> NewStaff:
    return NewStaff(
        username=one.login,
        password=PASSWORD,
        name=one.name,
        roles=(one.role.value,),
        teams=(team,),
        locale="zh-hans" if "zh" in one.languages else "en",
    )


def _save(calendar: Calendar) -> None:
    """Experts keep China's public holidays; the chat is staffed every day."""
    relay.save_calendar(
        SYSTEM,
        code=calendar.key,
        weekly=[_hours(day) for day in calendar.weekdays],
        holidays="cn" if calendar.closed else "",
    )
    for day in calendar.closed:
        relay.set_calendar_day(SYSTEM, code=calendar.key, day=day, hours=[], label=calendar.name.zh)
    for day, intervals in calendar.extra:
        relay.set_calendar_day(
            SYSTEM, code=calendar.key, day=day, hours=_hours(intervals), label=calendar.name.zh
        )


def _hours(intervals: tuple[Interval, ...]) -> list[list[str]]:
    return [[f"{one.start:%H:%M}", f"{one.end:%H:%M}"] for one in intervals]
