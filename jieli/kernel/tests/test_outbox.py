from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction

from jieli.kernel import jobs, outbox
from jieli.kernel.ids import new_id
from jieli.kernel.models import Event, Job


@outbox.event("test.happened")
@dataclass(frozen=True)
class Happened:
    subject: UUID
    word: str

    @property
    def topics(self) -> list[str]:
        return ["test"]


heard: list[str] = []


@outbox.on(Happened, queue="tests")
def listen(event: Happened) -> None:
    heard.append(event.word)


@pytest.mark.django_db
def test_positions_are_gapless_and_in_order() -> None:
    for word in "abc":
        outbox.append(Happened(new_id(), word))
    assert outbox.publish() == 3
    outbox.append(Happened(new_id(), "d"))
    assert outbox.publish() == 1
    found = outbox.after(0)
    assert [event.position for event in found] == [1, 2, 3, 4]
    assert [event.payload["word"] for event in found] == list("abcd")
    assert outbox.publish() == 0


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_never_happened() -> None:
    with transaction.atomic():
        outbox.append(Happened(new_id(), "x"))
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_a_listener_hears_each_event_once() -> None:
    heard.clear()
    outbox.append(Happened(new_id(), "once"))
    outbox.publish()
    assert Job.objects.count() == 1
    assert jobs.run_due("tests") == 1
    assert heard == ["once"]
    assert jobs.run_due("tests") == 0
