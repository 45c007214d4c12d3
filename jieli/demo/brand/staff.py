"""Who works for the brand, in which team, with which skills and hours."""

from datetime import date, time, timedelta
from typing import Any

from jieli.demo.brand import data
from jieli.demo.brand.contracts.staff import Calendar, Interval, Role, Skill, SkillLevel, Staff, Team
from jieli.demo.brand.contracts.words import Words
from jieli.demo.brand.people import staff_phone


def skills() -> tuple[Skill, ...]:
    rows = data.table("staff")["skills"]
    return tuple(Skill(key, Words(zh, en), tuple(intents)) for key, zh, en, intents in rows)


def teams() -> tuple[Team, ...]:
    rows = data.table("staff")["teams"]
    return tuple(
        Team(key, Words(zh, en), tuple(asked), supervisor, calendar)
        for key, zh, en, asked, supervisor, calendar in rows
    )


def calendars(today: date) -> tuple[Calendar, ...]:
    return tuple(_calendar(row, today) for row in data.table("staff")["calendar"])


def _calendar(row: dict[str, Any], today: date) -> Calendar:
    """Experts are away on one day next week and make up for it the Saturday after."""
    away = today + timedelta(days=7 - today.weekday() + 2)
    make_up = away + timedelta(days=3)
    office = row["key"] == "office"
    week = tuple(tuple(_interval(text) for text in day) for day in row["week"])
    return Calendar(
        key=row["key"],
        name=Words(row["zh"], row["en"]),
        weekdays=week,
        closed=(away,) if office else (),
        extra=((make_up, week[0]),) if office else (),
    )


def _interval(text: str) -> Interval:
    """`"18:00-24:00"`: 24:00 is midnight of the next day."""
    start, end = text.split("-")
    return Interval(time.fromisoformat(start), time() if end == "24:00" else time.fromisoformat(end))


def staff() -> tuple[Staff, ...]:
    return tuple(_person(index, row) for index, row in enumerate(data.table("staff")["staff"]["rows"]))


def _person(index: int, row: list[Any]) -> Staff:
    login, name, role, team, zh, en, asked, capacity, calendar, languages = row
    return Staff(
        login=login,
        name=name,
        role=Role(role),
        team=team,
        title=Words(zh, en),
        skills=tuple(SkillLevel(key, int(level)) for key, level in (one.split(":") for one in asked)),
        capacity=capacity,
        calendar=calendar,
        languages=tuple(languages),
        email=f"{login}@example.com",
        phone=staff_phone(index),
    )
