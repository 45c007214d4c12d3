"""Who may do a thing that only one process may do at a time. A lease runs out by itself when its holder dies."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from jieli.kernel import clock
from jieli.kernel.models import Lease


def acquire(name: str, holder: UUID, *, ttl: timedelta = timedelta(seconds=10)) -> bool:
    """Take or renew the lease; False while another holder's is still running."""
    now = clock.now()
    free = Q(holder=holder) | Q(until__lt=now)
    if Lease.objects.filter(free, name=name).update(holder=holder, until=now + ttl):
        return True
    if Lease.objects.filter(name=name).exists():
        return False
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, holder=holder, until=now + ttl)
    except IntegrityError:
        return False
    return True


def release(name: str, holder: UUID) -> None:
    Lease.objects.filter(name=name, holder=holder).delete()


class Kept:
    """A lease that one loop keeps: asks the database only when a third of the time has passed."""

    def __init__(self, name: str, holder: UUID, *, ttl: timedelta) -> None:
        self._name, self._holder, self._ttl = name, holder, ttl
        self._sure_until = datetime.min.replace(tzinfo=UTC)

    def mine(self) -> bool:
        now = clock.now()
        if not now < self._sure_until <= now + self._ttl:
            held = acquire(self._name, self._holder, ttl=self._ttl)
            self._sure_until = now + self._ttl / 3 if held else now
        return now < self._sure_until
