from collections.abc import Iterator

from jieli.kernel import doctor
from jieli.kernel.doctor import Finding, Health
from jieli.supply import selectors
from jieli.supply.contracts import Circuit, FactKind


@doctor.examines
def supply_sources() -> Iterator[Finding]:
    views = [view for view in selectors.source_views() if view.enabled]
    served = {kind for view in views for kind in view.kinds}
    if FactKind.ORDER not in served:
        yield Finding(
            Health.WARNING,
            "No supply source tells about orders: every question about one is answered “unknown”.",
            "Connect your shop or ERP as a source of kind http (docs: supply), or start the demo brand.",
        )
    for view in views:
        if view.circuit is Circuit.CLOSED:
            yield Finding(Health.OK, f"Supply source {view.name} answers.")
        else:
            yield Finding(
                Health.BROKEN,
                f"Supply source {view.name} is left alone after repeated failures: {view.last_error}",
                "Check its address, its key and its server; it is tried again by itself.",
            )
