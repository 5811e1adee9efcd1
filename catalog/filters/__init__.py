"""What the list of anime can be narrowed and ordered by, for the API and the site alike.

filters = AnimeFilters.of(request.GET, request.user)      # 400 unknown_filter, 422 validation_failed, 403 adult_not_allowed
filters.apply(Anime.objects.all())                        # visible to that person, narrowed
filters.chips()                                           # what is narrowed, for removable chips

base.py      what a filter is        kinds.py     the kinds of filters
table.py     the filters of anime    registry.py  where other apps add theirs
sorts.py     orders                  anime.py     AnimeFilters
"""

from catalog.filters.anime import AnimeFilters
from catalog.filters.base import Chip, Filter
from catalog.filters.registry import register_filter
from catalog.filters.sorts import SORTS, Sort

__all__ = ["SORTS", "AnimeFilters", "Chip", "Filter", "Sort", "register_filter"]
