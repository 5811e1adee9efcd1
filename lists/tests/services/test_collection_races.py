"""Collections when two things happen at once, on either database."""

from collections import Counter
from collections.abc import Callable

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core import events
from lists.events import ChallengeClaimed
from lists.models import ChallengeClaim, Collection, CollectionFavourite, CollectionItem, CollectionReaction
from lists.services import collections as services
from lists.services import entry_set
from lists.services.challenges import challenge_claim, challenge_set
from lists.services.collection_groups import group_create
from lists.services.collection_items import ItemDraft, item_move, item_remove, items_add
from lists.services.collection_social import favourite_add, reaction_set
from lists.tests.collections import collection_of, order_of
from tests.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner() -> User:
    return UserFactory.create()


def test_fifty_claims_pay_once(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[ChallengeClaimed] = []
    monkeypatch.setitem(events._subscribers, ChallengeClaimed, [heard.append])
    found, anime = collection_of(owner), AnimeFactory.create(document=True)
    items_add(actor=owner, collection=found, drafts=[ItemDraft(anime_id=anime.pk)])
    challenge_set(actor=UserFactory.create(role="admin"), collection=found, is_challenge=True, coin_reward=5)
    entry_set(user=owner, anime_id=anime.pk, status="completed")
    ends = at_once([lambda: challenge_claim(actor=owner, collection=found)] * 50)
    assert ends == {"done": 1, "challenge_already_claimed": 49}
    assert ChallengeClaim.objects.count() == len(heard) == 1


def test_a_copy_has_all_of_what_was_added_meanwhile_or_nothing(owner: User) -> None:
    found, others = collection_of(owner, items=1), [UserFactory.create() for _ in range(4)]

    def add(turn: int) -> None:
        drafts = [ItemDraft(shikimori_id=1_000 * turn + n, title=str(turn)) for n in range(1, 31)]
        group = group_create(actor=owner, collection=found, name=str(turn))
        items_add(actor=owner, collection=found, drafts=drafts, group_id=group.pk)

    adds: list[Callable[[], object]] = [lambda turn=turn: add(turn) for turn in range(1, 5)]  # type: ignore[misc]
    copies: list[Callable[[], object]] = [
        lambda user=user: services.collection_fork(actor=user, collection=found)  # type: ignore[misc]
        for user in others
    ]
    assert at_once([*adds, *copies]) == {"done": 8}
    assert len(order_of(found)) == 121
    for copy in Collection.objects.filter(forked_from=found):
        whole = Counter(title for title in order_of(copy) if title != "Title 0")
        assert set(whole.values()) <= {30}
        assert not CollectionItem.objects.filter(collection=copy).exclude(group=None).exclude(group__collection=copy)


def test_places_stay_distinct_under_moves_and_removals(owner: User) -> None:
    found = collection_of(owner, items=12)
    rows = list(CollectionItem.objects.filter(collection=found).order_by("position"))
    moves: list[Callable[[], object]] = [
        lambda row=row, to=to: item_move(actor=owner, item=row, group_id=None, index=to)  # type: ignore[misc]
        for row, to in zip(rows[:8], (11, 0, 5, 5, 2, 9, 0, 11), strict=True)
    ]
    removals: list[Callable[[], object]] = [lambda row=row: item_remove(actor=owner, item=row) for row in rows[8:10]]  # type: ignore[misc]
    assert at_once([*moves, *removals]) == {"done": 10}
    assert len(order_of(found)) == 10


def test_an_anime_added_twice_at_once_is_in_it_once(owner: User) -> None:
    found, anime = collection_of(owner), AnimeFactory.create(document=True, mal_id=5)
    drafts = [ItemDraft(shikimori_id=5), ItemDraft(anime_id=anime.pk)]
    assert at_once([lambda d=d: items_add(actor=owner, collection=found, drafts=[d]) for d in drafts * 4]) == {
        "done": 8
    }  # type: ignore[misc]
    assert len(order_of(found)) == 1


def test_reactions_and_bookmarks_at_once_are_one(owner: User) -> None:
    found = collection_of(owner)
    calls: list[Callable[[], object]] = []
    for value in ("like", "dislike") * 3:
        calls.append(lambda value=value: reaction_set(actor=owner, collection=found, value=value))  # type: ignore[misc]
        calls.append(lambda: favourite_add(actor=owner, collection=found))
    assert at_once(calls) == {"done": 12}
    assert CollectionReaction.objects.count() == CollectionFavourite.objects.count() == 1


def test_what_is_said_of_one_that_is_deleted_meanwhile(owner: User) -> None:
    found, people = collection_of(owner), [UserFactory.create() for _ in range(6)]
    calls: list[Callable[[], object]] = [
        lambda user=user: reaction_set(actor=user, collection=found, value="like")  # type: ignore[misc]
        for user in people
    ]
    ends = at_once([*calls, lambda: services.collection_delete(actor=owner, collection=found)])
    assert set(ends) <= {"done", "not_found"}
    assert not CollectionReaction.objects.exists()


def test_the_last_place_is_taken_once(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "COLLECTIONS_LIMIT", 2)
    found = collection_of(owner)
    ends = at_once([lambda: services.collection_fork(actor=owner, collection=found)] * 5)
    assert ends == {"done": 1, "too_many_collections": 4}


def test_looks_at_once_are_all_counted(owner: User) -> None:
    found = collection_of(owner)
    assert at_once([lambda: services.collection_view(viewer=owner, collection=found)] * 12) == {"done": 12}
    assert Collection.objects.get().view_count == 12
