from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One act of a simulated customer. `id` tells a repeated delivery from a new message; WeChat's are numbers.

    `event` is set for acts without words (subscribe, user_enter_tempsession, call.ringing …).
    """

    id: str
    key: str
    at: datetime
    text: str = ""
    image: bool = False
    event: str = ""
    name: str = ""
    phone: str = ""
    account: str = ""
    context: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a platform's server got for a customer; `by` is empty where the platform is not told who wrote."""

    channel: str
    key: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """What `jieli simulate` was asked for: contacts a second, for how long, by which dice."""

    url: str
    rate: float = 2.0
    duration_s: float = 300.0
    seed: int = 7
    agents: int = 0
    channel: str = ""
