"""The report of all parts, made at most once in ten seconds for those who may see no more than one word of it."""

import threading
import time
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from core.health import parts  # noqa: F401 — the site's own parts
from core.health.registry import Part, State, parts_look

KEPT_SECONDS = 10.0
_BEGAN = time.monotonic()
_turn = threading.Lock()
_last: tuple[float, "Report"] | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`state` is the worst of the parts; {name: part} in the order in which they were registered."""

    state: State
    parts: dict[str, Part]

    def public(self) -> dict[str, Any]:
        """What everybody may know. `uptime_seconds` of this process."""
        return {"status": self.state.word, "version": site_version(), "uptime_seconds": int(time.monotonic() - _BEGAN)}

    def whole(self) -> dict[str, Any]:
        """With every part; "services.x" stands as x below `services`."""
        found: dict[str, Any] = self.public()
        for name, part in self.parts.items():
            above, _dot, below = name.partition(".")
            if below:
                found.setdefault(above, {})[below] = part.facts["status"]
            else:
                found[name] = dict(part.facts)
        return found


def report_make() -> Report:
    """Look now. A few seconds at most; nothing is raised."""
    global _last
    found = parts_look()
    made = Report(max((part.state for part in found.values()), default=State.HEALTHY), found)
    _last = (time.monotonic(), made)
    return made


def report_recent() -> Report:
    """One of the last ten seconds, else a new one; strangers who ask often cost no more than one who asks."""
    with _turn:
        if _last is not None and time.monotonic() - _last[0] < KEPT_SECONDS:
            return _last[1]
        return report_make()


@cache
def site_version() -> str:
    """The version of this installation, "" when its files do not say."""
    try:
        about = tomllib.loads(Path(settings.BASE_DIR, "pyproject.toml").read_text(encoding="utf-8"))
        return str(about["project"]["version"])
    except (OSError, KeyError, ValueError):
        return ""
