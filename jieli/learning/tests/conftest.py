"""A talk with what was decided about it, colleagues, and models that always find the same."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from django.db import transaction
from ninja import NinjaAPI
from ninja.testing import TestClient

from jieli.channels import facade as channels
from jieli.channels.contracts import ContactKey, Heard, InboxId
from jieli.conversations import facade as conversations
from jieli.conversations.contracts import (
    AuthorKind,
    ConversationId,
    Holding,
    Incoming,
    MessageId,
    Opening,
    Outbound,
)
from jieli.governance import facade as governance
from jieli.governance.contracts import NewStaff
from jieli.identity.contracts import PersonId
from jieli.kernel import clock, decisions
from jieli.kernel.actor import BOT, SYSTEM, Actor
from jieli.kernel.clock import ManualClock
from jieli.kernel.decisions import Decision
from jieli.kernel.http import add_problem_handlers
from jieli.kernel.ids import new_id
from jieli.learning import facade, live, training
from jieli.learning.contracts import CandidateView
from jieli.learning.errors import TrainingFailed
from jieli.relay.contracts import BOT as BOT_HOLDER
from jieli.relay.contracts import MatterId
from jieli.understanding import facade as understanding
from jieli.understanding.contracts import Emotion, Intent
from jieli.understanding.errors import ModelUnusable

OLD = "averaging-2-old"


@pytest.fixture(scope="session")
def web() -> TestClient:
    from jieli.learning.http import router

    api = NinjaAPI(urls_namespace="learning-test")
    add_problem_handlers(api)
    api.add_router("", router)
    return TestClient(api)


@dataclass
class Talk:
    """One customer's conversation; `say` is a batch of messages decided together, as reception would write it."""

    id: ConversationId = field(default_factory=lambda: ConversationId(MatterId(new_id())))
    person: PersonId = field(default_factory=lambda: PersonId(new_id()))

    def __post_init__(self) -> None:
        names = {one.name for one in channels.list_channels(SYSTEM)}
        if "app" not in names:
            settings = {"secret": "s" * 24, "callback_url": "http://127.0.0.1:9/out"}
            channels.create_channel(SYSTEM, kind="open", name="app", settings=settings)
        self.channel = channels.channel_named("app").id
        heard = Heard(contact=ContactKey(self.channel, str(self.person)), person=self.person, at=clock.now())
        with transaction.atomic():
            (self.contact,) = channels.note_inbound_many([heard])
        self.opened = False

    def say(self, *texts: str, **found: Any) -> UUID:
        """The id of the last message; `found` goes into the decision (intent, emotion, model, expecting, brand …)."""
        made = [
            Incoming(
                conversation=self.id,
                inbox=InboxId(new_id()),
                contact=self.contact,
                channel=self.channel,
                type="text",
                text=text,
                sent_at=clock.now(),
                received_at=clock.now(),
                decision=new_id(),
                intent="track",
                emotion="calm",
                priority=0,
            )
            for text in texts
        ]
        inputs = {"intent": "track", "emotion": "calm", "confidence": 0.6, "model": OLD, **found}
        decided = [
            Decision(
                id=one.decision,
                kind="reception",
                subject=one.id,
                outcome="answer" if one is made[-1] else "joined",
                decider="reception@1",
                inputs=inputs,
            )
            for one in made
        ]
        self._write(made)
        decisions.record(*decided)
        return made[-1].id

    def answer(self, text: str) -> UUID:
        message = MessageId(new_id())
        self._write([Outbound(conversation=self.id, text=text, by=AuthorKind.BOT, id=message)])
        return message

    @transaction.atomic
    def _write(self, lines: Sequence[Any]) -> None:
        holding = Holding(
            holder=BOT_HOLDER, next_step="bot.answer", due_at=clock.now() + timedelta(minutes=5), why="test"
        )
        opening = Opening(
            id=self.id, person=self.person, contact=self.contact, channel=self.channel, holding=holding
        )
        openings = [] if self.opened else [opening]
        self.opened = True
        states = conversations.states([self.id])
        conversations.write(
            BOT,
            held=conversations.held({key: state.version for key, state in states.items()}),  # type: ignore[misc]
            openings=openings,
            lines=lines,
            memory={},
            queues={},
            holdings={},
        )


