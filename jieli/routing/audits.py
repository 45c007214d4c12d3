from collections.abc import Iterator
from datetime import timedelta

from jieli.kernel import clock, laws, models
from jieli.relay import facade as relay
from jieli.relay.contracts import HolderKind, MatterState
from jieli.routing.models import QueueEntry

_FOLLOWS_WITHIN = timedelta(minutes=1)


@laws.audit(1, "whoever waits in a queue is held by a queue")
def entries_follow_the_ledger() -> Iterator[tuple[object, str]]:
    """Workers take an entry away moments after the ledger changed; a minute later it must be gone."""
    entries = list(QueueEntry.objects.values_list("conversation", flat=True))
    matters = relay.states(entries)
    odd = [key for key in entries if key not in matters or not _in_queue(matters[key])]
    passed = relay.handovers_of(odd)
    for key in odd:
        moved = [at for one in passed.get(key, ()) for at in (one.at, one.ended_at) if at]
        if not moved or max(moved) < clock.now() - _FOLLOWS_WITHIN:
            yield key, "stands in a queue, but the ledger says that somebody else has it"


def _in_queue(matter: MatterState) -> bool:
    return matter.open and matter.holder.kind is HolderKind.QUEUE


@laws.audit(1, "nobody is given more conversations than fit")
def overload() -> Iterator[tuple[object, str]]:
    """What agents take or answer by themselves may go beyond their capacity; what they are given may not."""
    given = models.Decision.objects.filter(kind="routing.assign").values_list("pk", "inputs")
    for key, inputs in given.iterator(chunk_size=2000):
        if (inputs.get("load") or 0) > (inputs.get("capacity") or 0):
            yield key, f"gave conversation {inputs['load']} to an agent with room for {inputs['capacity']}"


@laws.audit(5, "every assignment has its reasons")
def unexplained() -> Iterator[tuple[object, str]]:
    for row in models.Decision.objects.filter(kind__startswith="routing.", reasons=[]):
        yield row.id, "a routing decision without reasons"
