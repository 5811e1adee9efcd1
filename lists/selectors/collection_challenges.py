"""How far somebody is in a challenge."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lists.models import ChallengeClaim, Collection, CollectionItem, EntryStatus, ListEntry
from lists.selectors.collection_anime import shikimori_known

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.facade import User

CHUNK = 500


@dataclass(frozen=True, slots=True)
class ChallengeProgress:
    """Anime completed of all that are in it (but what was taken down, which nobody can complete); an empty challenge is
    never complete. Strangers get the reward and zeroes (reference).
    """

    is_challenge: bool
    coin_reward: int
    total: int = 0
    completed: int = 0
    is_claimed: bool = False
    claimed_at: datetime | None = None

    @property
    def percent(self) -> int:
        """0–100, 100 only when nothing is left."""
        return self.completed * 100 // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return 0 < self.total == self.completed

    def claimed(self, claim: ChallengeClaim) -> "ChallengeProgress":
        """The same after the claim."""
        return replace(self, is_claimed=True, claimed_at=claim.claimed_at)

    def as_json(self) -> dict[str, Any]:
        """What the API answers, as plain values."""
        names = ("is_challenge", "coin_reward", "total", "completed", "percent", "is_complete", "is_claimed")
        moment = self.claimed_at.isoformat().replace("+00:00", "Z") if self.claimed_at else None
        return {**{name: getattr(self, name) for name in names}, "claimed_at": moment}


def challenge_progress(viewer: "User | AnonymousUser", collection: Collection) -> ChallengeProgress:
    """The viewer's standing; items count as completed through our row or through their Shikimori id (reference).

    The caller got `collection` from `access_collections.get_collection`. Three queries, and one per 400 anime that were
    added before the catalogue knew them.
    """
    if not viewer.is_authenticated:
        return ChallengeProgress(collection.is_challenge, collection.coin_reward)
    found = CollectionItem.objects.filter(collection=collection)
    asked = found.completable_by(viewer, is_own=viewer.pk == collection.owner_id)
    items = list(asked.values_list("shikimori_id", "anime_id"))
    later = shikimori_known(list(filter(None, (shikimori for shikimori, anime in items if anime is None))))
    ours: list[int | None] = [anime or later.get(shikimori or 0) for shikimori, anime in items]
    wanted = sorted({anime for anime in ours if anime})
    done: set[int] = set()
    entries = ListEntry.objects.filter(user=viewer, status=EntryStatus.COMPLETED)
    for start in range(0, len(wanted), CHUNK):
        done.update(entries.filter(anime__in=wanted[start : start + CHUNK]).values_list("anime_id", flat=True))
    claim = ChallengeClaim.objects.filter(collection=collection, user=viewer).first()
    return ChallengeProgress(
        is_challenge=collection.is_challenge,
        coin_reward=collection.coin_reward,
        total=len(items),
        completed=sum(anime in done for anime in ours),
        is_claimed=claim is not None,
        claimed_at=claim.claimed_at if claim else None,
    )


__all__ = ["ChallengeProgress", "challenge_progress"]
