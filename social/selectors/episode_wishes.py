"""Of which variants of new episodes somebody wants to hear, as the settings and an anime's page show it."""

from dataclasses import dataclass

from accounts.facade import User
from social.models import EpisodeWish


@dataclass(frozen=True, slots=True)
class WishesShown:
    """`chosen`: "kind:language" of each wish; none: any variant (of an anime: as in general)."""

    chosen: frozenset[str]
    is_muted: bool


def wishes_shown(user: User, anime_id: int | None = None) -> WishesShown:
    """Somebody's general wishes, or those for one anime; one query."""
    rows = list(EpisodeWish.objects.filter(user=user, anime=anime_id))
    chosen = frozenset(f"{row.kind}:{row.language}" for row in rows if not row.is_muted)
    return WishesShown(chosen - {"any:"}, any(row.is_muted for row in rows))


def anime_ids_with_wishes(user: User, limit: int = 200) -> dict[int, bool]:
    """{anime id: whether it is muted} of those with wishes of their own; one query."""
    rows = EpisodeWish.objects.filter(user=user, anime__isnull=False).order_by("anime_id", "pk")
    return dict(rows.values_list("anime_id", "is_muted")[:limit])
