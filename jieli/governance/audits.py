from collections.abc import Iterator

from jieli.governance import masking, trail
from jieli.governance.models import AuditEntry
from jieli.kernel import laws


@laws.audit(8, "the audit trail is as it was sealed")
def trail_holds() -> Iterator[tuple[object, str]]:
    if broken := trail.verify_chain():
        yield broken.entry or broken.seq, broken.what


@laws.audit(8, "the audit trail holds no personal data")
def trail_is_masked() -> Iterator[tuple[object, str]]:
    for entry, detail in AuditEntry.objects.values_list("id", "detail").iterator(chunk_size=1000):
        for name, value in detail.items():
            if isinstance(value, str) and masking.mask_text(value) != value:
                yield entry, f"“{name}” holds something that should be masked."
