"""Dates and lengths of time as sites write them, in Indonesian, English, German and Turkish."""

import datetime
import re
from functools import lru_cache

# First three letters of a month's name; no two languages disagree.
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan oca jän",
            "feb peb şub sub",
            "mar mär mrz maa",
            "apr nis",
            "may mei mai",
            "jun haz",
            "jul tem",
            "aug agu ağu ags agt",
            "sep eyl",
            "oct okt eki",
            "nov nop kas",
            "dec des dez ara",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_FIRST = re.compile(r"\b(\d{1,2})\.?\s+([^\W\d_]{3,12})\.?,?\s+(\d{4})\b")
_MONTH_FIRST = re.compile(r"\b([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{1,2})-(\d{1,2})")
_DIGITS = re.compile(r"\b(\d{1,2})[./](\d{1,2})[./](\d{4})\b")
_YEAR = re.compile(r"(?<!\d)(19[1-9]\d|20\d\d)(?!\d)")

_AGO = re.compile(r"\b(?:yang\s+lalu|lalu|ago|önce|vor)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    r"(\d{1,4})\s*(?:(?P<hours>h|hours?|jam|saat|stunden?)|(?P<days>days?|hari|gün|tage?n?)|(?P<weeks>weeks?|minggu|hafta|wochen?)"
    r"|(?P<minutes>m|min|mins|minutes?|menit|dakika|minuten?|seconds?|secs?|detik|saniye|sekunden?))\b",
    re.IGNORECASE,
)
_YESTERDAY = re.compile(r"\b(?:yesterday|kemarin|dün|gestern)\b", re.IGNORECASE)
_TODAY = re.compile(r"\b(?:today|hari\s+ini|bugün|heute)\b", re.IGNORECASE)

_WORD_ENDS = r"(?![^\W\d_])"  # a number may follow at once: "1h30m"
_HOURS = re.compile(rf"(\d{{1,3}}(?:[.,]\d)?)\s*(?:h|hrs?|hours?|jam|saat|std|stunden?){_WORD_ENDS}", re.IGNORECASE)
_MINUTES = re.compile(rf"(\d{{1,4}})\s*(?:m|mins?|minutes?|menit|mnt|dk|dakika|minuten?){_WORD_ENDS}", re.IGNORECASE)
_SECONDS = re.compile(rf"(\d{{1,5}})\s*(?:s|secs?|seconds?|detik|sn|saniye|sek|sekunden?){_WORD_ENDS}", re.IGNORECASE)
_DAY = 86_400


def date_of(text: str, *, today: datetime.date | None = None) -> datetime.date | None:
    """The first date in a text: "Okt 3, 2023", "7 Januari 2024", "2024-01-07". "3 hours yang lalu" only with a `today` to
    count from; months and years ago are no date.
    """
    text = text[:200]
    return _date_written(text) or (_days_before(text, today) if today else None)


@lru_cache(maxsize=4096)
def _date_written(text: str) -> datetime.date | None:
    """Sites write the same days again and again, on the pages of all that aired then."""
    if "-" in text and (found := _ISO.search(text)):
        return _date(found[1], found[2], found[3])
    dates = [
        *((at.start(), _date(at[3], _month(at[2]), at[1])) for at in _DAY_FIRST.finditer(text)),
        *((at.start(), _date(at[3], _month(at[1]), at[2])) for at in _MONTH_FIRST.finditer(text)),
        *((at.start(), _date(at[3], at[2], at[1])) for at in _DIGITS.finditer(text)),
    ]
    # What looks like a date may be none: "12 Episode 2023".
    return min(((at, date) for at, date in dates if date), default=(0, None))[1]


def _month(name: str) -> int | None:
    return _MONTHS.get(name.casefold()[:3])


def _days_before(text: str, today: datetime.date) -> datetime.date | None:
    if _TODAY.search(text):
        return today
    if _YESTERDAY.search(text):
        return today - datetime.timedelta(days=1)
    found = _AMOUNT.search(text)
    if found is None or not _AGO.search(text):
        return None
    return _sane(today - datetime.timedelta(**{str(found.lastgroup): int(found[1])}))


def _date(year: str, month: str | int | None, day: str) -> datetime.date | None:
    try:
        return _sane(datetime.date(int(year), int(month or 0), int(day)))
    except ValueError:
        return None


def _sane(found: datetime.date) -> datetime.date | None:
    """A day on which something could have been released; None for others."""
    return found if 1910 <= found.year < 2100 else None


def year_of(text: str) -> int | None:
    """The first year in a text."""
    found = _YEAR.search(text[:200])
    return int(found[1]) if found else None


def seconds_of(text: str) -> int | None:
    """A length in seconds: "24 min", "1 hr 30 min per ep", "1 jam 30 menit"; None beyond a day or for none."""
    text = text[:200]
    total = sum(
        round(float(found[1].replace(",", ".")) * unit)
        for pattern, unit in ((_HOURS, 3600), (_MINUTES, 60), (_SECONDS, 1))
        if (found := pattern.search(text))
    )
    return total if 0 < total <= _DAY else None
