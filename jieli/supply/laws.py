from collections.abc import Iterator
from datetime import timedelta

from jieli.kernel import clock, laws
from jieli.supply import policy
from jieli.supply.models import FactRow, SupplySource


@laws.audit(4, "supply.facts_have_a_source")
def facts_without_source() -> Iterator[tuple[object, str]]:
    """Every stored fact names a configured source."""
    known = SupplySource.objects.values("name")
    for row in FactRow.objects.exclude(source__in=known).only("id", "kind", "key", "source").iterator():
        yield row.id, f"the {row.kind} {row.key} comes from “{row.source}”, which is no source"


@laws.audit(4, "supply.facts_have_an_age")
def facts_from_the_future() -> Iterator[tuple[object, str]]:
    """No fact is younger than the moment it was told."""
    limit = clock.now() + policy.CLOCK_SKEW + timedelta(seconds=1)
    for row in FactRow.objects.filter(as_of__gt=limit).only("id", "kind", "key", "as_of").iterator():
        yield (
            row.id,
            f"the {row.kind} {row.key} is said to be as of {row.as_of:%Y-%m-%d %H:%M}, which is to come",
        )