@pytest.fixture
def talk(db: None, manual_clock: ManualClock) -> Talk:
    return Talk()


@dataclass(frozen=True)
class Staff:
    agent: Actor
    colleague: Actor
    reviewer: Actor
    expert: Actor


@pytest.fixture
def staff(db: None) -> Staff:
    governance.ensure_roles()
    roles = {"agent": "agent", "colleague": "supervisor", "reviewer": "operations", "expert": "admin"}
    new = [
        NewStaff(username=name, password="Fluss-Hafen-19-Turm", name=name, roles=(role,))
        for name, role in roles.items()
    ]
    made = {one.name: governance.actor_by_id(one.id) for one in governance.create_staff(SYSTEM, new)}
    return Staff(**made)


class Parrot:
    """A model that finds one intent in whatever is said."""

    def __init__(self, version: str, intent: str, emotion: str = "calm") -> None:
        self.version, self._intent, self._emotion = version, intent, emotion

    def read(self, turns: Sequence[object]) -> Any:
        intents, emotions = np.zeros((len(turns), len(Intent))), np.full((len(turns), len(Emotion)), 0.01)
        intents[:, list(Intent).index(Intent(self._intent))] = 0.9
        emotions[:, list(Emotion).index(Emotion(self._emotion))] = 0.97
        return SimpleNamespace(intents=intents, emotions=emotions)

    def evidence(self, *_: object, **__: object) -> tuple[()]:
        return ()


@dataclass
class Trainer:
    """Stands in for training, which takes minutes: writes a file that opens as a parrot."""

    version: str = "parrot-1"
    intent: str = "complaint"
    fails: str = ""
    taught: list[Any] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def __call__(self, more: Sequence[Any], path: Path, goes_on: Callable[[], bool]) -> dict[str, Any]:
        self.taught = list(more)
        self.meanwhile()
        if self.fails:
            raise TrainingFailed(self.fails)
        path.write_text(json.dumps({"version": self.version, "intent": self.intent}))
        return {"version": self.version, "frozen": {"intent.accuracy": 0.7, "intent.macro_f1": 0.65}}


def _open(path: Path) -> Parrot:
    try:
        return Parrot(**json.loads(path.read_text()))
    except ValueError as error:
        raise ModelUnusable(f"{path.name}: {error}") from error


@pytest.fixture
def trainer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any) -> Trainer:
    """Training is played, on an empty folder of data; afterwards the shipped model answers again."""
    settings.JIELI_DATA = tmp_path
    made = Trainer()
    monkeypatch.setattr(training, "trainer", made)
    monkeypatch.setattr(understanding, "open_model", _open)
    monkeypatch.setattr(live, "here", live.Live())
    return made


@pytest.fixture
def trained(staff: Staff, talk: Talk, trainer: Trainer) -> Callable[..., CandidateView]:
    """A candidate as people get one: corrected, reviewed, asked for, trained."""

    loop = training.Training()

    def make(version: str = "parrot-1", intent: str = "complaint") -> CandidateView:
        trainer.version, trainer.intent = version, intent
        accepted(staff, talk.say(f"为了 {version}"))
        row = facade.ask(staff.reviewer)
        assert loop.turn() == 1
        return facade.detail(staff.reviewer, row.id).candidate

    return make


def accepted(staff: Staff, message: UUID, **said: Any) -> UUID:
    """A correction that the next model learns from."""
    given = said or {"intent": Intent.SHIP_WHEN}
    found = facade.correct(staff.agent, message=message, **given)
    return facade.accept(staff.reviewer, correction=found.corrections[0].id).id
