"""What every format is read into before anything is compared or stored: one record for each line of a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from django.utils.dateparse import parse_datetime

from lists.services.states import EntryState


@dataclass(frozen=True, slots=True)
class ListRecord:
    """One anime of somebody's list elsewhere.

    `ids` are (site, id there) in `catalog.facade.Site`'s words, the strongest first. `state` is already in our units
    (score 0–100, dates as in `lists.dates`). `said` names the fields of it that the format can express at all: others are
    left alone here. `updated_at` is when it was changed there, None where the format does not tell. `extras` is what the
    format knows besides ({"mal": {"my_priority": "LOW"}}), kept for the way back.
    """

    position: int
    title: str
    ids: tuple[tuple[str, str], ...]
    state: EntryState
    said: frozenset[str]
    kind: str = "unknown"
    episode_count: int | None = None
    created_at: datetime | None = None
    updated_at: datetime | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """A JSON object; `of_json` reads it."""
        return {
            "position": self.position,
            "title": self.title,
            "ids": [list(pair) for pair in self.ids],
            "state": self.state.as_json(),
            "said": sorted(self.said),
            "kind": self.kind,
            "episode_count": self.episode_count,
            "created_at": self.created_at.isoformat() if self.created_at else None,
            "updated_at": self.updated_at.isoformat() if self.updated_at else None,
            "extras": dict(self.extras),
        }

    @classmethod
    def of_json(cls, raw: Mapping[str, Any]) -> Self:
        """Back from `as_json`."""
        return cls(
            position=raw["position"],
            title=raw["title"],
            ids=tuple((site, value) for site, value in raw["ids"]),
            state=EntryState.of_json(raw["state"]),
            said=frozenset(raw["said"]),
            kind=raw["kind"],
            episode_count=raw["episode_count"],
            created_at=parse_datetime(raw["created_at"]) if raw["created_at"] else None,
            updated_at=parse_datetime(raw["updated_at"]) if raw["updated_at"] else None,
            extras=raw["extras"],
        )


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is not taken, and why: `reason` is a stable word ("manga", "duplicate", "bad_status", …)."""

    position: int
    title: str
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ReadList:
    """A whole file. Every line of it is either a record or a bad line."""

    format: str
    records: tuple[ListRecord, ...]
    bad: tuple[BadLine, ...] = ()
    owner_name: str = ""
