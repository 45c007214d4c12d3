from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from jieli.demo.brand.contracts.words import Words


class Role(StrEnum):
    AGENT = "agent"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Skill:
    key: str
    name: Words
    intents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Team:
    key: str
    name: Words
    skills: tuple[str, ...]
    supervisor: str
    calendar: str


@dataclass(frozen=True, slots=True)
class Interval:
    """Local time of the brand (Asia/Shanghai); an end at or before the start is on the next day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Calendar:
    """`weekdays[0]` is Monday; `closed` and `extra` override single dates."""

    key: str
    name: Words
    weekdays: tuple[tuple[Interval, ...], ...]
    closed: tuple[date, ...]
    extra: tuple[tuple[date, tuple[Interval, ...]], ...]


@dataclass(frozen=True, slots=True)
class SkillLevel:
    """`level` 1 learns, 2 works alone, 3 is asked by others."""

    skill: str
    level: int


@dataclass(frozen=True, slots=True)
class Staff:
    login: str
    name: str
    role: Role
    team: str
    title: Words
    skills: tuple[SkillLevel, ...]
    capacity: int
    calendar: str
    languages: tuple[str, ...]
    email: str
    phone: str
