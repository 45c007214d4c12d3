from django.db.models import F

from jieli.kernel import clock
from jieli.kernel.models import Counter


def add(name: str, by: int = 1) -> None:
    now = clock.now()
    if not Counter.objects.filter(name=name).update(value=F("value") + by, last_at=now):
        Counter.objects.bulk_create([Counter(name=name, value=0, last_at=now)], ignore_conflicts=True)
        Counter.objects.filter(name=name).update(value=F("value") + by, last_at=now)


def read(prefix: str = "") -> dict[str, int]:
    return dict(Counter.objects.filter(name__startswith=prefix).values_list("name", "value"))
