"""An anime on a list: put there, changed, taken off, counted on, undone."""

import uuid
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from catalog.errors import AnimeHidden
from catalog.facade import anime_merge, rating_of
from catalog.models import Anime, Visibility
from catalog.tests.factories import AnimeFactory, UserFactory
from core.errors import NotFound, ValidationFailed
from core.events import subscribe
from lists.errors import AlreadyUndone, ChangedSince, NothingLeftToWatch, NotOnList
from lists.events import EntryChanged, EpisodeWatched
from lists.models import EntryTag, ListActivity, ListEntry, WatchedEpisode
from lists.services import activities_clear, activity_undo, entry_remove, entry_set, episode_next, episode_watched
from lists.services.states import EntryState
from lists.services.stored_states import states_of

pytestmark = pytest.mark.django_db

heard: list[Any] = []


@subscribe(EntryChanged)
def _changed(event: EntryChanged) -> None:
    heard.append(event)


@subscribe(EpisodeWatched)
def _watched(event: EpisodeWatched) -> None:
    heard.append(event)


@pytest.fixture(autouse=True)
def _silence() -> None:
    heard.clear()


@pytest.fixture
def user() -> User:
    return UserFactory.create()


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create()


def state_of(user: User, anime: Anime) -> EntryState | None:
    return states_of(user, ListEntry.objects.filter(user=user, anime=anime)).get(anime.pk)


def test_an_entry_keeps_all_that_is_said(user: User, anime: Anime) -> None:
    said = {
        "status": "dropped",
        "score": 35,
        "episodes_watched": 4,
        "rewatch_count": 2,
        "started_on": "2024",
        "finished_on": "2024-05",
        "notes": "  slow  ",
        "is_private": True,
        "is_favourite": True,
        "tags": ["b", "a", " a ", "b  c", ""],
    }
    done = entry_set(user=user, anime_id=anime.pk, **said)
    assert done.is_new
    assert state_of(user, anime) == EntryState(**{**said, "notes": "slow", "tags": ("a", "b", "b c")})
    assert rating_of(user, anime.pk) == 35
    assert [type(event) for event in heard] == [EntryChanged]
    assert heard[0].is_new
    assert heard[0].changes["status"] == (None, "dropped")


def test_what_is_left_out_stays_and_nothing_new_is_no_change(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk, status="watching", score=50, tags=["x"])
    assert entry_set(user=user, anime_id=anime.pk, notes="n").activity.changes == {"notes": ["", "n"]}
    assert entry_set(user=user, anime_id=anime.pk, notes="n", tags=["x"]).activity is None
    assert state_of(user, anime).score == 50
    assert ListActivity.objects.count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("score", 101),
        ("score", -1),
        ("score", True),
        ("score", "9"),
        ("score", 1e9),
        ("score", float("nan")),
        ("status", "seen"),
        ("status", []),
        ("episodes_watched", 13),
        ("episodes_watched", -1),
        ("rewatch_count", 10_001),
        ("started_on", "2024-02-30"),
        ("started_on", 5),
        ("notes", "x" * 501),
        ("notes", "a\x00b"),
        ("notes", "\ud800"),
        ("is_private", 1),
        ("tags", "word"),
        ("tags", ["x" * 51]),
        ("tags", [f"{n}" for n in range(31)]),
        ("tags", [5]),
        ("is_staff", True),
        ("extras", {}),
    ],
)
def test_bad_values_change_nothing(user: User, anime: Anime, field: str, value: object) -> None:
    with pytest.raises(ValidationFailed) as caught:
        entry_set(user=user, anime_id=anime.pk, **{field: value})
    assert list(caught.value.extra["fields"]) == [field]
    assert not ListEntry.objects.exists()
    assert not ListActivity.objects.exists()


def test_dates_turn_round_only_when_they_are_said(user: User, anime: Anime) -> None:
    with pytest.raises(ValidationFailed):
        entry_set(user=user, anime_id=anime.pk, started_on="2024-05-02", finished_on="2024-05-01")
    entry_set(user=user, anime_id=anime.pk, started_on="2024-05-02", finished_on="2024-05")
    ListEntry.objects.update(finished_on="2019")  # as an import may bring it
    entry_set(user=user, anime_id=anime.pk, started_on="2024-05-02", finished_on="2019", notes="n")
    assert state_of(user, anime).notes == "n"


