"""What people have on their lists, how far they have watched, and what they put together from it."""

from lists.models.collections import (
    ChallengeClaim,
    Collection,
    CollectionFavourite,
    CollectionGroup,
    CollectionItem,
    CollectionReaction,
    CollectionVisibility,
)
from lists.models.entries import EntryStatus, EntryTag, ListEntry
from lists.models.history import ActivityKind, ChangeSource, ListActivity, WatchedEpisode
from lists.models.imports import ImportRule, ImportState, ListImport, ListImportRow, RowOutcome, RowState
from lists.models.preferences import ListPreferences, ScoreFormat
from lists.models.progress import WatchProgress
from lists.models.recommendations import AnimeNeighbour
from lists.models.scrobble_rules import ScrobblePlay, ScrobbleRule
from lists.models.scrobbling import MediaServer, ScrobbleEndpoint, ScrobbleOutcome, ScrobbleReceipt

__all__ = [
    "ActivityKind",
    "AnimeNeighbour",
    "ChallengeClaim",
    "ChangeSource",
    "Collection",
    "CollectionFavourite",
    "CollectionGroup",
    "CollectionItem",
    "CollectionReaction",
    "CollectionVisibility",
    "EntryStatus",
    "EntryTag",
    "ImportRule",
    "ImportState",
    "ListActivity",
    "ListEntry",
    "ListImport",
    "ListImportRow",
    "ListPreferences",
    "MediaServer",
    "RowOutcome",
    "RowState",
    "ScoreFormat",
    "ScrobbleEndpoint",
    "ScrobbleOutcome",
    "ScrobblePlay",
    "ScrobbleReceipt",
    "ScrobbleRule",
    "WatchProgress",
    "WatchedEpisode",
]
