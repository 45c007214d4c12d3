from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import IntegrityError, transaction

from jieli.kernel import bulk, clock
from jieli.kernel.ids import new_id
from jieli.kernel.models import Deadline, Decision, Event

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 11, 20, 0, 0, 123456, tzinfo=timezone(timedelta(hours=8)))


def _decision(**more: object) -> Decision:
    given: dict[str, object] = {"kind": "k", "subject": new_id(), "outcome": "o", "decider": "d", "at": AT}
    return Decision(**(given | more))


def test_rows_come_back_as_the_orm_would_have_stored_them() -> None:
    quick = _decision(inputs={"文": ["🙂", None, 1.5, "\\N\t\n"]}, reasons=["tab\there", "back\\slash", ""])
    bulk.insert([quick])
    found = Decision.objects.get(id=quick.id)
    assert (found.inputs, found.reasons, found.at) == (quick.inputs, quick.reasons, AT)
    assert found.at.tzinfo is not None
    assert Decision.objects.filter(at=AT.astimezone(UTC)).exists()
    assert Decision.objects.filter(subject=quick.subject).exists()


def test_named_fields_are_written_and_others_stay() -> None:
    rows = [_decision(inputs={"n": n}) for n in range(3)]
    bulk.insert(rows)
    for row in rows:
        row.outcome, row.inputs, row.reasons = f"now {row.inputs['n']}", {"文": "🙂'"}, ["not written"]
    bulk.update(rows, ["outcome", "inputs"])
    found = list(Decision.objects.order_by("outcome"))
    assert [one.outcome for one in found] == ["now 0", "now 1", "now 2"]
    assert [(one.inputs, one.reasons) for one in found] == [({"文": "🙂'"}, [])] * 3


def test_fields_that_were_not_loaded_are_not_read() -> None:
    bulk.insert([_decision()])
    [row] = Decision.objects.only("outcome")
    row.outcome = "other"
    bulk.update([row], ["outcome"])
    assert row.get_deferred_fields()
    assert Decision.objects.get().outcome == "other"


def test_an_automatic_key_is_given_by_the_database() -> None:
    bulk.insert([Event(name="x", at=AT), Event(name="y", at=AT)])
    assert sorted(Event.objects.values_list("name", "position")) == [("x", None), ("y", None)]


def test_a_broken_constraint_is_an_integrity_error() -> None:
    row = _decision()
    bulk.insert([row])
    with pytest.raises(IntegrityError), transaction.atomic():
        bulk.insert([row])


def test_upsert_changes_what_is_there_and_only_the_named_fields() -> None:
    subject = new_id()
    first = Deadline(kind="k", subject=subject, due_at=AT, last_error="kept")
    bulk.upsert([first], unique=["kind", "subject"], update=["due_at"])
    later = Deadline(kind="k", subject=subject, due_at=AT + timedelta(hours=1), last_error="ignored")
    bulk.upsert(
        [later, Deadline(kind="k", subject=new_id(), due_at=clock.now())],
        unique=["kind", "subject"],
        update=["due_at"],
    )
    found = Deadline.objects.get(subject=subject)
    assert (found.id, found.due_at, found.last_error) == (first.id, later.due_at, "kept")
    assert Deadline.objects.count() == 2


def test_upsert_with_nothing_to_update_keeps_the_first() -> None:
    subject = new_id()
    for hours in (0, 1):
        row = Deadline(kind="k", subject=subject, due_at=AT + timedelta(hours=hours))
        bulk.upsert([row], unique=["kind", "subject"], update=[])
    assert Deadline.objects.get(subject=subject).due_at == AT


def test_no_rows_are_no_work() -> None:
    bulk.insert([])
    bulk.upsert([], unique=["id"], update=[])


def test_a_row_is_what_the_model_makes_of_the_same_values() -> None:
    given = {"id": new_id(), "kind": "k", "subject": new_id(), "outcome": "o", "decider": "d", "at": AT}
    quick, usual = bulk.row(Decision, **given), Decision(**given)
    names = [field.attname for field in Decision._meta.concrete_fields]
    assert [getattr(quick, name) for name in names] == [getattr(usual, name) for name in names]
    assert quick._state.adding


def test_rows_share_no_defaults() -> None:
    one, other = (bulk.row(Decision, kind="k") for _ in range(2))
    assert one.id != other.id
    assert one.inputs is not other.inputs


def test_a_row_has_columns_only() -> None:
    with pytest.raises(TypeError, match="colour"):
        bulk.row(Decision, colour="red")
