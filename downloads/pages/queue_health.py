"""The report of health in words, for the page of the queue."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.health.registry import Part, State
from core.health.report import Report

LABELS = {
    "database": gettext_lazy("Database"),
    "filesystem": gettext_lazy("Disk of the site"),
    "broker": gettext_lazy("Messages to workers"),
    "cache": gettext_lazy("Cache"),
    "library": gettext_lazy("Folder of the library"),
    "queue": gettext_lazy("Queue"),
    "workers": gettext_lazy("Workers"),
    "configuration": gettext_lazy("Configuration"),
    "ffmpeg": gettext_lazy("ffmpeg"),
    "services.anime_service": gettext_lazy("Catalogue"),
    "services.download_service": gettext_lazy("Downloads"),
}
WORDS = {
    "accessible": gettext_lazy("Can be used"),
    "connected": gettext_lazy("Connected"),
    "ready": gettext_lazy("Ready"),
    "valid": gettext_lazy("Valid"),
    "found": gettext_lazy("Found"),
    "new": gettext_lazy("Is made with the first file"),
    "running": gettext_lazy("Running"),
    "stopped": gettext_lazy("Stopped"),
    "paused": gettext_lazy("Paused"),
    "waiting": gettext_lazy("Waiting"),
    "alive": gettext_lazy("At work"),
    "absent": gettext_lazy("No worker answers"),
    "late": gettext_lazy("Work is due, and nobody takes it"),
    "missing": gettext_lazy("Not there"),
    "read_only": gettext_lazy("Cannot be written"),
    "damaged": gettext_lazy("Cannot be read; what was valid before holds"),
    "limited": gettext_lazy("Goes on with the last good configuration"),
    "unavailable": gettext_lazy("Cannot work now"),
    "full": gettext_lazy("Full"),
    "inaccessible": gettext_lazy("Cannot be used"),
    "no_answer": gettext_lazy("No answer"),
    "failed": gettext_lazy("Failed"),
    "unknown": gettext_lazy("Not known"),
}
ICONS = {State.HEALTHY: "circle-check", State.DEGRADED: "triangle-alert", State.UNHEALTHY: "circle-alert"}
STATES = {
    State.HEALTHY: gettext_lazy("Healthy"),
    State.DEGRADED: gettext_lazy("Something does not work"),
    State.UNHEALTHY: gettext_lazy("Not healthy"),
}


@dataclass(frozen=True, slots=True)
class HealthLine:
    """One part. `state` is healthy, degraded or unhealthy."""

    label: str
    state: str
    icon: str
    words: str
    more: str


@dataclass(frozen=True, slots=True)
class HealthView:
    state: str
    icon: str
    words: str
    lines: tuple[HealthLine, ...]


def health_lines(report: Report) -> HealthView:
    """The parts that have a name here come first, in its order."""
    order = {name: place for place, name in enumerate(LABELS)}
    parts = sorted(report.parts.items(), key=lambda item: order.get(item[0], len(order)))
    lines = tuple(_line(name, part) for name, part in parts)
    return HealthView(report.state.word, ICONS[report.state], str(STATES[report.state]), lines)


def _line(name: str, part: Part) -> HealthLine:
    word = str(part.facts["status"])
    return HealthLine(
        str(LABELS.get(name, name)), part.state.word, ICONS[part.state], str(WORDS.get(word, word)), _more(part.facts)
    )


def _more(facts: Any) -> str:
    """What else is worth a look, in one line."""
    found = []
    if facts.get("response_time_ms") is not None:
        found.append(_("%(count)s ms") % {"count": facts["response_time_ms"]})
    if facts.get("disk_free_gb") is not None:
        found.append(_("%(count)s GB free") % {"count": facts["disk_free_gb"]})
    if facts.get("problem"):
        found.append(str(facts["problem"]))
    if jobs := facts.get("jobs"):
        oldest = max(job["heartbeat_age_seconds"] for job in jobs)
        found.append(
            _("%(count)s at work, the last report %(seconds)s s ago") % {"count": len(jobs), "seconds": oldest}
        )
    if facts.get("path"):
        found.append(str(facts["path"]))
    return " · ".join(found)
