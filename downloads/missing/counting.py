"""How many episodes of each anime are there and missing: counted by the database, for thousands of anime in one statement.

It names tables of the catalogue, whose rows it only counts. Files are read from the index `library_file_present` alone; the
statement takes about a microsecond for each file, an order by what is missing included, so nothing is kept that could be stale.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

SORTS = {"missing": "c.known - c.present", "name": "LOWER(c.title)", "updated_at": "COALESCE(d.changed, {never})"}
LONGEST_SPAN = 500
"""Episodes that one file is believed to hold at most."""

_KEPT = """
SELECT anime_id FROM downloads_libraryfile WHERE state = 'matched' AND anime_id IS NOT NULL
UNION SELECT anime_id FROM downloads_download UNION SELECT anime_id FROM downloads_variantfollow"""
_NAMED = "SELECT id AS anime_id FROM catalog_anime WHERE id IN ({places})"
_LAST = """
SELECT anime_id, MAX(changed) AS changed FROM (
    SELECT anime_id, MAX(seen_at) AS changed FROM downloads_libraryfile
     WHERE state = 'matched' AND anime_id IS NOT NULL GROUP BY anime_id
    UNION ALL SELECT anime_id, MAX(created_at) FROM downloads_download GROUP BY anime_id
    UNION ALL SELECT anime_id, MAX(set_at) FROM downloads_variantfollow GROUP BY anime_id
) AS every GROUP BY anime_id"""
_LAST_OF_ONE = """
SELECT MAX(changed) FROM (
    SELECT MAX(seen_at) AS changed FROM downloads_libraryfile WHERE state = 'matched' AND anime_id = p.id
    UNION ALL SELECT MAX(created_at) FROM downloads_download WHERE anime_id = p.id
    UNION ALL SELECT MAX(set_at) FROM downloads_variantfollow WHERE anime_id = p.id
) AS every"""
_IS_KNOWN = """({number} BETWEEN 1 AND COALESCE(a.episode_count, 0) OR EXISTS (
    SELECT 1 FROM catalog_episode e WHERE e.anime_id = a.id AND e.kind = 'regular' AND e.number = {number}))"""

# `spans` are the numbers after the first of files that hold several; where another file begins there, it is counted already.
_COUNTED = """
WITH RECURSIVE spans(anime_id, number, last) AS (
    SELECT anime_id, first + 1, CASE WHEN last - first > {longest} THEN first + {longest} ELSE last END
      FROM downloads_libraryfile
     WHERE state = 'matched' AND anime_id IS NOT NULL AND episode_kind = 'regular' AND last > first
    UNION SELECT anime_id, number + 1, last FROM spans WHERE number < last
),
inside(anime_id, number) AS (
    SELECT DISTINCT anime_id, number FROM spans s WHERE NOT EXISTS (
        SELECT 1 FROM downloads_libraryfile f WHERE f.state = 'matched' AND f.anime_id = s.anime_id
           AND f.episode_kind = 'regular' AND f.first = s.number)
),
beyond(anime_id, total) AS (
    SELECT s.anime_id, COUNT(*) FROM inside s JOIN catalog_anime a ON a.id = s.anime_id
     WHERE {inside_known} GROUP BY s.anime_id
),
kept AS ({base}),
counted AS MATERIALIZED (
    SELECT a.id, a.title,
        COALESCE(a.episode_count, 0)
        + (SELECT COUNT(*) FROM catalog_episode e WHERE e.anime_id = a.id AND e.kind = 'regular'
              AND e.number > COALESCE(a.episode_count, 0))
        + (SELECT COUNT(*) FROM catalog_episode e WHERE e.anime_id = a.id AND e.kind = 'regular' AND e.number < 1) AS known,
        (SELECT COUNT(DISTINCT f.first) FROM downloads_libraryfile f WHERE f.state = 'matched' AND f.anime_id = a.id
            AND f.episode_kind = 'regular' AND {first_known}) + COALESCE(b.total, 0) AS present
      FROM kept k JOIN catalog_anime a ON a.id = k.anime_id LEFT JOIN beyond b ON b.anime_id = a.id
     WHERE a.merged_into_id IS NULL{shown}
)"""
_PAGE = """
SELECT p.id, p.title, p.known, p.present, (SELECT COUNT(*) FROM counted c{narrowed}) AS matches, ({last_of_one}) AS changed
  FROM (
    SELECT c.id, c.title, c.known, c.present, {sort} AS place FROM counted c{dated}{narrowed}
     ORDER BY place {order}, LOWER(c.title), c.id LIMIT %s OFFSET %s
  ) AS p ORDER BY p.place {order}, LOWER(p.title), p.id"""


@dataclass(frozen=True, slots=True)
class Counted:
    """Regular episodes of one anime: `known` to the catalogue (by a row or by its number of episodes), `present` of these.

    `changed_at` is when a file was first seen, a download asked for or an order set, whichever was last; None for an anime that
    is not kept.
    """

    anime_id: int
    title: str
    known: int
    present: int
    changed_at: datetime.datetime | None

    @property
    def missing(self) -> int:
        return self.known - self.present


def counted(
    *,
    limit: int,
    offset: int = 0,
    sort: str = "missing",
    is_descending: bool = True,
    only_missing: bool = False,
    anime_ids: Collection[int] | None = None,
    shows_hidden: bool = True,
) -> tuple[list[Counted], int]:
    """A stretch of the anime that the library keeps (a file, a download or a standing order names them), or of `anime_ids`;
    and how many there are in all. One query.

    Beyond the end there is nothing, and the number is 0.
    """
    if anime_ids is not None and not anime_ids:
        return [], 0
    sql = counted_sql(
        sort=sort,
        is_descending=is_descending,
        only_missing=only_missing,
        named=None if anime_ids is None else len(anime_ids),
        shows_hidden=shows_hidden,
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(anime_ids or ()), limit, offset])
        rows = cursor.fetchall()
    found = [Counted(pk, title, known, present, _moment(at)) for pk, title, known, present, _matches, at in rows]
    return found, rows[0][4] if rows else 0


def counted_sql(
    *, sort: str, is_descending: bool, only_missing: bool, named: int | None = None, shows_hidden: bool = True
) -> str:
    """The statement; its parameters are the ids (as many as `named`), the limit and the offset. `sort` is one of `SORTS`."""
    base = _KEPT if named is None else _NAMED.format(places=", ".join(["%s"] * named))
    head = _COUNTED.format(
        longest=LONGEST_SPAN - 1,
        base=base,
        inside_known=_IS_KNOWN.format(number="s.number"),
        first_known=_IS_KNOWN.format(number="f.first"),
        shown="" if shows_hidden else " AND a.visibility <> 'hidden'",
    )
    is_dated = sort == "updated_at"
    return head + _PAGE.format(
        narrowed=" WHERE c.known > c.present" if only_missing else "",
        dated=f" LEFT JOIN ({_LAST}) d ON d.anime_id = c.id" if is_dated else "",
        last_of_one=_LAST_OF_ONE,
        sort=SORTS[sort].format(never="'0001-01-01 00:00:00'"),
        order="DESC" if is_descending else "ASC",
    )


def _moment(value: Any) -> datetime.datetime | None:
    """SQLite gives what MAX() found as text, in UTC."""
    if value is None:
        return None
    found = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if timezone.is_aware(found) else found.replace(tzinfo=datetime.UTC)
