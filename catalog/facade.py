"""What other apps may ask of the catalogue."""

from catalog.selectors.cards import anime_cards, anime_exists, anime_ids_existing
from catalog.services.ratings import rating_set

__all__ = ["anime_cards", "anime_exists", "anime_ids_existing", "rating_set"]
