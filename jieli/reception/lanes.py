"""Which lanes of the inbox this process handles. Lanes are leased in groups, shared fairly among live workers."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from jieli.channels.contracts import LANES
from jieli.kernel import clock, leases
from jieli.kernel.models import Lease

GROUPS = 8
_TTL = timedelta(seconds=10)
_RENEW_S = 2.0


class Lanes:
    """The lanes that `holder` may handle now; asks the database again every two seconds."""

    def __init__(self, holder: UUID) -> None:
        self._holder = holder
        self._mine: list[int] = []
        self._asked_at = 0.0

    def now(self) -> list[int]:
        at = clock.now().timestamp()
        if not 0 <= at - self._asked_at < _RENEW_S:
            self._asked_at = at
            self._mine = self._lease()
        return self._mine

    @transaction.atomic
    def _lease(self) -> list[int]:
        leases.acquire(f"reception.worker:{self._holder}", self._holder, ttl=_TTL)
        workers = Lease.objects.filter(name__startswith="reception.worker:", until__gte=clock.now()).count()
        share = -(-GROUPS // max(workers, 1))
        held: list[int] = []
        for group in range(GROUPS):
            name = f"reception.lanes:{group}"
            if len(held) >= share:
                leases.release(name, self._holder)
            elif leases.acquire(name, self._holder, ttl=_TTL):
                held.append(group)
        Lease.objects.filter(name__startswith="reception.worker:", until__lt=clock.now() - _TTL).delete()
        return [lane for lane in range(LANES) if lane % GROUPS in held]
