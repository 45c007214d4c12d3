from jieli.kernel import clock
from jieli.supply import sources
from jieli.supply.contracts import Circuit, FactKind, SourceView
from jieli.supply.models import DemoRecord, FactRow, SourceHealth, SupplySource


def source_views() -> list[SourceView]:
    rows = SupplySource.objects.select_related("health").order_by("name")
    return [source_view(row) for row in rows]


def source_view(row: SupplySource) -> SourceView:
    health = getattr(row, "health", None) or SourceHealth()
    manifest = sources.manifests().get(row.kind)
    return SourceView(
        name=row.name,
        kind=row.kind,
        title=row.title or (manifest.title if manifest else row.kind),
        kinds=tuple(FactKind(kind) for kind in row.kinds),
        enabled=row.enabled,
        simulated=bool(manifest and manifest.simulated),
        circuit=_circuit(health),
        last_ok_at=health.last_ok_at,
        last_error_at=health.last_error_at,
        last_error=health.last_error,
        latency_ms=health.latency_ms,
        pushed_at=health.pushed_at,
        push_path=f"/api/v1/supply/push/{row.name}",
    )


def _circuit(health: SourceHealth) -> Circuit:
    if health.open_until is None:
        return Circuit.CLOSED
    return Circuit.OPEN if clock.now() < health.open_until else Circuit.HALF_OPEN


def hidden_part(kind: FactKind, key: str) -> str:
    """The newest fact's private part as JSON; "" when there is none."""
    kept = FactRow.objects.filter(kind=kind, key=key).exclude(private="").order_by("-as_of")
    found = kept.values_list("private", flat=True).first()
    if found:
        return found
    demo = DemoRecord.objects.filter(kind=kind, key=key).values_list("private", flat=True).first()
    return demo or ""
