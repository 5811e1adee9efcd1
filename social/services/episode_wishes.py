"""Keeping of which variants of new episodes somebody wants to hear, and deciding which of them a release fulfils."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from social.models import EpisodeWish, WishKind

WISHES_LIMIT = 40
ATTEMPTS = 3


@dataclass(frozen=True, slots=True, order=True)
class Wish:
    """A variant somebody wants to hear of. `kind` "any" and `language` "" stand for every one."""

    kind: str = WishKind.ANY.value
    language: str = ""

    def fits(self, kind: str, language: str) -> bool:
        """Whether a release of this kind and language (BCP 47, regions included) is what was wished for."""
        if self.kind not in (WishKind.ANY, kind):
            return False
        wanted, found = self.language.lower(), language.lower()
        return not wanted or found == wanted or found.startswith(f"{wanted}-")


ANYTHING = (Wish(),)
"""What somebody wants who never said: to hear of an episode once, whatever its variant."""
Release = tuple[str, str]
"""(kind, language) of a variant that plays."""


def episode_wishes_set(
    *, user: User, wishes: Collection[Wish], anime_id: int | None = None, is_muted: bool = False
) -> None:
    """Keep the wishes for everything one watches, or for one anime; they take the place of those before.

    No wishes: any variant; for an anime: as for everything. `is_muted`: nothing of this anime. Raises `ValidationFailed`
    for a kind that is none and for more than `WISHES_LIMIT`. The caller made sure that the anime may be seen.
    """
    wanted = set(wishes)
    if len(wanted) > WISHES_LIMIT or any(one.kind not in WishKind.values or len(one.language) > 12 for one in wanted):
        raise ValidationFailed({"wishes": [_("Not variants of episodes.")]})
    rows = [EpisodeWish(user=user, anime_id=anime_id, kind=one.kind, language=one.language) for one in sorted(wanted)]
    if is_muted:
        rows = [EpisodeWish(user=user, anime_id=anime_id, is_muted=True)]
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                EpisodeWish.objects.filter(user=user, anime=anime_id).delete()
                EpisodeWish.objects.bulk_create(rows)
        except IntegrityError:  # another page of theirs saved at the same moment: the later one counts
            if attempt == ATTEMPTS - 1:
                raise
        else:
            return


def releases_wanted(
    wishes: Iterable[Wish], *, fresh: Collection[Release], earlier: Collection[Release]
) -> frozenset[Release]:
    """Those of an episode's `fresh` variants that somebody with these wishes is told of.

    Each wish is fulfilled once an episode: what an `earlier` variant fulfilled is silent, so sub and dub do not both tell
    somebody who takes either.
    """
    wanted: set[Release] = set()
    for wish in wishes:
        if not any(wish.fits(*found) for found in earlier):
            wanted.update(found for found in fresh if wish.fits(*found))
    return frozenset(wanted)


def wishes_of_many(user_ids: Collection[uuid.UUID], anime_id: int) -> Mapping[uuid.UUID, tuple[Wish, ...]]:
    """By person what they wish for of an anime, its own wishes before the general ones; () who muted it. One query.

    Who is not in it never said (`ANYTHING`).
    """
    rows = EpisodeWish.objects.filter(user__in=user_ids, anime=None) | EpisodeWish.objects.filter(
        user__in=user_ids, anime=anime_id
    )
    own: dict[uuid.UUID, list[Wish]] = defaultdict(list)
    general: dict[uuid.UUID, list[Wish]] = defaultdict(list)
    muted: set[tuple[uuid.UUID, int | None]] = set()
    for row in rows:
        if row.is_muted:
            muted.add((row.user_id, row.anime_id))
        (own if row.anime_id else general)[row.user_id].append(Wish(row.kind, row.language))
    found: dict[uuid.UUID, tuple[Wish, ...]] = {}
    for who in own.keys() | general.keys():
        is_own = who in own
        is_silent = (who, anime_id if is_own else None) in muted
        found[who] = () if is_silent else tuple((own if is_own else general)[who])
    return found
