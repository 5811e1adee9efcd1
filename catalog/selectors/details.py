"""One anime as ready-made JSON."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.access import check_visible
from core.errors import NotFound
from core.sql import rows

if TYPE_CHECKING:
    from catalog.access import Viewer

_STATEMENT = (
    "SELECT d.detail, d.etag, d.updated_at, a.visibility, a.moderation_reason, a.merged_into_id "
    "FROM catalog_anime a LEFT JOIN catalog_animedocument d ON d.anime_id = a.id WHERE a.id = %s"
)


@dataclass(frozen=True, slots=True)
class Detail:
    """The detail document as JSON text; `modified` is epoch seconds."""

    text: str
    etag: str
    modified: float


def anime_detail(user: "Viewer", anime_id: int) -> Detail:
    """The document of an anime (of the one it was merged into), one statement. Raises `NotFound`, `AnimeHidden`."""
    row = _row(anime_id)
    if row is not None and row[5] is not None:
        row = _row(row[5])
    if row is None or row[0] is None or row[5] is not None:
        raise NotFound()
    check_visible(user, row[3], row[4])
    return Detail(row[0], row[1], _epoch(row[2]))


def _row(anime_id: int) -> tuple | None:
    found = rows(_STATEMENT, (anime_id,))
    return found[0] if found else None


def _epoch(value: datetime.datetime | str) -> float:
    """SQLite gives times as naive texts in UTC."""
    if isinstance(value, str):
        value = datetime.datetime.fromisoformat(value).replace(tzinfo=datetime.UTC)
    return value.timestamp()
