"""How a moment is told to people: how long ago it was, and exactly, by the reader's own clock."""

from datetime import datetime, tzinfo

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext

JUST_NOW = 60
"""Seconds that are "just now"."""
FORMATS = {"exact": "DAY_YEAR_TIME_SHORT", "day": "DAY_YEAR_SHORT", "clock": "H:i"}
"""Names of config.dates."""


def ago_words(moment: datetime) -> str:
    """ "3 hours ago", in one unit."""
    if (timezone.now() - moment).total_seconds() < JUST_NOW:
        return gettext("just now")
    return gettext("%(ago)s ago") % {"ago": timesince(moment, depth=1)}


def moment_words(moment: datetime, zone: tzinfo, style: str = "exact") -> str:
    """A moment by the clock of `zone`; `style` is a key of `FORMATS`: "23 Nov 2026, 04:09", its day or its time alone."""
    return date_format(moment.astimezone(zone), FORMATS[style])
