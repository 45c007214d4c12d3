from collections.abc import Iterator

from jieli.kernel import laws
from jieli.live.models import HostPromise


@laws.audit(5, "live.promises_have_evidence")
def promises_without_evidence() -> Iterator[tuple[object, str]]:
    """A host's promise says where it can be heard or read."""
    for row in HostPromise.objects.filter(evidence={}).only("id", "words").iterator():
        yield row.id, f"the host's promise “{row.words[:40]}” has no evidence"