def test_long_notes_of_an_import_stay_when_they_are_sent_back(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk)
    ListEntry.objects.update(notes="x" * 3000)
    entry_set(user=user, anime_id=anime.pk, notes="x" * 3000, score=10)
    assert len(state_of(user, anime).notes) == 3000


def test_unknown_hidden_and_missing(user: User, anime: Anime) -> None:
    with pytest.raises(NotFound):
        entry_set(user=user, anime_id=10**9)
    with pytest.raises(AnimeHidden):
        entry_set(user=user, anime_id=AnimeFactory.create(hidden=True).pk)
    with pytest.raises(NotOnList):
        entry_set(user=user, anime_id=anime.pk, must_exist=True, score=1)


def test_a_hidden_anime_still_leaves_the_list(user: User, anime: Anime) -> None:
    entry_set(user=user, anime_id=anime.pk)
    Anime.objects.update(visibility=Visibility.HIDDEN)
    assert entry_remove(user=user, anime_id=anime.pk) is not None
    assert not ListEntry.objects.exists()


def test_a_merged_id_leads_to_the_anime_that_stays(user: User, anime: Anime) -> None:
    other = AnimeFactory.create()
    anime_merge(actor=None, keep=anime, duplicate=other)
    assert entry_set(user=user, anime_id=other.pk).entry.anime_id == anime.pk
    assert episode_next(user=user, anime_id=other.pk).activity.anime_id == anime.pk
    assert entry_remove(user=user, anime_id=other.pk).anime_id == anime.pk


def test_next_episode_to_the_end_and_a_rewatch(user: User) -> None:
    anime = AnimeFactory.create(episode_count=2)
    assert episode_next(user=user, anime_id=anime.pk).state.status == "watching"
    done = episode_next(user=user, anime_id=anime.pk)
    assert (done.state.status, done.state.episodes_watched, bool(done.state.finished_on)) == ("completed", 2, True)
    with pytest.raises(NothingLeftToWatch):
        episode_next(user=user, anime_id=anime.pk)
    entry_set(user=user, anime_id=anime.pk, status="rewatching")
    episode_next(user=user, anime_id=anime.pk)
    again = episode_next(user=user, anime_id=anime.pk)
    assert (again.state.status, again.state.rewatch_count) == ("completed", 1)
    seen = [(e.episode_number, e.viewing) for e in heard if isinstance(e, EpisodeWatched)]
    assert seen == [(1, 0), (2, 0), (1, 1), (2, 1)]


def test_the_meant_episode_counts_once(user: User, anime: Anime) -> None:
    assert episode_next(user=user, anime_id=anime.pk, expected=3).state.episodes_watched == 3
    assert not episode_next(user=user, anime_id=anime.pk, expected=3).is_counted
    assert not episode_next(user=user, anime_id=anime.pk, expected=2).is_counted
    for beyond in (0, 13):
        with pytest.raises(ValidationFailed):
            episode_next(user=user, anime_id=anime.pk, expected=beyond)
    assert ListActivity.objects.count() == 1


def test_what_the_player_reports_counts_once_and_never_backwards(user: User, anime: Anime) -> None:
    def watched(number: int) -> Any:
        return episode_watched(user=user, anime_id=anime.pk, episode_number=number, source="player")

    assert watched(5).state.episodes_watched == 5
    assert not watched(5).is_counted
    assert watched(2).state.episodes_watched == 5
    assert sum(isinstance(event, EpisodeWatched) for event in heard) == 2
    entry_remove(user=user, anime_id=anime.pk)
    assert not watched(5).is_counted
    assert not ListEntry.objects.exists()


