"""What the person at the terminal sees of a drill."""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from jieli.demo.contracts import Happening
from jieli.simulation.delivery import Delivered, Outcome

_EVERY_S = 10.0


@dataclass(slots=True)
class Board:
    """`sent` counts acts of customers; `errors` those that no hook took in the tries that their platform makes."""

    sent: int = 0
    acknowledged: int = 0
    redelivered: int = 0
    errors: int = 0
    answered: int = 0
    handed_over: int = 0
    calls: int = 0
    parcels: int = 0
    desk: Counter[str] = field(default_factory=Counter)
    told: Counter[Happening] = field(default_factory=Counter)
    whys: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)
    _shown_at: float = 0.0

    def delivered(self, what: Delivered) -> None:
        self.redelivered += what.repeated
        if what.outcome is Outcome.TAKEN:
            self.acknowledged += 1
        else:
            self.errors += 1
            self.whys[f"{what.outcome}: {what.why}"] += 1

    def heard(self, what: Happening | None) -> None:
        self.answered += 1
        if what is None:
            return
        self.told[what] += 1
        self.handed_over += what is Happening.QUEUED

    def line(self) -> str:
        parts = [
            f"{time.monotonic() - self.started:5.0f} s",
            f"{self.sent} sent",
            f"{self.acknowledged} acknowledged",
            f"{self.errors} errors",
            f"{self.answered} answered",
            f"{self.handed_over} handed over",
        ]
        return "simulated | " + " | ".join(parts)

    def show(self) -> None:
        """In place on a terminal; elsewhere a line now and then."""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self.line()}   ")
            sys.stderr.flush()
        elif time.monotonic() - self._shown_at >= _EVERY_S:
            self._shown_at = time.monotonic()
            sys.stderr.write(f"{self.line()}\n")

    def summary(self) -> list[str]:
        lines = [
            self.line(),
            f"  delivered again {self.redelivered}, calls {self.calls}, parcels moved on {self.parcels}",
            "  customers understood: " + _listed({str(what): n for what, n in self.told.items()}),
        ]
        if self.desk:
            lines.append("  simulated agents: " + _listed(self.desk))
        return lines + [f"  {n} × {why}" for why, n in self.whys.most_common(5)]


def _listed(counted: "Counter[str] | dict[str, int]") -> str:
    return (
        ", ".join(f"{name} {n}" for name, n in sorted(counted.items(), key=lambda one: -one[1])) or "nothing"
    )
