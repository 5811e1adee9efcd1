"""One anime as ready-made JSON."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog.access import check_visible
from core.errors import NotFound
from core.sql import moment_of, rows_as_bytes

if TYPE_CHECKING:
    from catalog.access import Viewer

_STATEMENT = (
    "SELECT d.detail, d.etag, d.updated_at, a.visibility, a.moderation_reason, a.merged_into_id "
    "FROM catalog_anime a LEFT JOIN catalog_animedocument d ON d.anime_id = a.id WHERE a.id = %s"
)


@dataclass(frozen=True, slots=True)
class Detail:
    """The detail document as JSON; `modified` is epoch seconds."""

    text: bytes
    etag: str
    modified: float


def anime_detail(user: "Viewer", anime_id: int) -> Detail:
    """The document of an anime (of the one it was merged into), one statement. Raises `NotFound`, `AnimeHidden`."""
    row = _row(anime_id)
    if row is not None and row[5] is not None:
        row = _row(int(row[5]))
    if row is None or row[0] is None or row[5] is not None:
        raise NotFound()
    check_visible(user, row[3].decode(), row[4].decode())
    return Detail(row[0], row[1].decode(), moment_of(row[2]))


def _row(anime_id: int) -> tuple | None:
    found = rows_as_bytes(_STATEMENT, (anime_id,))
    return found[0] if found else None
