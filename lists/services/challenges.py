"""Challenges: collections that pay once to whoever has completed all of them."""

import logging

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import PermissionDenied, ValidationFailed
from core.events import emit
from lists.access_collections import get_collection
from lists.errors import ChallengeAlreadyClaimed, ChallengeNotComplete, NotAChallenge
from lists.events import ChallengeClaimed
from lists.models import ChallengeClaim, Collection
from lists.models.collections import REWARD_LIMIT
from lists.selectors.collection_challenges import ChallengeProgress, challenge_progress

logger = logging.getLogger(__name__)


def challenge_set(
    *, actor: User, collection: Collection, is_challenge: bool | None = None, coin_reward: int | None = None
) -> Collection:
    """Make a collection a challenge worth 0–5,000 coins, or an ordinary one again; what is None stays as it is.

    Admins only: people would flag lists of what they have watched already (reference). Raises `PermissionDenied`,
    `ValidationFailed`, `NotFound`.
    """
    if not actor.has_perm("lists.change_collection"):
        raise PermissionDenied()
    if coin_reward is not None and (isinstance(coin_reward, bool) or not 0 <= coin_reward <= REWARD_LIMIT):
        wrong = _("A whole number from 0 to %(highest)s.") % {"highest": REWARD_LIMIT}
        raise ValidationFailed({"coin_reward": [wrong]})
    with transaction.atomic():
        found = get_collection(actor, collection.pk, lock=True)
        if is_challenge is not None:
            found.is_challenge = is_challenge
        if coin_reward is not None:
            found.coin_reward = coin_reward
        found.save(update_fields=["is_challenge", "coin_reward"])
    logger.info(
        "collection %s: challenge %s, %s coins, by %s", found.pk, found.is_challenge, found.coin_reward, actor.pk
    )
    return found


def challenge_claim(*, actor: User, collection: Collection) -> ChallengeProgress:
    """Claim the coins of a completed challenge: one row a person and collection, and `ChallengeClaimed` with it.

    Raises `NotFound`, `NotAChallenge` (400), `ChallengeAlreadyClaimed` (409) and `ChallengeNotComplete` (400), both with
    `extra["progress"]`. The collection's row is held, so the second of two claims sees the first.
    """
    with transaction.atomic():
        found = get_collection(actor, collection.pk, lock=True)
        if not found.is_challenge:
            raise NotAChallenge()
        progress = challenge_progress(actor, found)
        if progress.is_claimed:
            raise ChallengeAlreadyClaimed(extra={"progress": progress.as_json()})
        if not progress.is_complete:
            raise ChallengeNotComplete(extra={"progress": progress.as_json()})
        claim = ChallengeClaim.objects.create(collection=found, user=actor, coins=found.coin_reward)
        emit(ChallengeClaimed(user_id=actor.pk, collection_id=found.pk, coins=claim.coins))
    return progress.claimed(claim)


__all__ = ["challenge_claim", "challenge_set"]
