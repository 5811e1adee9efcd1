"""What other apps may ask of the catalogue."""

from catalog.access import get_anime as anime_get_visible
from catalog.access import get_episode_place as episode_place_get
from catalog.events import AnimeMerged
from catalog.filters.registry import register_filter
from catalog.selectors.cards import anime_cards, anime_ids_existing, episodes_existing
from catalog.selectors.ratings import rating_of
from catalog.services.anime import anime_create, anime_hide, anime_publish, anime_restrict, anime_update
from catalog.services.changes import catalog_touch
from catalog.services.documents import documents_rebuild_aired, documents_rebuild_stale
from catalog.services.merging import anime_merge
from catalog.services.ratings import rating_set

__all__ = [
    "AnimeMerged",
    "anime_cards",
    "anime_create",
    "anime_get_visible",
    "anime_hide",
    "anime_ids_existing",
    "anime_merge",
    "anime_publish",
    "anime_restrict",
    "anime_update",
    "catalog_touch",
    "documents_rebuild_aired",
    "documents_rebuild_stale",
    "episode_place_get",
    "episodes_existing",
    "rating_of",
    "rating_set",
    "register_filter",
]
