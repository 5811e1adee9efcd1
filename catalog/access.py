"""Loading an anime for someone: visibility is decided here, once for every view."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.facade import sees_adult, sees_hidden
from catalog.errors import AdultNotAllowed, AnimeHidden, PlayerRestricted
from catalog.models import Anime, Episode, EpisodeKind, ExternalId, Site, Visibility
from core.errors import NotFound, ValidationFailed
from core.kept_queries import KeptQuery

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser
    from django.db.models.expressions import BaseExpression

    from accounts.models import User

    Viewer = User | AnonymousUser | None


def check_visible(user: "Viewer", visibility: str, moderation_reason: str, *, for_player: bool = False) -> None:
    """Raises `AnimeHidden` (410) and, for the player, `PlayerRestricted` (403, with the reason); testers and admins pass."""
    if visibility == Visibility.PUBLIC or (user is not None and sees_hidden(user)):
        return
    if visibility == Visibility.HIDDEN:
        raise AnimeHidden()
    if for_player:
        raise PlayerRestricted(extra={"moderation_reason": moderation_reason})


def hold_anime(anime_id: int) -> None:
    """Hold an anime's row until the caller's transaction ends: a merge waits, rows that point at it do not."""
    list(Anime.objects.select_for_update(no_key=True).filter(pk=anime_id).values_list("pk", flat=True))


def check_adult(user: "Viewer", is_adult: bool) -> None:
    """Raises `AdultNotAllowed` (403) for adult titles unless the account asked for them; testers and admins pass."""
    if is_adult and not (user is not None and (sees_adult(user) or sees_hidden(user))):
        raise AdultNotAllowed()


def get_anime(user: "Viewer", anime_id: int, *, for_player: bool = False, lock: bool = False) -> Anime:
    """The anime with this id; one that was merged away gives the one it was merged into.

    Raises `NotFound` (404), `AnimeHidden` (410), for the player `PlayerRestricted` and `AdultNotAllowed` (403).
    `lock` holds the row until the transaction ends.
    """
    rows = Anime.objects.select_for_update() if lock else Anime.objects
    anime = rows.filter(pk=anime_id).first()
    if anime is not None and anime.merged_into_id is not None:
        anime = rows.filter(pk=anime.merged_into_id, merged_into=None).first()
    if anime is None:
        raise NotFound()
    check_visible(user, anime.visibility, anime.moderation_reason, for_player=for_player)
    if for_player:
        check_adult(user, anime.is_adult)
    return anime


@dataclass(frozen=True, slots=True)
class EpisodePlace:
    """An episode of an anime in which somebody keeps a place. `beside` is what the asker read in the same query."""

    anime_id: int
    episode_count: int | None
    beside: Mapping[str, Any]


def episode_place_query(
    beside: "Callable[..., Mapping[str, BaseExpression]]" = lambda number: {}, **types: type
) -> KeptQuery:
    """What `get_episode_place` asks, for an app above that reads its own in the same query.

    `beside(number=…, **values)` makes annotations over the anime's row (`OuterRef("pk")`); `types` of the values as in `KeptQuery`.
    """

    def places(anime_id: int, number: int, **values: Any) -> "QuerySet[Anime, dict[str, Any]]":
        known = Episode.objects.filter(anime_id=OuterRef("pk"), kind=EpisodeKind.REGULAR)
        rows = Anime.objects.filter(pk=anime_id).annotate(
            has_row=Exists(known.filter(number=number)), has_rows=Exists(known)
        )
        asked = beside(number=number, **values)
        return rows.annotate(**asked).values(*_PLACE_FIELDS, *asked)

    return KeptQuery(places, anime_id=int, number=int, **types)


_PLACE_FIELDS = ("visibility", "moderation_reason", "merged_into_id", "episode_count", "has_row", "has_rows")
_PLACE = episode_place_query()
_MOST = 2**31 - 1
"""No id and no number is larger."""


def get_episode_place(
    user: "Viewer", anime_id: int, number: int, *, asking: KeptQuery = _PLACE, **values: Any
) -> EpisodePlace:
    """The anime in which `user` may keep a place at episode `number`; one query: `asking` with its `values`.

    Raises `NotFound`, `AnimeHidden`, and `ValidationFailed` (422) for a number that is no row and beyond the count
    (where nothing is known of its episodes, any number may be).
    """
    row = None if anime_id > _MOST else asking.first(anime_id=anime_id, number=min(number, _MOST), **values)
    if row is None:
        raise NotFound()
    if row["merged_into_id"] is not None:
        return get_episode_place(user, row["merged_into_id"], number, asking=asking, **values)
    check_visible(user, row["visibility"], row["moderation_reason"])
    count = row["episode_count"]
    if not (row["has_row"] or (number <= count if count else not row["has_rows"])):
        raise ValidationFailed({"episode_num": [_("The anime has no such episode.")]})
    return EpisodePlace(anime_id, count, {name: row[name] for name in row if name not in _PLACE_FIELDS})


def anime_visible_filter(user: "Viewer", *, prefix: str = "") -> Q:
    """For querysets of apps above: the anime at `prefix` ("anime__") is one that `user` may see listed."""
    merged = Q(**{f"{prefix}merged_into__isnull": True})
    if user is not None and sees_hidden(user):
        return merged
    return merged & ~Q(**{f"{prefix}visibility": Visibility.HIDDEN})


def anime_adult_filter(user: "Viewer", *, prefix: str = "") -> Q:
    """For querysets of apps above: without adult titles, unless `user` asked for them."""
    if user is not None and (sees_adult(user) or sees_hidden(user)):
        return Q()
    return Q(**{f"{prefix}is_adult": False})


def anime_id_by_shikimori(shikimori_id: str) -> int | None:
    """Our id of a Shikimori id, None when it is unknown here. Shikimori counts as MAL does, so a MAL id is as good."""
    rows = ExternalId.objects.filter(site__in=[Site.SHIKIMORI, Site.MAL], value=shikimori_id)
    # "shikimori" sorts after "mal": the site's own id wins.
    return rows.order_by("-site").values_list("anime_id", flat=True).first()


def get_anime_id(shikimori_id: str) -> int:
    """Our id of a Shikimori id; raises `NotFound` (404)."""
    found = anime_id_by_shikimori(shikimori_id)
    if found is None:
        raise NotFound()
    return found
