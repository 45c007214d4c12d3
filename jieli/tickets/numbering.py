from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F

from jieli.tickets.models import TicketSeries


def next_number(now: datetime) -> str:
    """T20261121-0001: the business day and a running number. Call it inside the transaction that uses it: the series'
    row stays locked until then, so a number is never given twice and none is left out."""
    day = now.astimezone(ZoneInfo(settings.JIELI_TIME_ZONE)).date()
    series = TicketSeries.objects.filter(day=day)
    if not series.update(last=F("last") + 1):
        TicketSeries.objects.bulk_create([TicketSeries(day=day)], ignore_conflicts=True)
        series.update(last=F("last") + 1)
    return f"T{day:%Y%m%d}-{series.get().last:04d}"
