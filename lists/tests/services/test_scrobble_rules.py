"""What a person says of plays that no anime was certain for: counted with their times, remembered, changed, undone, bounded."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.models import Anime, Relation
from catalog.tests.factories import AnimeFactory, UserFactory
from core.errors import DomainError, NotFound, ValidationFailed
from lists.errors import ScrobbleDecided, TooManyScrobbleRules
from lists.models import (
    ListActivity,
    ListEntry,
    ScrobbleEndpoint,
    ScrobblePlay,
    ScrobbleReceipt,
    ScrobbleRule,
    WatchedEpisode,
)
from lists.scrobbling.reading import message_read
from lists.services import activity_undo, scrobble_plays, scrobble_rules
from lists.services.preferences import preferences_set
from lists.services.scrobble_rules import play_assign, play_ignore, rule_change, rule_remove
from lists.services.scrobbles import endpoint_set, scrobble_receive
from lists.tests.scrobbling.payloads import plex, plex_film
from tests.races import DONE, at_once

pytestmark = pytest.mark.django_db
UNKNOWN = {"grandparentTitle": "Nobody Knows This", "grandparentRatingKey": "9000", "Guid": None}
FIRST_DAY = datetime.datetime(2026, 3, 1, 20, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(title="Hoshi no Niwa", episode_count=12, document=True)


@pytest.fixture
def endpoint() -> ScrobbleEndpoint:
    return endpoint_set(user=UserFactory.create(), server="plex")


@pytest.fixture
def user(endpoint: ScrobbleEndpoint) -> User:
    return endpoint.user


def told(endpoint: ScrobbleEndpoint, **item: Any) -> ScrobbleReceipt:
    """What becomes of an episode of a show that the catalogue has under another name."""
    return scrobble_receive(endpoint=endpoint, play=message_read("plex", plex(**{**UNKNOWN, **item})))


def waits(endpoint: ScrobbleEndpoint, *numbers: int, **item: Any) -> list[ScrobblePlay]:
    """Plays of these episodes, a day each from the first of March on."""
    found = []
    for day, number in enumerate(numbers):
        assert told(endpoint, index=number, **item).outcome == "unmatched"
        row = ScrobblePlay.objects.filter(endpoint=endpoint).order_by("pk").last()
        assert row is not None
        row.played_at = FIRST_DAY + datetime.timedelta(days=day)
        row.save(update_fields=["played_at"])
        found.append(row)
    return found


def entry(user: User) -> tuple[int, str, int, str]:
    found = ListEntry.objects.get(user=user)
    return found.anime_id, found.status, found.episodes_watched, found.started_on


def test_a_word_counts_what_waited_with_its_times_and_what_follows(endpoint, user, anime) -> None:
    plays = waits(endpoint, 1, 2, 3)
    done = play_assign(user=user, play_id=plays[1].pk, anime_id=anime.pk)
    assert done.counted == 3
    assert entry(user) == (anime.pk, "watching", 3, "2026-03-01")
    seen = WatchedEpisode.objects.filter(user=user).order_by("episode_number")
    assert [(row.episode_number, row.watched_at, row.source) for row in seen] == [
        (number, FIRST_DAY + datetime.timedelta(days=number - 1), "scrobble") for number in (1, 2, 3)
    ]
    assert set(ScrobblePlay.objects.values_list("rule_id", flat=True)) == {done.rule.pk}
    following = told(endpoint, index=4)
    assert (following.outcome, following.anime_id, following.episode_number) == ("counted", anime.pk, 4)
    assert following.detail["reason"] == "by_rule"
    assert told(endpoint, index=4).outcome == "already"
    assert told(endpoint, index=1, parentIndex=2).outcome == "unmatched"  # another season is asked for anew
    assert told(endpoint, index=5, grandparentRatingKey="9001").outcome == "unmatched"


def test_it_is_undone_like_every_change_and_not_counted_again_by_a_replay(endpoint, user, anime) -> None:
    plays = waits(endpoint, 1, 2)
    play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk)
    activity_undo(user=user, activity_id=ListActivity.objects.get(user=user).pk)
    assert not ListEntry.objects.filter(user=user).exists()
    rule = ScrobbleRule.objects.get(user=user)
    assert rule_change(user=user, rule_id=rule.pk, anime_id=anime.pk).counted == 0
    assert not ListEntry.objects.filter(user=user).exists()


def test_an_episode_counts_once_however_often_it_was_played(endpoint, user, anime) -> None:
    plays = waits(endpoint, 1)
    assert told(endpoint, index=1).outcome == "unmatched"
    assert ScrobblePlay.objects.count() == 1  # one play of one episode waits
    emby = endpoint_set(user=user, server="emby")
    ScrobblePlay.objects.create(
        endpoint=emby,
        season_key=plays[0].season_key,
        episode_key=plays[0].episode_key,
        title="Nobody Knows This",
        season=1,
        number=1,
        played_at=FIRST_DAY - datetime.timedelta(days=9),
    )
    assert play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk).counted == 1
    assert WatchedEpisode.objects.get().watched_at == FIRST_DAY - datetime.timedelta(days=9)


def test_a_season_that_goes_on_in_another_anime(endpoint, user, anime) -> None:
    second = AnimeFactory.create(title="Hoshi no Niwa: Kari", episode_count=12)
    plays = waits(endpoint, 12, 13, 14)
    assert play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk).counted == 1
    late = ScrobblePlay.objects.filter(rule=None)
    assert set(late.values_list("number", "reason")) == {(13, "rule_beyond"), (14, "rule_beyond")}
    done = play_assign(user=user, play_id=plays[1].pk, anime_id=second.pk, episode_number=1)
    assert (done.counted, done.rule.offset, done.rule.first_number) == (2, -12, 13)
    assert told(endpoint, index=15).anime_id == second.pk
    assert told(endpoint, index=11).anime_id == anime.pk
    assert told(endpoint, index=30).detail["reason"] == "rule_beyond"


def test_what_continues_a_season_by_its_name_needs_no_word(endpoint, user, anime) -> None:
    part = AnimeFactory.create(title="Hoshi no Niwa Part 2", episode_count=12)
    Relation.objects.create(from_anime=anime, to_anime=part, kind="sequel")
    plays = waits(endpoint, 12, 13)
    assert play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk).counted == 2
    assert ListEntry.objects.get(user=user, anime=part).episodes_watched == 1


def test_specials_are_said_one_by_one_with_their_episode(endpoint, user) -> None:
    ova = AnimeFactory.create(title="Hoshi no Niwa OVA", kind="ova", episode_count=3)
    first, second = waits(endpoint, 4, 9, parentIndex=0)
    assert first.reason == "special"
    with pytest.raises(ValidationFailed, match="not right"):
        play_assign(user=user, play_id=first.pk, anime_id=ova.pk)
    with pytest.raises(ValidationFailed):
        play_assign(user=user, play_id=first.pk, anime_id=ova.pk, episode_number=4)
    assert not ScrobbleRule.objects.exists()
    done = play_assign(user=user, play_id=first.pk, anime_id=ova.pk, episode_number=2)
    assert (done.counted, done.rule.episode_number) == (1, 2)
    second.refresh_from_db()
    assert second.rule is None
    assert told(endpoint, index=4, parentIndex=0).outcome == "already"
    single = AnimeFactory.create(title="Hoshi no Niwa Special", kind="special", episode_count=1)
    assert play_assign(user=user, play_id=second.pk, anime_id=single.pk).rule.episode_number == 1


def test_a_film_and_an_episode_without_a_number(endpoint, user, anime) -> None:
    film = AnimeFactory.create(title="Umi no Eiga", kind="movie", episode_count=1)
    scrobble_receive(endpoint=endpoint, play=message_read("plex", plex_film(title="Le film de la mer", Guid=None)))
    play = ScrobblePlay.objects.get()
    assert play_assign(user=user, play_id=play.pk, anime_id=film.pk).counted == 1
    assert ListEntry.objects.get(user=user).status == "completed"
    assert told(endpoint, index=None, title="Prologue").outcome == "unmatched"
    prologue = ScrobblePlay.objects.get(rule=None)
    assert prologue.reason == "no_number"
    assert play_assign(user=user, play_id=prologue.pk, anime_id=anime.pk, episode_number=7).counted == 1
    assert told(endpoint, index=None, title="Epilogue").outcome == "unmatched"
    assert told(endpoint, index=1).outcome == "unmatched"  # the season itself was not spoken of


def test_ignored_titles_count_for_nothing_and_come_back(endpoint, user, anime) -> None:
    plays = waits(endpoint, 1, 2)
    rule = play_ignore(user=user, play_id=plays[0].pk)
    assert not ScrobblePlay.objects.filter(rule=None).exists()
    ignored = told(endpoint, index=3)
    assert (ignored.outcome, ignored.detail["reason"]) == ("ignored", "rule_ignored")
    assert told(endpoint, index=1, parentIndex=2).outcome == "unmatched"
    assert rule_change(user=user, rule_id=rule.pk, anime_id=anime.pk).counted == 3
    assert rule_change(user=user, rule_id=rule.pk, is_ignored=True).counted == 0
    rule_remove(user=user, rule_id=rule.pk)
    assert ScrobblePlay.objects.filter(rule=None, season=1).count() == 3
    assert ListEntry.objects.get(user=user).episodes_watched == 3


def test_ignoring_a_shows_specials_leaves_its_seasons_and_what_was_said_of_one(endpoint, user, anime) -> None:
    ova = AnimeFactory.create(kind="ova", episode_count=3)
    first, second = waits(endpoint, 4, 9, parentIndex=0)
    play_assign(user=user, play_id=first.pk, anime_id=ova.pk, episode_number=2)
    rule = play_ignore(user=user, play_id=second.pk)
    assert told(endpoint, index=5, parentIndex=0).outcome == "ignored"
    assert told(endpoint, index=4, parentIndex=0).outcome == "already"
    assert told(endpoint, index=1).outcome == "unmatched"
    with pytest.raises(ValidationFailed):
        rule_change(user=user, rule_id=rule.pk, anime_id=ova.pk, episode_number=1)


def test_a_rule_comes_before_what_would_match(endpoint, user, anime) -> None:
    other = AnimeFactory.create(title="Hoshi no Niwa (Remake)", episode_count=12)
    plays = waits(endpoint, 1)
    rule = play_assign(user=user, play_id=plays[0].pk, anime_id=other.pk).rule
    # The catalogue learns the name afterwards: the word that was given stays.
    anime.title = "Nobody Knows This"
    anime.save(update_fields=["title"])
    assert told(endpoint, index=2).anime_id == other.pk
    done = rule_change(user=user, rule_id=rule.pk, anime_id=anime.pk)
    assert done.counted == 2
    assert ListEntry.objects.get(user=user, anime=other).episodes_watched == 2  # to be undone in the history
    assert rule_change(user=user, rule_id=rule.pk, episode_number=4).rule.offset == 3


def test_bad_words(endpoint, user, anime) -> None:
    (play,) = waits(endpoint, 3)
    hidden = AnimeFactory.create(visibility="hidden")
    with pytest.raises(NotFound):
        play_assign(user=user, play_id=play.pk, anime_id=987_654)
    with pytest.raises(DomainError) as refused:
        play_assign(user=user, play_id=play.pk, anime_id=hidden.pk)
    assert refused.value.code == "anime_hidden"
    for number in (0, 13, 10**9):
        with pytest.raises(ValidationFailed):
            play_assign(user=user, play_id=play.pk, anime_id=anime.pk, episode_number=number)
    play_assign(user=user, play_id=play.pk, anime_id=anime.pk)
    with pytest.raises(ScrobbleDecided):
        play_assign(user=user, play_id=play.pk, anime_id=anime.pk)
    with pytest.raises(ScrobbleDecided):
        play_ignore(user=user, play_id=play.pk)


def test_others_plays_and_rules_are_not_there(endpoint, user, anime) -> None:
    (play,), stranger = waits(endpoint, 1), UserFactory.create()
    with pytest.raises(NotFound):
        play_assign(user=stranger, play_id=play.pk, anime_id=anime.pk)
    with pytest.raises(NotFound):
        play_ignore(user=stranger, play_id=play.pk)
    rule = play_assign(user=user, play_id=play.pk, anime_id=anime.pk).rule
    for act in (lambda: rule_change(user=stranger, rule_id=rule.pk, is_ignored=True),
                lambda: rule_remove(user=stranger, rule_id=rule.pk)):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    # The same key from somebody else's server is not decided by it.
    other = endpoint_set(user=stranger, server="plex")
    assert told(other, index=2).outcome == "unmatched"
    assert ScrobbleRule.objects.get().anime_id == anime.pk


def test_switched_off_watching_stays_off(endpoint, user, anime) -> None:
    (play,) = waits(endpoint, 1)
    preferences_set(user=user, tracks_watching=False)
    assert play_assign(user=user, play_id=play.pk, anime_id=anime.pk).counted == 0
    assert not ListEntry.objects.exists()


def test_bounds(endpoint, user, anime, monkeypatch) -> None:
    monkeypatch.setattr(scrobble_plays, "PLAYS_KEPT", 3)
    monkeypatch.setattr(scrobble_rules, "RULES_MOST", 1)
    waits(endpoint, 1, 2, 3)
    told(endpoint, index=4)
    told(endpoint, index=5)
    assert set(ScrobblePlay.objects.values_list("number", flat=True)) == {3, 4, 5}
    play = ScrobblePlay.objects.get(number=3)
    rule = play_assign(user=user, play_id=play.pk, anime_id=anime.pk).rule
    for number in (6, 7, 8):
        told(endpoint, index=number)
    assert ScrobblePlay.objects.filter(rule=rule).count() == 3
    told(endpoint, index=1, parentIndex=2)
    with pytest.raises(TooManyScrobbleRules):
        play_assign(user=user, play_id=ScrobblePlay.objects.get(rule=None).pk, anime_id=anime.pk)


def test_removing_the_address_takes_the_plays_and_leaves_the_rules(endpoint, user, anime) -> None:
    plays = waits(endpoint, 1, 2)
    play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk)
    endpoint.delete()
    assert not ScrobblePlay.objects.exists()
    again = endpoint_set(user=user, server="plex")
    assert told(again, index=3).outcome == "counted"


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_that_say_it_at_once_count_once(self, endpoint, user, anime) -> None:
        plays = waits(endpoint, 1, 2, 3)

        def say() -> None:
            assert play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk).counted == 3

        assert at_once([say, say, say]) == {DONE: 1, "scrobble_decided": 2}
        assert (ScrobbleRule.objects.count(), WatchedEpisode.objects.count()) == (1, 3)
        assert ListActivity.objects.filter(user=user).count() == 1

    def test_a_play_that_comes_while_it_is_said_does_not_wait_for_ever(self, endpoint, user, anime) -> None:
        for _round in range(3):
            ScrobbleRule.objects.all().delete()
            ScrobblePlay.objects.all().delete()
            plays = waits(endpoint, 1)
            at_once(
                [
                    lambda plays=plays: play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk),
                    lambda: told(endpoint, index=2),
                    lambda: told(endpoint, index=2),
                ]
            )
            assert not ScrobblePlay.objects.filter(rule=None).exists()
            assert ListEntry.objects.get(user=user).episodes_watched == 2
        assert WatchedEpisode.objects.filter(user=user).count() == 2

    def test_deleting_a_rule_while_its_plays_come(self, endpoint, user, anime) -> None:
        plays = waits(endpoint, 1)
        rule = play_assign(user=user, play_id=plays[0].pk, anime_id=anime.pk).rule
        at_once(
            [
                lambda: rule_remove(user=user, rule_id=rule.pk),
                lambda: told(endpoint, index=2),
                lambda: told(endpoint, index=3),
            ]
        )
        assert ScrobblePlay.objects.filter(rule=None).count() == 3
        assert not ScrobbleRule.objects.exists()
        assert timezone.now() > ListEntry.objects.get(user=user).updated_at
