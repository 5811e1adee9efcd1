"""The formats of catalogue files: how each is read and mapped, and what its source is trusted with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from catalog.importing.anidb_titles import anime_map as anidb_titles_map
from catalog.importing.animeapi import anime_map as animeapi_map
from catalog.importing.bangumi_data import BangumiData
from catalog.importing.jikan import anime_map as jikan_map
from catalog.importing.offline_database import anime_map as offline_map
from catalog.importing.precedence import ANIDB_TITLES, ANIMEAPI, BANGUMI_DATA, JIKAN, OFFLINE_DATABASE
from catalog.importing.reader import Entry, Read, Source, json_read
from catalog.importing.records import AnimeRecord, BadRecord
from catalog.importing.tables import table_read, titles_read

Mapping = Callable[[Any], AnimeRecord]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `read` gives the entries of an opened file.

    `is_adding`: its records are no descriptions. They add ids and names to anime that are there, and make none; what the
    catalogue does not have is counted as unmatched.
    """

    name: str
    mapping: Callable[[dict[str, Any]], Mapping]
    """By what stands at the head of the file, beside its records."""
    read: Read = json_read
    knows_relation_kinds: bool = True
    is_adding: bool = False


FORMATS = {
    one.name: one
    for one in (
        Format(JIKAN, lambda meta: jikan_map),
        Format(BANGUMI_DATA, lambda meta: BangumiData(meta, timezone.now()).anime_map),
        Format(OFFLINE_DATABASE, lambda meta: offline_map, knows_relation_kinds=False),
        Format(ANIMEAPI, lambda meta: animeapi_map, table_read, is_adding=True),
        Format(ANIDB_TITLES, lambda meta: anidb_titles_map, titles_read, is_adding=True),
    )
}


class Mapper:
    """Maps the entries of one file; what stands at its head is known once the first entry is read."""

    def __init__(self, format: Format, source: Source) -> None:
        self._format, self._source = format, source
        self._mapping: Mapping | None = None

    def map(self, entry: Entry) -> AnimeRecord | BadRecord:
        """The record, or the `BadRecord` that says why there is none."""
        if self._mapping is None:
            self._mapping = self._format.mapping(self._source.meta)
        return entry_map(self._mapping, entry)


def entry_map(mapping: Callable[[Any], Any], entry: Entry) -> Any:
    """The record of an entry, or the `BadRecord` that says why there is none."""
    if entry.error:
        return BadRecord(entry.error)
    try:
        return mapping(entry.value)
    except BadRecord as error:
        return error