class TestUndo:
    def undo(self, user: User, activity: ListActivity | None) -> None:
        assert activity is not None
        activity_undo(user=user, activity_id=activity.pk)

    def test_an_added_entry_goes(self, user: User, anime: Anime) -> None:
        self.undo(user, entry_set(user=user, anime_id=anime.pk, score=5, tags=["x"]).activity)
        assert not ListEntry.objects.exists()
        assert rating_of(user, anime.pk) is None
        assert heard[-1].is_removed

    def test_a_change_goes_back_and_leaves_the_rest(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, status="watching", score=50, tags=["a"])
        changed = entry_set(user=user, anime_id=anime.pk, status="completed", score=None, tags=["b"])
        entry_set(user=user, anime_id=anime.pk, notes="later")
        self.undo(user, changed.activity)
        found = state_of(user, anime)
        assert (found.status, found.score, found.tags, found.notes) == ("watching", 50, ("a",), "later")
        assert (found.episodes_watched, found.finished_on) == (0, "")

    def test_a_removed_entry_comes_back_with_everything(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk, score=70, tags=["a", "b"], notes="n", is_private=True)
        ListEntry.objects.update(extras={"mal": {"my_priority": "LOW"}})
        before, row = state_of(user, anime), ListEntry.objects.values("extras", "created_at").get()
        removal = entry_remove(user=user, anime_id=anime.pk)
        assert rating_of(user, anime.pk) is None
        self.undo(user, removal)
        assert state_of(user, anime) == before
        assert ListEntry.objects.values("extras", "created_at").get() == row

    def test_an_episode_is_not_counted_again_by_the_player(self, user: User, anime: Anime) -> None:
        entry_set(user=user, anime_id=anime.pk)
        first = episode_watched(user=user, anime_id=anime.pk, episode_number=1, source="player")
        self.undo(user, first.activity)
        assert state_of(user, anime) == EntryState()
        assert WatchedEpisode.objects.get().undone_at is not None
        assert not episode_watched(user=user, anime_id=anime.pk, episode_number=1, source="player").is_counted
        assert episode_next(user=user, anime_id=anime.pk).state.episodes_watched == 1
        assert WatchedEpisode.objects.get().undone_at is None
        assert sum(isinstance(event, EpisodeWatched) for event in heard) == 1

    def test_the_episode_that_added_it_takes_it_away(self, user: User, anime: Anime) -> None:
        self.undo(user, episode_next(user=user, anime_id=anime.pk).activity)
        assert not ListEntry.objects.exists()

    def test_once_and_nothing_newer_is_overwritten(self, user: User, anime: Anime) -> None:
        added = entry_set(user=user, anime_id=anime.pk, score=10).activity
        changed = entry_set(user=user, anime_id=anime.pk, score=20).activity
        entry_set(user=user, anime_id=anime.pk, score=30)
        for activity in (added, changed):
            with pytest.raises(ChangedSince):
                self.undo(user, activity)
        removal = entry_remove(user=user, anime_id=anime.pk)
        with pytest.raises(ChangedSince):
            self.undo(user, added)
        entry_set(user=user, anime_id=anime.pk)
        with pytest.raises(ChangedSince):
            self.undo(user, removal)
        entry_remove(user=user, anime_id=anime.pk)
        self.undo(user, removal)
        with pytest.raises(AlreadyUndone):
            self.undo(user, removal)
        assert state_of(user, anime).score == 30

    def test_of_others_and_unknown_ones_is_not_found(self, user: User, anime: Anime) -> None:
        activity = entry_set(user=user, anime_id=anime.pk).activity
        for who, what in ((UserFactory.create(), activity.pk), (user, uuid.uuid4())):
            with pytest.raises(NotFound):
                activity_undo(user=who, activity_id=what)
        assert ListEntry.objects.count() == 1


def test_a_cleared_history_leaves_the_list(user: User, anime: Anime) -> None:
    episode_next(user=user, anime_id=anime.pk)
    other = entry_set(user=UserFactory.create(), anime_id=anime.pk).activity
    assert activities_clear(user=user) == 1
    assert list(ListActivity.objects.values_list("pk", flat=True)) == [other.pk]
    assert ListEntry.objects.count() == 2
    assert WatchedEpisode.objects.get().watched_at <= timezone.now()
    assert not EntryTag.objects.exists()
