"""Watching changes the list: the heartbeat that counts, those that do not, rows of a browser, races."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import AnimeDocument
from catalog.tests.factories import AnimeFactory, EpisodeFactory, UserFactory
from core.events import subscribe, subscribers
from lists import services
from lists.events import EpisodeWatched
from lists.models import ListActivity, ListEntry, WatchedEpisode, WatchProgress
from lists.selectors.progress import continue_watching, places_of_anime
from lists.services.preferences import preferences_set
from tests.races import at_once

LENGTH = 1_440


def beat(user, anime, number: int = 1, *, share: float = 0.9, duration: float = LENGTH):
    """A heartbeat at a part of the episode."""
    return services.progress_save(
        user=user, anime_id=anime.id, episode_number=number, position=duration * share, duration=duration
    )


def row_of(anime, number: int, *, share: float = 0.9, days: float = 1) -> dict:
    """A row that a browser kept."""
    when = timezone.now() - timedelta(days=days)
    return {
        "anime_id": anime.id,
        "episode_num": number,
        "timecode": LENGTH * share,
        "duration": LENGTH,
        "updated_at": when.isoformat(),
    }


def entry_of(user) -> tuple[str, int, int]:
    entry = ListEntry.objects.get(user=user)
    return entry.status, entry.episodes_watched, entry.rewatch_count


@pytest.fixture
def watched():
    """Every `EpisodeWatched` that was emitted: (episode, viewing)."""
    found: list[tuple[int, int]] = []

    def note(event: EpisodeWatched) -> None:
        found.append((event.episode_number, event.viewing))

    subscribe(EpisodeWatched)(note)
    yield found
    from core import events

    events._subscribers[EpisodeWatched] = [one for one in subscribers(EpisodeWatched) if one is not note]


@pytest.mark.django_db
class TestHeartbeats:
    def test_from_the_persons_share_on_it_counts_once(self, watched, django_assert_num_queries) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=2, duration_seconds=LENGTH)
        with django_assert_num_queries(2):
            assert beat(user, anime, share=0.79).counted is None
        assert not ListEntry.objects.exists()
        counted = beat(user, anime, share=0.8).counted
        assert counted is not None
        assert (counted.state.status, counted.state.episodes_watched) == ("watching", 1)
        with django_assert_num_queries(2):
            assert beat(user, anime, share=0.95).counted is None
        assert beat(user, anime, 2).counted.state.status == "completed"
        assert entry_of(user) == ("completed", 2, 0)
        assert watched == [(1, 0), (2, 0)]
        assert ListActivity.objects.filter(source="player", kind="episode").count() == 2

    def test_a_share_of_ones_own_and_switching_it_off(self, settings) -> None:
        settings.LISTS_WATCHED_PERCENT = 60
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        preferences_set(user=user, watched_percent=95)
        assert beat(user, anime, share=0.94).counted is None
        preferences_set(user=user, watched_percent=None)
        assert beat(user, anime, share=0.6).counted is not None
        preferences_set(user=user, tracks_watching=False)
        assert beat(user, anime, 2).counted is None
        assert entry_of(user) == ("watching", 1, 0)

    def test_it_never_goes_back_and_takes_up_what_was_laid_aside(self) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        services.entry_set(user=user, anime_id=anime.id, status="on_hold", episodes_watched=5)
        assert beat(user, anime, 3).counted.activity is None
        assert entry_of(user) == ("on_hold", 5, 0)
        beat(user, anime, 7)
        assert entry_of(user) == ("watching", 7, 0)

    @pytest.mark.parametrize(("duration", "usual"), [(0, LENGTH), (45, LENGTH), (20, 90)])
    def test_previews_and_unknown_lengths_do_not_count(self, duration: float, usual: int) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12, duration_seconds=usual)
        saved = services.progress_save(
            user=user, anime_id=anime.id, episode_number=1, position=duration or 1_300, duration=duration
        )
        assert saved.counted is None

    @pytest.mark.parametrize(("duration", "usual"), [(55, 60), (45, None), (70, LENGTH)])
    def test_short_ones_do(self, duration: float, usual: int | None) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12, duration_seconds=usual)
        assert beat(user, anime, duration=duration).counted is not None

    def test_what_was_undone_stays_so(self, watched) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        activity = beat(user, anime).counted.activity
        services.activity_undo(user=user, activity_id=activity.pk)
        for share in (0.92, 0.97, 1):
            assert beat(user, anime, share=share).counted is None
        assert not ListEntry.objects.exists()
        assert watched == [(1, 0)]

    @pytest.mark.parametrize("is_removed", [False, True])
    def test_what_the_list_does_not_have_any_more_counts_when_it_is_seen_once_more(
        self, time_machine, watched, is_removed: bool
    ) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        start = timezone.now()
        time_machine.move_to(start, tick=False)
        activity = beat(user, anime).counted.activity
        if is_removed:
            services.entry_remove(user=user, anime_id=anime.id)
        else:
            services.activity_undo(user=user, activity_id=activity.pk)
        time_machine.move_to(start + timedelta(hours=3), tick=False)
        assert beat(user, anime, share=0.95).counted is None  # the player was left open behind the mark
        beat(user, anime, share=0.1)
        assert beat(user, anime).counted.is_counted
        assert entry_of(user) == ("watching", 1, 0)
        assert watched == [(1, 0)]  # nobody is paid twice for it

    def test_a_rewatch_that_begins_while_the_player_is_open_does_not_begin_at_the_end(
        self, time_machine, watched
    ) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=2)
        start = timezone.now()
        time_machine.move_to(start, tick=False)
        beat(user, anime, 1)
        beat(user, anime, 2, share=0.8)
        services.entry_set(user=user, anime_id=anime.id, status="rewatching")
        time_machine.move_to(start + timedelta(seconds=LENGTH * 0.2), tick=False)
        assert beat(user, anime, 2, share=1).counted is None
        assert entry_of(user) == ("rewatching", 0, 0)
        time_machine.move_to(start + timedelta(hours=2), tick=False)
        beat(user, anime, 1)
        assert entry_of(user) == ("rewatching", 1, 0)
        beat(user, anime, 2)
        assert entry_of(user) == ("completed", 2, 1)
        assert watched == [(1, 0), (2, 0), (1, 1), (2, 1)]

    def test_clearing_progress_leaves_the_list(self) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        beat(user, anime)
        services.progress_clear(user=user)
        assert entry_of(user) == ("watching", 1, 0)
        assert WatchedEpisode.objects.count() == 1


@pytest.mark.django_db
class TestImport:
    def test_rows_count_with_their_own_times(self, watched) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=3)
        rows = [row_of(anime, 1, days=9), row_of(anime, 3, days=7), row_of(anime, 2, days=8)]
        assert services.progress_import(user=user, rows=[*rows, row_of(anime, 4)])["dropped"] == 1
        entry = ListEntry.objects.get()
        days = [timezone.localdate(timezone.now() - timedelta(days=n)).isoformat() for n in (9, 7)]
        assert entry_of(user) == ("completed", 3, 0)
        assert [entry.started_on, entry.finished_on] == days
        assert sorted(watched) == [(1, 0), (2, 0), (3, 0)]
        assert WatchedEpisode.objects.get(episode_number=1).watched_at < timezone.now() - timedelta(days=8)
        services.progress_import(user=user, rows=rows)
        assert len(watched) == 3

    def test_it_never_moves_back_nor_finishes_a_rewatch_nor_redoes_what_was_undone(self) -> None:
        user = UserFactory()
        ahead, again, undone, part = (AnimeFactory(episode_count=12) for _ in range(4))
        services.entry_set(user=user, anime_id=ahead.id, status="watching", episodes_watched=9)
        services.entry_set(user=user, anime_id=again.id, status="rewatching")
        services.activity_undo(user=user, activity_id=beat(user, undone).counted.activity.pk)
        services.progress_clear(user=user)
        rows = [row_of(ahead, 4), row_of(again, 12), row_of(undone, 1), row_of(part, 1, share=0.5)]
        assert services.progress_import(user=user, rows=rows)["imported"] == 4
        states = dict(ListEntry.objects.values_list("anime_id", "episodes_watched"))
        assert states == {ahead.id: 9, again.id: 0}

    def test_switched_off_it_only_keeps_places(self) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        preferences_set(user=user, tracks_watching=False)
        services.progress_import(user=user, rows=[row_of(anime, 1)])
        assert (WatchProgress.objects.count(), ListEntry.objects.count()) == (1, 0)

    def test_hidden_anime_are_dropped_and_merged_ones_followed(self) -> None:
        user, kept = UserFactory(), AnimeFactory(episode_count=12)
        hidden, merged = AnimeFactory(hidden=True), AnimeFactory(merged_into=kept)
        told = services.progress_import(user=user, rows=[row_of(hidden, 1), row_of(merged, 2)])
        assert told == {"imported": 1, "kept": 0, "dropped": 1}
        assert WatchProgress.objects.get().anime_id == kept.id
        assert ListEntry.objects.get().anime_id == kept.id

    def test_as_many_queries_for_many_as_for_few(self) -> None:
        from django.test.utils import CaptureQueriesContext

        counts = []
        for size in (3, 60):
            user = UserFactory()
            rows = [row_of(AnimeFactory(episode_count=12), 1) for _ in range(size)]
            with CaptureQueriesContext(connection) as captured:
                services.progress_import(user=user, rows=rows)
            counts.append(len(captured))
        assert counts[0] == counts[1]


@pytest.mark.django_db
class TestPlaces:
    def test_ticks_and_the_next_episode_follow_the_list(self, django_assert_num_queries) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        services.entry_set(user=user, anime_id=anime.id, status="watching", episodes_watched=4)
        with django_assert_num_queries(3):
            places = places_of_anime(user, anime.id)
        assert (places.counted, places.next_number) == (4, 5)
        beat(user, anime, 6, share=0.3)
        assert places_of_anime(user, anime.id).next_number == 6
        activity = beat(user, anime, 6).counted.activity
        assert places_of_anime(user, anime.id).next_number == 7
        assert places_of_anime(user, anime.id).seen == {6: True}
        services.activity_undo(user=user, activity_id=activity.pk)
        assert places_of_anime(user, anime.id).seen == {6: False}
        services.entry_set(user=user, anime_id=anime.id, status="rewatching")
        assert places_of_anime(user, anime.id).next_number == 1

    def test_continue_watching_offers_what_follows_on_the_list(self) -> None:
        user = UserFactory()
        counted, ahead, dropped = (AnimeFactory(episode_count=12) for _ in range(3))
        for anime in (counted, ahead, dropped):
            AnimeDocument.objects.create(
                anime=anime,
                card=f'{{"id": {anime.id}, "episode_count": 12}}',
                detail="{}",
                etag="x",
                version=1,
                updated_at=timezone.now(),
            )
            for number in (1, 2, 7):
                EpisodeFactory(anime=anime, number=number)
        beat(user, counted, 1, share=0.82)
        for anime in (ahead, dropped):
            beat(user, anime, 1, share=0.4)
        services.entry_set(user=user, anime_id=ahead.id, episodes_watched=6)
        services.entry_set(user=user, anime_id=dropped.id, status="dropped")
        assert {(item.anime_id, item.episode_number) for item in continue_watching(user)} == {
            (counted.id, 2),
            (ahead.id, 7),
        }


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_heartbeats_that_cross_the_share_at_once_count_once(self, watched) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        assert at_once([lambda share=0.81 + n / 100: beat(user, anime, share=share) for n in range(6)]).keys() == {
            "done"
        }
        assert watched == [(1, 0)]
        assert entry_of(user) == ("watching", 1, 0)
        assert ListActivity.objects.count() == WatchedEpisode.objects.count() == WatchProgress.objects.count() == 1

    def test_two_devices_at_two_episodes_end_at_the_higher_one(self, watched) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        assert at_once([lambda number=number: beat(user, anime, number) for number in (1, 2, 3, 4)]).keys() == {"done"}
        assert sorted(watched) == [(number, 0) for number in (1, 2, 3, 4)]
        assert entry_of(user) == ("watching", 4, 0)
        activities = ListActivity.objects.order_by("created_at", "pk")
        ends = [row.changes["episodes_watched"] for row in activities if "episodes_watched" in row.changes]
        assert all(then < now for then, now in ends)

    def test_an_old_import_does_not_overwrite_the_heartbeat_beside_it(self, watched) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=12)
        rows = [row_of(anime, number, share=0.85) for number in range(1, 13)]
        beats = [lambda number=number: beat(user, anime, number, share=0.9) for number in (1, 6, 12)]
        assert at_once([lambda: services.progress_import(user=user, rows=rows), *beats]).keys() == {"done"}
        stored = dict(WatchProgress.objects.values_list("episode_number", "position"))
        assert len(stored) == 12
        assert {stored[number] for number in (1, 6, 12)} == {LENGTH * 0.9}
        assert sorted(watched) == [(number, 0) for number in range(1, 13)]
        assert entry_of(user) == ("completed", 12, 0)

    def test_two_imports_at_once_count_once(self, watched) -> None:
        user, anime, other = UserFactory(), AnimeFactory(episode_count=12), AnimeFactory(episode_count=12)
        rows = [row_of(one, number) for one in (anime, other) for number in range(1, 7)]
        assert at_once([lambda: services.progress_import(user=user, rows=rows) for _ in range(3)]).keys() == {"done"}
        assert len(watched) == 12
        assert WatchProgress.objects.count() == WatchedEpisode.objects.count() == 12
        assert set(ListEntry.objects.values_list("episodes_watched", flat=True)) == {6}
