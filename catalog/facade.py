"""What other apps may ask of the catalogue."""

from catalog.filters.registry import register_filter
from catalog.selectors.cards import anime_cards, anime_exists, anime_ids_existing
from catalog.selectors.ratings import rating_of
from catalog.services.ratings import rating_set

__all__ = ["anime_cards", "anime_exists", "anime_ids_existing", "rating_of", "rating_set", "register_filter"]
