"""What each value of the configuration may be, as far as the value alone tells; `folders` looks at the disk."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.egress.addresses import address_is_public
from core.egress.errors import EgressRefused
from core.egress.urls import url_read
from core.errors import Text
from downloads.configuration.values import Configuration
from downloads.errors import ConfigurationInvalid
from downloads.placing.templates import template_parse

LOG_LEVELS = ("debug", "info", "warning", "error")
CONTAINERS = ("mp4", "mkv")
VARIANTS = ("", "dub", "sub", "raw")
MAX_HOSTS = 500
MAX_QUIET_HOURS = 24
MAX_DIRECTORY = 1_000
BOUNDS: dict[str, tuple[int, int]] = {
    "parallel_downloads": (1, 16),
    "parallel_per_host": (1, 16),
    "parallel_segments": (1, 32),
    "bandwidth": (0, 10 * 1024**3),
    "free_space_floor": (0, 100 * 1024**4),
    "max_attempts": (1, 20),
    "stall_seconds": (15, 3_600),
    "recycle_days": (0, 365),
    "quality": (0, 4_320),
    "session_timeout_hours": (1, 24 * 30),
}
"""Smallest and largest of each number, in the units of `Configuration`."""
LEAST_BANDWIDTH = 16 * 1024
"""A cap below this stalls everything; 0 is no cap."""

Fields = dict[str, list[str]]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_LANGUAGE = re.compile(r"([a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2})?", re.ASCII)
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}", re.ASCII)
_NUMERIC = re.compile(r"[0-9.]+", re.ASCII)


class _Wrong(Exception):
    """Why a value cannot be."""

    def __init__(self, message: Text) -> None:
        super().__init__(str(message))


def defaults() -> Configuration:
    """What a new installation has: its own folders, and the log level of its environment."""
    level = str(settings.LOG_LEVEL).lower()
    return replace(
        Configuration(),
        anime_directory=str(settings.LIBRARY_ROOT),
        download_directory=str(settings.DOWNLOADS_ROOT),
        log_level=level if level in LOG_LEVELS else "info",
    )


def values_cleaned(changes: Mapping[str, Any]) -> tuple[dict[str, Any], Fields]:
    """The values in the form in which they are kept, and what is wrong: field → messages. Unknown fields are wrong."""
    cleaned: dict[str, Any] = {}
    wrong: Fields = {}
    for name, value in changes.items():
        check = _CHECKS.get(name)
        try:
            if check is None:
                raise _Wrong(_("There is no such setting."))
            cleaned[name] = check(value)
        except _Wrong as error:
            wrong[str(name)[:60]] = [str(error)]
        except ConfigurationInvalid as error:
            wrong[name] = list(error.extra["fields"][name])
    return cleaned, wrong


def values_loaded(content: bytes) -> Configuration:
    """The configuration that a file holds. Raises `ConfigurationInvalid` for one that cannot be.

    A file has what differs from the defaults alone. Names that this version does not know are left out.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise ConfigurationInvalid(extra={"fields": {}}) from None
    if not isinstance(found, dict):
        raise ConfigurationInvalid(extra={"fields": {}})
    cleaned, wrong = values_cleaned({name: value for name, value in found.items() if name in _CHECKS})
    if wrong:
        raise ConfigurationInvalid(extra={"fields": wrong})
    return replace(defaults(), **cleaned)


