"""Who may see an anime, for apps that only suspect which anime something of theirs is."""

from collections.abc import Collection
from dataclasses import dataclass

from catalog.models import Anime, Visibility

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Audience:
    """What keeps an anime from strangers."""

    is_adult: bool = False
    is_hidden: bool = False

    @classmethod
    def of(cls, anime: Anime) -> "Audience":
        """A loaded anime's."""
        return cls(anime.is_adult, anime.visibility == Visibility.HIDDEN)

    def __or__(self, other: "Audience") -> "Audience":
        """Only those who may see both."""
        return Audience(self.is_adult or other.is_adult, self.is_hidden or other.is_hidden)

    def has(self, *, adult: bool, shows_hidden: bool) -> bool:
        """Whether somebody is among it who asked for adult titles (`adult`), who sees hidden ones (`shows_hidden`)."""
        return (adult or not self.is_adult) and (shows_hidden or not self.is_hidden)


def anime_audiences(anime_ids: Collection[int]) -> dict[int, Audience]:
    """{asked id: audience} of those that exist; one that was merged away has that of the anime it is part of. A query per 500."""
    fields = ("id", "is_adult", "visibility", "merged_into__is_adult", "merged_into__visibility")
    ids = sorted(set(anime_ids))
    found: dict[int, Audience] = {}
    for start in range(0, len(ids), CHUNK):
        rows = Anime.objects.filter(pk__in=ids[start : start + CHUNK]).values_list(*fields)
        for anime_id, is_adult, visibility, merged_is_adult, merged_visibility in rows:
            if merged_visibility is not None:
                is_adult, visibility = merged_is_adult, merged_visibility
            found[anime_id] = Audience(bool(is_adult), visibility == Visibility.HIDDEN)
    return found
