"""Counts what happened with each host by the hour."""

import datetime
from typing import Literal

from django.db import connection
from django.utils import timezone

from providers.models import HostHour

Outcome = Literal["ok", "unchanged", "failed", "blocked", "paced", "unread"]

_COLUMNS: dict[str, tuple[str, ...]] = {
    "ok": ("requests",),
    "unchanged": ("requests", "unchanged"),
    "failed": ("requests", "failures"),
    "blocked": ("requests", "blocked"),
    "paced": ("paced",),  # nothing was sent
    "unread": ("unread",),  # a page that had been counted as "ok"
}
_COUNTED = ("requests", "failures", "blocked", "unchanged", "paced", "unread")


def host_count(provider_id: int, host: str, *, outcome: Outcome, milliseconds: int) -> None:
    """Add one outcome to the host's current hour; its time only where it counts as a request.

    One statement: counts of processes that do it at once all hold.
    """
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    milliseconds = max(0, milliseconds) if "requests" in _COLUMNS[outcome] else 0
    table = HostHour._meta.db_table
    names = (*_COUNTED, "milliseconds", "slowest")
    values = [*(int(name in _COLUMNS[outcome]) for name in _COUNTED), milliseconds, milliseconds]
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in (*_COUNTED, "milliseconds"))
    sql = f"""INSERT INTO {table} (provider_id, host, hour, {", ".join(names)})
        VALUES (%s, %s, %s, {", ".join(["%s"] * len(names))})
        ON CONFLICT (provider_id, host, hour) DO UPDATE SET {added}, slowest =
        CASE WHEN excluded.slowest > {table}.slowest THEN excluded.slowest ELSE {table}.slowest END"""  # noqa: S608 — our names
    with connection.cursor() as cursor:
        cursor.execute(sql, [provider_id, host[:255], connection.ops.adapt_datetimefield_value(hour), *values])


def host_hours_forget(*, older_than: datetime.timedelta) -> int:
    """Delete the counts of hours that are so long over; how many went."""
    return HostHour.objects.filter(hour__lt=timezone.now() - older_than).delete()[0]