def values_dumped(values: Configuration) -> bytes:
    """What the file holds."""
    usual = defaults()
    named = {field.name: getattr(values, field.name) for field in fields(Configuration)}
    kept = {name: value for name, value in named.items() if value != getattr(usual, name)}
    return json.dumps(kept, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"


def _directory(value: object) -> str:
    if not isinstance(value, str) or not value or len(value.encode(errors="replace")) > MAX_DIRECTORY:
        raise _Wrong(_("Name a folder."))
    if _CONTROL.search(value) or not value.isprintable():
        raise _Wrong(_("The folder's name has characters that nobody can see."))
    path = PurePosixPath(value)
    if not path.is_absolute() or ".." in path.parts:
        raise _Wrong(_("The folder must be named from the root of the disk on."))
    return "/" + "/".join(path.parts[1:])


def _template(value: object) -> str:
    template = value if isinstance(value, str) else ""
    template_parse(template)
    return template


def _number(name: str) -> Callable[[object], int]:
    least, most = BOUNDS[name]

    def check(value: object) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise _Wrong(gettext("A whole number from %(least)d to %(most)d.") % {"least": least, "most": most})
        if name == "bandwidth" and 0 < value < LEAST_BANDWIDTH:
            raise _Wrong(gettext("At least %(least)d bytes a second, or 0 for no limit.") % {"least": LEAST_BANDWIDTH})
        return value

    return check


def _one_of(names: tuple[str, ...]) -> Callable[[object], str]:
    def check(value: object) -> str:
        if not isinstance(value, str) or value not in names:
            raise _Wrong(gettext("One of: %(names)s.") % {"names": ", ".join(name or '""' for name in names)})
        return value

    return check


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(_("Yes or no."))
    return value


def _language(value: object) -> str:
    if not isinstance(value, str) or len(value) > 12 or not _LANGUAGE.fullmatch(value):
        raise _Wrong(_("A language such as de, ja or pt-BR."))
    return value


def _zone(value: object) -> str:
    try:
        if isinstance(value, str) and _ZONE.fullmatch(value):
            ZoneInfo(value)
            return value
    except (KeyError, ValueError, OSError):
        pass
    raise _Wrong(_("A time zone such as Europe/Berlin."))


def _quiet_hours(value: object) -> tuple[str, ...]:
    spans = []
    for text in _texts(value, MAX_QUIET_HOURS):
        begin, _dash, end = text.strip().partition("-")
        end = "00:00" if end == "24:00" else end
        span = f"{begin}-{end}"
        if not _SPAN.fullmatch(span) or begin == end:
            raise _Wrong(_("Each span is like 22:00-06:30."))
        spans.append(span)
    return tuple(dict.fromkeys(spans))


def _hosts(value: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_host(text) for text in _texts(value, MAX_HOSTS)))


def _host(text: str) -> str:
    """One host in its canonical form, with its port if it names one; ".example.org" stands for all below it, too."""
    name, colon, port = text.strip().removeprefix(".").partition(":")
    is_wide = text.strip().startswith(".")
    if (colon and not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65_535)) or "/" in name:
        raise _Wrong(gettext("%(host)s is no host: write cdn.example.org or .example.org:8443.") % {"host": text[:80]})
    try:
        host = url_read(f"https://{name}/").host
    except EgressRefused:
        raise _Wrong(
            gettext("%(host)s is no host: write cdn.example.org or .example.org:8443.") % {"host": text[:80]}
        ) from None
    if _NUMERIC.fullmatch(host) and (is_wide or not address_is_public(host)):
        raise _Wrong(gettext("%(host)s is an address within a network of its own.") % {"host": text[:80]})
    if is_wide and "." not in host:
        raise _Wrong(gettext("%(host)s would allow a whole top-level domain.") % {"host": text[:80]})
    return f"{'.' if is_wide else ''}{host}{colon}{int(port) if port else ''}"


def _texts(value: object, most: int) -> list[str]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(text, str) for text in value):
        raise _Wrong(_("A list of texts."))
    if len(value) > most:
        raise _Wrong(gettext("At most %(most)d.") % {"most": most})
    return list(value)


_CHECKS: dict[str, Callable[[object], Any]] = {
    "anime_directory": _directory,
    "download_directory": _directory,
    "naming_template": _template,
    "container": _one_of(CONTAINERS),
    "quiet_hours": _quiet_hours,
    "time_zone": _zone,
    "allowed_hosts": _hosts,
    "language": _language,
    "variant": _one_of(VARIANTS),
    "log_level": _one_of(LOG_LEVELS),
    "scan_on_change": _truth,
    **{name: _number(name) for name in BOUNDS},
}
