"""The audit trail: appended without a lock, sealed afterwards in one order into a SHA-256 chain.

Each sealed entry's hash covers its content, its number and the hash before it; the end of the chain is held in a
row signed with the master key. Changing, removing, inserting, reordering or cutting off entries shows.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from django.db import transaction

from jieli.governance import masking
from jieli.governance.contracts import AuditLine, BrokenLink, NewEntry
from jieli.governance.models import AuditEntry, AuditHead
from jieli.kernel import clock, crypto
from jieli.kernel.actor import Actor

_BATCH = 1000


def append(actor: Actor, entries: Sequence[NewEntry]) -> None:
    """Write entries with the caller's transaction; personal data that slips into a detail is masked."""
    now = clock.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            actor_kind=actor.kind.value,
            actor=actor.id,
            actor_name=actor.name[:80],
            action=one.action,
            subject_type=one.subject_type,
            subject=one.subject,
            detail=_without_personal_data(dict(one.detail)),
        )
        for one in entries
    )


def _without_personal_data(value: Any) -> Any:
    if isinstance(value, str):
        return masking.mask_text(value.replace("\x00", "").encode("utf-8", "replace").decode())
    if isinstance(value, Mapping):
        return {str(key): _without_personal_data(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_personal_data(inner) for inner in value]
    return value if isinstance(value, int | float | bool | None) else str(value)


def seal() -> int:
    """Chain what was appended since the last time; returns how many. One caller at a time (the head row is locked)."""
    if not AuditEntry.objects.filter(seq=None).exists():
        return 0
    with transaction.atomic():
        AuditHead.objects.get_or_create(id=1)
        head = AuditHead.objects.select_for_update().get(id=1)
        rows = list(AuditEntry.objects.filter(seq=None).order_by("id")[:_BATCH])
        for row in rows:
            row.seq, row.prev_hash = head.seq + 1, head.hash
            row.hash = _digest(as_contract(row))
            head.seq, head.hash = row.seq, row.hash
        head.mac = _mac(head)
        AuditEntry.objects.bulk_update(rows, ["seq", "prev_hash", "hash"], batch_size=200)
        head.save()
    return len(rows)


def _digest(line: AuditLine) -> str:
    return hashlib.sha256(_canonical(_content(line)).encode()).hexdigest()


def _content(line: AuditLine) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "prev": line.prev_hash,
        "id": str(line.id),
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [line.actor_kind, str(line.actor or ""), line.actor_name],
        "action": line.action,
        "subject": [line.subject_type, line.subject],
        "detail": line.detail,
    }


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _mac(head: AuditHead) -> str:
    return hmac.new(
        crypto.derive("audit-head"), f"{head.seq}:{head.hash}".encode(), hashlib.sha256
    ).hexdigest()


def verify_chain() -> BrokenLink | None:
    """The first entry that is not what was sealed, or None when the whole trail holds."""
    seq, previous = 0, ""
    for row in AuditEntry.objects.exclude(seq=None).order_by("seq").iterator(chunk_size=_BATCH):
        seq += 1
        if row.seq != seq:
            return BrokenLink(seq, None, f"Entry {seq} is missing.")
        if row.prev_hash != previous:
            return BrokenLink(seq, row.id, f"Entry {seq} does not follow the entry before it.")
        if row.hash != _digest(as_contract(row)):
            return BrokenLink(seq, row.id, f"Entry {seq} was changed after it was sealed.")
        previous = row.hash
    return _broken_end(seq, previous)


def _broken_end(seq: int, last: str) -> BrokenLink | None:
    head = AuditHead.objects.filter(id=1).first() or AuditHead()
    if head.seq and not hmac.compare_digest(head.mac, _mac(head)):
        return BrokenLink(head.seq, None, "The end of the trail is not the one that was signed.")
    if (head.seq, head.hash) == (seq, last):
        return None
    if head.seq > seq:
        return BrokenLink(seq + 1, None, f"Entries {seq + 1} to {head.seq} were cut off.")
    return BrokenLink(head.seq + 1, None, f"Entries after {head.seq} were not added by the sealer.")


def audited(action: str) -> set[str]:
    """The subjects that an action was done to."""
    return set(AuditEntry.objects.filter(action=action).values_list("subject", flat=True))


def written() -> list[AuditLine]:
    """Everything written down so far, sealed or not, oldest first."""
    return [as_contract(row) for row in AuditEntry.objects.order_by("id")]


def lines() -> Iterator[AuditLine]:
    """The sealed trail, oldest first."""
    for row in AuditEntry.objects.exclude(seq=None).order_by("seq").iterator(chunk_size=_BATCH):
        yield as_contract(row)


def export_audit() -> Iterator[str]:
    """The sealed trail as JSON lines that anybody can verify with SHA-256 alone: the hash covers the line without
    `hash`, keys sorted, without blanks, in UTF-8."""
    for line in lines():
        yield _canonical(_content(line) | {"hash": line.hash})


def as_contract(row: AuditEntry) -> AuditLine:
    return AuditLine(
        id=row.id,
        at=row.at,
        actor_kind=row.actor_kind,
        actor=row.actor,
        actor_name=row.actor_name,
        action=row.action,
        subject_type=row.subject_type,
        subject=row.subject,
        detail=row.detail,
        seq=row.seq,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )
