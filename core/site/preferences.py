"""How a visitor wants the site to look: theme, language of titles, time zone; kept in cookies, readable without a query."""

from typing import Literal, cast
from zoneinfo import ZoneInfo, available_timezones

from django.http import HttpRequest, HttpResponse

Theme = Literal["auto", "light", "dark"]
TitleLanguage = Literal["romaji", "english", "native"]

THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
TITLE_LANGUAGES: tuple[TitleLanguage, ...] = ("romaji", "english", "native")
COOKIE_AGE = 365 * 24 * 3600

_zones: frozenset[str] = frozenset()


def theme_of(request: HttpRequest) -> Theme:
    """The theme the visitor chose; `auto` follows the system (dark unless it asks for light)."""
    value = request.COOKIES.get("theme", "")
    return cast(Theme, value) if value in THEMES else "auto"


def title_language_of(request: HttpRequest) -> TitleLanguage:
    """The language titles are shown in: this browser's choice, else the account's, else romaji."""
    value = request.COOKIES.get("titles", "")
    if value in TITLE_LANGUAGES:
        return cast(TitleLanguage, value)
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated and user.title_language in TITLE_LANGUAGES:
        return cast(TitleLanguage, user.title_language)
    return "romaji"


def is_time_zone(name: str) -> bool:
    """Whether `name` is an IANA zone that this machine knows."""
    global _zones
    if not _zones:
        _zones = frozenset(available_timezones())
    return name in _zones


def time_zone_of(request: HttpRequest) -> ZoneInfo:
    """The visitor's time zone (cookie `tz`, set by the script from the browser), else UTC."""
    name = request.COOKIES.get("tz", "")
    return ZoneInfo(name) if name and is_time_zone(name) else ZoneInfo("UTC")


def preference_set(*, response: HttpResponse, name: str, value: str, secure: bool) -> None:
    """Keep one choice for a year. Scripts read and write these cookies, so they are not HttpOnly; they hold no secret."""
    response.set_cookie(name, value, max_age=COOKIE_AGE, samesite="Lax", secure=secure)
