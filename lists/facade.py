"""What other apps may ask of lists."""

from lists.access_collections import get_collection as collection_get_visible
from lists.events import ChallengeClaimed, CollectionPublished, EntryChanged, EpisodeWatched, HistoryForgotten
from lists.models import EntryStatus
from lists.querysets.collections import collection_listed_filter
from lists.selectors.collection_facts import collection_public_facts
from lists.selectors.entries import entry_of, statuses_of
from lists.selectors.preferences import preferences_of as list_preferences_of
from lists.selectors.progress import ContinueItem, continue_watching, progress_latest, progress_of_anime
from lists.selectors.seen import episodes_seen
from lists.selectors.told import collections_listed, collections_visible, list_lines_filter
from lists.selectors.watchers import Watcher, watchers_of
from lists.services import (
    entry_remove,
    entry_set,
    episode_next,
    episode_watched,
    progress_clear,
    progress_save,
)
from lists.services.collections import collection_delete

__all__ = [
    "ChallengeClaimed",
    "CollectionPublished",
    "ContinueItem",
    "EntryChanged",
    "EntryStatus",
    "EpisodeWatched",
    "HistoryForgotten",
    "Watcher",
    "collection_delete",
    "collection_get_visible",
    "collection_listed_filter",
    "collection_public_facts",
    "collections_listed",
    "collections_visible",
    "continue_watching",
    "entry_of",
    "entry_remove",
    "entry_set",
    "episode_next",
    "episode_watched",
    "episodes_seen",
    "list_lines_filter",
    "list_preferences_of",
    "progress_clear",
    "progress_latest",
    "progress_of_anime",
    "progress_save",
    "statuses_of",
    "watchers_of",
]
