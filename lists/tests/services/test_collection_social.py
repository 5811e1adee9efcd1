"""Reactions, bookmarks, challenges and what keeps people from them."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core import events
from core.errors import NotFound, PermissionDenied, ValidationFailed
from lists.errors import (
    ChallengeAlreadyClaimed,
    ChallengeLocked,
    ChallengeNotComplete,
    NotAChallenge,
)
from lists.events import ChallengeClaimed
from lists.models import ChallengeClaim, CollectionItem
from lists.selectors.collections import challenge_progress, social_state
from lists.services import entry_set
from lists.services.challenges import challenge_claim, challenge_set
from lists.services.collection_items import ItemDraft, item_remove, items_add
from lists.services.collection_social import (
    favourite_add,
    favourite_remove,
    reaction_remove,
    reaction_set,
)
from lists.services.collections import collection_update
from lists.tests.collections import collection_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


@pytest.fixture
def other() -> User:
    return UserFactory.create()


@pytest.fixture
def admin() -> User:
    return UserFactory.create(role="admin")


def test_a_reaction_is_one_and_may_be_ones_own(owner: User, other: User) -> None:
    found = collection_of(owner)
    for actor, value in ((owner, "like"), (other, "like"), (other, "dislike")):
        reaction_set(actor=actor, collection=found, value=value)
    state = social_state(other, found)
    assert (state.like_count, state.dislike_count, state.reaction) == (1, 1, "dislike")
    assert social_state(AnonymousUser(), found).reaction is None
    for _ in range(2):
        reaction_remove(actor=other, collection=found)
    assert social_state(other, found).dislike_count == 0
    with pytest.raises(ValidationFailed):
        reaction_set(actor=other, collection=found, value="love")


def test_a_bookmark_is_one_and_goes_also_when_it_may_not_be_seen(owner: User, other: User) -> None:
    found = collection_of(owner)
    for _ in range(2):
        favourite_add(actor=other, collection=found)
    assert (social_state(other, found).favourite_count, social_state(other, found).is_favourite) == (1, True)
    assert not social_state(AnonymousUser(), found).is_favourite
    collection_update(actor=owner, collection=found, visibility="private")
    with pytest.raises(NotFound):
        favourite_add(actor=other, collection=found)
    with pytest.raises(NotFound):
        reaction_set(actor=other, collection=found, value="like")
    for _ in range(2):
        favourite_remove(actor=other, collection_id=found.pk)
    assert social_state(owner, found).favourite_count == 0


class TestChallenges:
    """Completed by the list, claimed once."""

    def test_only_admins_make_one(self, owner: User, admin: User) -> None:
        found = collection_of(owner)
        for actor in (owner, UserFactory.create(role="moderator")):
            with pytest.raises(PermissionDenied):
                challenge_set(actor=actor, collection=found, is_challenge=True)
        for reward in (-1, 5_001, True):
            with pytest.raises(ValidationFailed):
                challenge_set(actor=admin, collection=found, coin_reward=reward)
        made = challenge_set(actor=admin, collection=found, is_challenge=True, coin_reward=5_000)
        assert (made.is_challenge, made.coin_reward) == (True, 5_000)
        assert challenge_set(actor=admin, collection=found, is_challenge=False).coin_reward == 5_000

    def test_its_owner_does_not_change_what_is_in_it(self, owner: User, admin: User) -> None:
        found = collection_of(owner, items=2)
        challenge_set(actor=admin, collection=found, is_challenge=True)
        with pytest.raises(ChallengeLocked):
            items_add(actor=owner, collection=found, drafts=[ItemDraft(shikimori_id=1)])
        with pytest.raises(ChallengeLocked):
            item_remove(actor=owner, item=CollectionItem.objects.first())  # type: ignore[arg-type]
        assert CollectionItem.objects.count() == 2

    def test_an_anime_counts_by_our_row_and_by_its_shikimori_id(self, owner: User, other: User) -> None:
        found = collection_of(owner)
        known, later = AnimeFactory.create(document=True), AnimeFactory.create(document=True)
        items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=known.pk), ItemDraft(shikimori_id=77)])
        entry_set(user=other, anime_id=known.pk, status="completed")
        entry_set(user=other, anime_id=later.pk, status="completed")
        progress = challenge_progress(other, found)
        assert (progress.completed, progress.total, progress.percent) == (1, 2, 50)
        later.external_ids.create(site="shikimori", value="77")
        progress = challenge_progress(other, found)
        assert (progress.completed, progress.is_complete, progress.is_challenge) == (2, True, False)
        assert challenge_progress(AnonymousUser(), found).total == 0

    def test_an_empty_one_is_never_complete(self, owner: User, other: User, admin: User) -> None:
        found = collection_of(owner)
        with pytest.raises(NotAChallenge):
            challenge_claim(actor=other, collection=found)
        challenge_set(actor=admin, collection=found, is_challenge=True, coin_reward=5)
        with pytest.raises(ChallengeNotComplete):
            challenge_claim(actor=other, collection=found)

    def test_it_is_claimed_once(self, owner: User, other: User, admin: User, monkeypatch: pytest.MonkeyPatch) -> None:
        heard: list[ChallengeClaimed] = []
        monkeypatch.setitem(events._subscribers, ChallengeClaimed, [heard.append])
        found, anime = collection_of(owner), AnimeFactory.create(document=True)
        items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=anime.pk)])
        challenge_set(actor=admin, collection=found, is_challenge=True, coin_reward=250)
        with pytest.raises(ChallengeNotComplete) as unfinished:
            challenge_claim(actor=other, collection=found)
        assert unfinished.value.extra["progress"]["completed"] == 0
        entry_set(user=other, anime_id=anime.pk, status="completed")
        assert challenge_claim(actor=other, collection=found).is_claimed
        with pytest.raises(ChallengeAlreadyClaimed) as again:
            challenge_claim(actor=other, collection=found)
        assert again.value.extra["progress"]["is_claimed"]
        assert heard == [ChallengeClaimed(user_id=other.pk, collection_id=found.pk, coins=250)]
        assert ChallengeClaim.objects.get().coins == 250

    def test_hiding_adult_titles_makes_none_shorter(self, owner: User, other: User, admin: User) -> None:
        found, plain = collection_of(owner), AnimeFactory.create(document=True)
        adult, gone = AnimeFactory.create(document=True, adult=True), AnimeFactory.create(document=True)
        items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=one.pk) for one in (plain, adult, gone)])
        challenge_set(actor=admin, collection=found, is_challenge=True, coin_reward=5)
        gone.visibility = "hidden"
        gone.save()
        entry_set(user=other, anime_id=plain.pk, status="completed")
        with pytest.raises(ChallengeNotComplete) as unfinished:
            challenge_claim(actor=other, collection=found)
        assert unfinished.value.extra["progress"]["total"] == 2
