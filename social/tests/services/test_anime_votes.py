"""Votes on anime: once a person, counters that are right whoever votes at once, moved when two anime become one."""

from collections.abc import Callable

import pytest

from accounts.tests.factories import UserFactory
from catalog.facade import anime_merge
from catalog.models import Anime
from catalog.services.anime import anime_hide
from catalog.tests.factories import AnimeFactory
from core.errors import DomainError
from core.personal_data import erase_parts
from social.models import AnimeVote, AnimeVotes, Report
from social.selectors.anime_votes import Votes, votes_of
from social.services.anime_votes import anime_vote_remove, anime_vote_set
from social.tests.reported import named_of, report_of
from tests.races import at_once

pytestmark = pytest.mark.django_db


def refused(code: str, call: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as caught:
        call()
    assert caught.value.code == code


def counted(anime: Anime) -> tuple[int, int]:
    row = AnimeVotes.objects.filter(pk=anime.pk).first()
    return (row.likes, row.dislikes) if row else (0, 0)


def true_counts(anime: Anime) -> tuple[int, int]:
    rows = AnimeVote.objects.filter(anime=anime)
    return rows.filter(value=1).count(), rows.filter(value=-1).count()


def test_a_vote_its_change_and_its_end() -> None:
    anime, one, other = AnimeFactory.create(), UserFactory.create(), UserFactory.create()
    steps = [(1, (1, 0)), (1, (1, 0)), (-1, (0, 1)), (None, (0, 0)), (None, (0, 0)), (-1, (0, 1))]
    for value, expected in steps:
        if value is None:
            found = anime_vote_remove(actor=one, anime_id=anime.pk)
        else:
            found = anime_vote_set(actor=one, anime_id=anime.pk, value=value)
        assert found == Votes(anime.pk, *expected, mine=value)
        assert counted(anime) == expected == true_counts(anime)
    anime_vote_set(actor=other, anime_id=anime.pk, value=1)
    assert votes_of(one, anime.pk) == Votes(anime.pk, 1, 1, -1)
    assert votes_of(UserFactory.create(), anime.pk).mine is None


@pytest.mark.parametrize("value", [0, 2, -2, True, "1", None])
def test_only_up_or_down(value: object) -> None:
    anime, user = AnimeFactory.create(), UserFactory.create()
    refused("validation_failed", lambda: anime_vote_set(actor=user, anime_id=anime.pk, value=value))  # type: ignore[arg-type]
    assert not AnimeVotes.objects.exists()


def test_hidden_and_adult_anime() -> None:
    hidden, adult = AnimeFactory.create(), AnimeFactory.create(adult=True)
    anime_hide(actor=UserFactory.create(role="admin"), anime=hidden, reason="x")
    user, grown_up = UserFactory.create(), UserFactory.create(shows_adult=True)
    refused("anime_hidden", lambda: anime_vote_set(actor=user, anime_id=hidden.pk, value=1))
    refused("adult_not_allowed", lambda: anime_vote_set(actor=user, anime_id=adult.pk, value=1))
    refused("not_found", lambda: anime_vote_set(actor=user, anime_id=2**62, value=1))
    assert anime_vote_set(actor=grown_up, anime_id=adult.pk, value=1).likes == 1


@pytest.mark.django_db(transaction=True)
def test_fifty_votes_at_once_are_fifty() -> None:
    anime, people = AnimeFactory.create(), UserFactory.create_batch(50)
    calls = [
        lambda who=who, n=n: anime_vote_set(actor=who, anime_id=anime.pk, value=1 if n % 5 else -1)
        for n, who in enumerate(people)
    ]
    assert at_once(calls) == {"done": 50}
    assert counted(anime) == (40, 10) == true_counts(anime)


@pytest.mark.django_db(transaction=True)
def test_one_person_who_cannot_decide_has_one_vote() -> None:
    anime, user = AnimeFactory.create(), UserFactory.create()
    calls: list[Callable[[], object]] = []
    for n in range(12):
        calls.append(lambda n=n: anime_vote_set(actor=user, anime_id=anime.pk, value=1 if n % 2 else -1))
        calls.append(lambda: anime_vote_remove(actor=user, anime_id=anime.pk))
    assert at_once(calls) == {"done": 24}
    assert counted(anime) == true_counts(anime)
    assert sum(counted(anime)) == AnimeVote.objects.count() <= 1


def test_of_two_votes_the_newer_stays_when_two_anime_become_one() -> None:
    keep, duplicate = AnimeFactory.create(), AnimeFactory.create()
    both, first, second = UserFactory.create_batch(3)
    anime_vote_set(actor=both, anime_id=keep.pk, value=1)
    anime_vote_set(actor=first, anime_id=keep.pk, value=1)
    anime_vote_set(actor=both, anime_id=duplicate.pk, value=-1)
    anime_vote_set(actor=second, anime_id=duplicate.pk, value=-1)
    anime_merge(actor=None, keep=keep, duplicate=duplicate)
    assert counted(keep) == (1, 2) == true_counts(keep)
    assert AnimeVote.objects.get(user=both).value == -1
    assert not AnimeVote.objects.filter(anime=duplicate).exists()
    assert not AnimeVotes.objects.filter(pk=duplicate.pk).exists()
    assert anime_vote_set(actor=second, anime_id=duplicate.pk, value=1) == Votes(keep.pk, 2, 1, 1)


def test_reports_follow_a_merge() -> None:
    named = named_of("episode", UserFactory.create())
    report_of(UserFactory.create(), named)
    keep = AnimeFactory.create()
    anime_merge(actor=None, keep=keep, duplicate=Anime.objects.get(pk=named.anime_id))
    assert Report.objects.get().anime == keep


@pytest.mark.django_db(transaction=True)
def test_votes_during_a_merge_are_counted_where_it_ends() -> None:
    keep, duplicate, people = AnimeFactory.create(), AnimeFactory.create(), UserFactory.create_batch(12)
    for who in people[:4]:
        anime_vote_set(actor=who, anime_id=duplicate.pk, value=1)
    calls: list[Callable[[], object]] = [
        lambda who=who: anime_vote_set(actor=who, anime_id=duplicate.pk, value=1) for who in people[4:]
    ]
    calls.append(lambda: anime_merge(actor=None, keep=keep, duplicate=duplicate))
    assert at_once(calls) == {"done": 9}
    assert counted(keep) == (12, 0) == true_counts(keep)
    assert not AnimeVote.objects.filter(anime=duplicate).exists()


def test_who_is_erased_takes_their_votes_along() -> None:
    anime, other, user, stays = AnimeFactory.create(), AnimeFactory.create(), UserFactory.create(), UserFactory.create()
    for found in (anime, other):
        anime_vote_set(actor=user, anime_id=found.pk, value=1)
        anime_vote_set(actor=stays, anime_id=found.pk, value=-1)
    part = next(part for part in erase_parts() if part.name == "social/anime-votes")
    list(part.erase(user) or [])
    assert counted(anime) == counted(other) == (0, 1)
    assert set(AnimeVote.objects.values_list("user_id", flat=True)) == {stays.pk}
