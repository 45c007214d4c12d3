from collections.abc import Iterator

from jieli.kernel import laws, models


@laws.audit(5, "every decision of reception names model, confidence and reasons")
def unexplained() -> Iterator[tuple[object, str]]:
    rows = models.Decision.objects.filter(kind="reception")
    for row in rows.iterator(chunk_size=2000):
        if not row.reasons:
            yield row.id, "no reasons"
        if not row.inputs.get("model") or "confidence" not in row.inputs:
            yield row.id, "no model or confidence"
