"""When nothing may be fetched: the operator's quiet hours, and a queue that was paused or stopped."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from downloads.configuration.store import configuration
from downloads.models import QueueControl, QueueMode


def queue_mode() -> QueueMode:
    """What staff set; one query."""
    found = QueueControl.objects.filter(pk=1).values_list("mode", flat=True).first()
    return QueueMode(found) if found else QueueMode.RUNNING


def is_quiet(now: datetime | None = None) -> bool:
    """Whether `now` lies within one of the operator's quiet hours ("22:00-06:30" goes over midnight)."""
    values = configuration()
    if not values.quiet_hours:
        return False
    here = (now or timezone.now()).astimezone(ZoneInfo(values.time_zone) if values.time_zone else UTC).time()
    return any(_contains(span, here) for span in values.quiet_hours)


def _contains(span: str, here: time) -> bool:
    begin, _dash, end = span.partition("-")
    first, last = time.fromisoformat(begin.strip()), time.fromisoformat(end.strip())
    return first <= here < last if first <= last else here >= first or here < last
