import hashlib
import json

import pytest

from jieli.governance import facade as governance
from jieli.governance.models import AuditEntry, AuditHead
from jieli.kernel import laws
from jieli.kernel.actor import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed() -> list[AuditEntry]:
    for number in range(5):
        governance.audit(SYSTEM, "person.reveal", "person", number, {"reason": f"核对收件人{number}"})
    assert governance.seal() == 5
    return list(AuditEntry.objects.order_by("seq"))


def broken_at() -> int | None:
    found = governance.verify_chain()
    return found.seq if found else None


def test_an_untouched_trail_holds(sealed: list[AuditEntry]) -> None:
    assert [row.seq for row in sealed] == [1, 2, 3, 4, 5]
    assert governance.verify_chain() is None
    assert governance.seal() == 0


def test_sealing_goes_on_where_it_stopped(sealed: list[AuditEntry]) -> None:
    governance.audit(SYSTEM, "role.change", "role")
    governance.seal()
    last = AuditEntry.objects.get(seq=6)
    assert last.prev_hash == sealed[-1].hash
    assert governance.verify_chain() is None


def test_an_edit_is_found(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(seq=3).update(detail={"reason": "别的理由"})
    assert broken_at() == 3


def test_an_edit_with_its_own_new_hash_is_found_at_the_next_entry(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(seq=3).update(hash="0" * 64, prev_hash=sealed[1].hash)
    assert broken_at() == 3


def test_a_removed_entry_is_found(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(seq=2).delete()
    found = governance.verify_chain()
    assert found
    assert (found.seq, found.entry) == (2, None)


def test_a_cut_off_end_is_found(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(seq=5).delete()
    assert broken_at() == 5


def test_a_cut_off_end_with_a_forged_head_is_found(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(seq=5).delete()
    AuditHead.objects.update(seq=4, hash=sealed[3].hash)
    assert governance.verify_chain() is not None


def test_two_swapped_entries_are_found(sealed: list[AuditEntry]) -> None:
    AuditEntry.objects.filter(seq=2).update(seq=99)
    AuditEntry.objects.filter(seq=3).update(seq=2)
    AuditEntry.objects.filter(seq=99).update(seq=3)
    assert broken_at() == 2


def test_an_inserted_entry_is_found(sealed: list[AuditEntry]) -> None:
    row = sealed[-1]
    AuditEntry.objects.create(
        at=row.at,
        actor_kind="human",
        action="forged",
        subject_type="x",
        seq=6,
        prev_hash=row.hash,
        hash="f" * 64,
    )
    assert broken_at() == 6


def test_details_are_masked_before_they_are_written() -> None:
    governance.audit(
        SYSTEM, "x", "person", "1", {"reason": "回拨13812345678\x00\ud800", "deep": [{"to": "a@example.com"}]}
    )
    detail = AuditEntry.objects.get().detail
    assert detail == {"reason": "回拨138****5678?", "deep": [{"to": "a***@example.com"}]}


def test_the_export_can_be_verified_with_sha256_alone(sealed: list[AuditEntry]) -> None:
    previous = ""
    for line in governance.export_audit():
        entry = json.loads(line)
        claimed = entry.pop("hash")
        canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        assert entry["prev"] == previous
        assert hashlib.sha256(canonical.encode()).hexdigest() == claimed
        previous = claimed


def test_law_8_reports_the_broken_row(sealed: list[AuditEntry]) -> None:
    assert [one for one in laws.breaches() if one.audit.startswith("the audit trail")] == []
    AuditEntry.objects.filter(seq=4).update(action="nothing", detail={"reason": "13812345678"})
    found = {one.audit: one.subject for one in laws.breaches() if one.audit.startswith("the audit trail")}
    assert set(found.values()) == {str(sealed[3].id)}
    assert len(found) == 2
