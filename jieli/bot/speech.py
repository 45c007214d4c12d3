"""How times, amounts and sentences are put into words for one reader at one moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from jieli.bot import words
from jieli.knowledge.contracts import Words
from jieli.relay.contracts import Told
from jieli.understanding.contracts import Intent

_NEAR_DAYS = {-1: "yesterday", 0: "today", 1: "tomorrow", 2: "after_tomorrow"}


@dataclass(frozen=True, slots=True)
class Speech:
    locale: str
    now: datetime
    zone: tzinfo

    def say(self, key: str, /, **slots: object) -> str:
        return words.say(key, self.locale, **slots)

    def named(self, section: str, value: str) -> str:
        """The word for a state or kind; the value itself when we have no word for it."""
        key = f"{section}.{value}"
        return self.say(key) if words.has(key) else value

    def tell(self, *sentences: Told) -> str:
        """What has no language yet in the reader's own."""
        return self.join(*(self._code(one.code, one.slots) for one in sentences))

    def _code(self, code: str, slots: Mapping[str, Any]) -> str:
        section, _, name = code.partition(".")
        if section == "intent":
            return words.intent(Intent(name)).say(self.locale)
        return self.say(code, **{slot: self._slot(value) for slot, value in slots.items()})

    def _slot(self, value: Any) -> str:
        match value:
            case {"code": str(code)}:
                return self._code(code, value.get("slots", {}))
            case {"at": str(at)}:
                return self.when(datetime.fromisoformat(at))
            case {"ago": str(at)}:
                return self.age(datetime.fromisoformat(at))
            case {"list": [*values], "by": str(by)}:
                return self._joined([self._slot(one) for one in values], by)
            case {"zh": str(zh), "en": str(en)}:
                return Words(zh, en).say(self.locale)
            case _:
                return str(value)

    def _joined(self, parts: Sequence[str], by: str) -> str:
        if by == "sentences":
            return self.join(*parts)
        return self.listed(parts) if by == "names" else ("; " if self.locale == "en" else "，").join(parts)

    def join(self, *sentences: str) -> str:
        """Sentences behind each other, as the language writes them."""
        return (" " if self.locale == "en" else "").join(sentence for sentence in sentences if sentence)

    def listed(self, names: Iterable[str]) -> str:
        return (", " if self.locale == "en" else "、").join(names)

    def when(self, at: datetime) -> str:
        """A moment as people say it: today, tomorrow or the date, and the time of the brand's zone."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        clock = f"{local:%H:%M}"
        near = _NEAR_DAYS.get((local.date() - today).days)
        if near:
            return self.say(f"time.{near}", clock=clock)
        key = "time.date" if local.year == today.year else "time.full_date"
        return self.say(key, year=local.year, month=local.month, day=local.day, clock=clock)

    def age(self, at: datetime) -> str:
        """How long ago; a moment ahead of our clock counts as just now."""
        passed = self.now - at
        if passed < timedelta(minutes=1):
            return self.say("time.now")
        if passed < timedelta(hours=1):
            return self.say("time.minutes", n=passed // timedelta(minutes=1))
        if passed < timedelta(days=1):
            return self.say("time.hours", n=passed // timedelta(hours=1))
        return self.say("time.days", n=passed.days)

    def sourced(self, text: str, source: str, as_of: datetime) -> str:
        """The sentence with who vouched for it and how old that is (law 4)."""
        note = self.say("say.source", source=source, age=self.age(as_of))
        stop = "。" if text.endswith("。") else "." if text.endswith(".") else ""
        return f"{text.removesuffix(stop)}{note}{stop}" if stop else text + note
