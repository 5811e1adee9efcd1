"""What people call the thing they signed in on: a readable name from a User-Agent. A guess for showing, never for deciding."""

import re
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# The first that matches names it: Edge, Opera and Yandex say that they are Chrome, too, and Chrome that it is Safari.
_BROWSERS = (
    (r"YaBrowser/", "Yandex Browser"),
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"Vivaldi/", "Vivaldi"),
    (r"SamsungBrowser/", "Samsung Internet"),
    (r"DuckDuckGo/", "DuckDuckGo"),
    (r"Firefox/|FxiOS/", "Firefox"),
    (r"Chromium/", "Chromium"),
    (r"HeadlessChrome/|Chrome/|CriOS/", "Chrome"),
    (r"Version/.*Safari/", "Safari"),
)
_PROGRAMS = (
    (r"anilay|expo|okhttp|cfnetwork|dart", gettext_noop("App")),
    (r"^curl/", "curl"),
    (r"^wget", "Wget"),
    (r"python|aiohttp|httpx", "Python"),
    (r"^go-http", "Go"),
    (r"node|axios|undici", "Node.js"),
    (r"^java|apache-httpclient", "Java"),
    (r"postman|insomnia|bruno", gettext_noop("API client")),
)
_SYSTEMS = (
    (r"iPad", "iPadOS"),
    (r"iPhone|iOS", "iOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Macintosh|Mac OS X|Darwin", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)
_TV = re.compile(r"smart-?tv|googletv|apple ?tv|bravia|aft[a-z]|web0s|tizen", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Device:
    """`browser` and `system` are proper names, empty when unknown; `form`: desktop, phone, tablet, tv or program."""

    browser: str
    system: str
    form: str

    @property
    def name(self) -> str:
        """Such as "Firefox on Linux", in the reader's language."""
        browser = self.browser and _(self.browser)  # programs have names that are words
        if browser and self.system:
            return _("%(browser)s on %(system)s") % {"browser": browser, "system": self.system}
        return browser or self.system or _("Unknown device")

    @property
    def icon(self) -> str:
        """Of the sprite."""
        return {"phone": "smartphone", "tablet": "smartphone", "tv": "tv", "program": "zap"}.get(self.form, "monitor")


def _first(table: tuple[tuple[str, str], ...], text: str, flags: int = 0) -> str:
    return next((name for pattern, name in table if re.search(pattern, text, flags)), "")


@lru_cache(maxsize=512)
def device_of(user_agent: str) -> Device:
    """The device that this User-Agent (at most 200 characters are kept) speaks of."""
    text = user_agent[:200]
    system = _first(_SYSTEMS, text)
    browser = _first(_BROWSERS, text)
    if not browser:
        program = _first(_PROGRAMS, text, re.IGNORECASE)
        form = "phone" if system in ("iOS", "Android") else "program"
        return Device(program, system, form)
    if _TV.search(text):
        return Device(browser, system, "tv")
    if system == "iPadOS" or (system == "Android" and "Mobile" not in text):
        return Device(browser, system, "tablet")
    return Device(browser, system, "phone" if system in ("iOS", "Android") else "desktop")
