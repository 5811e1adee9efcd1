"""Saving, merging and clearing progress; continue watching."""

import threading
from datetime import UTC, datetime, timedelta

import orjson
import pytest
from django.db import connection
from django.utils import timezone

from catalog.errors import AnimeHidden
from catalog.models import AnimeDocument, Rating
from catalog.tests.factories import AnimeFactory, EpisodeFactory, UserFactory
from core.errors import NotFound, ValidationFailed
from lists import services
from lists.models import ListEntry, WatchProgress
from lists.selectors.progress import continue_watching, progress_latest


def _document(anime, **card) -> None:
    AnimeDocument.objects.update_or_create(
        anime=anime,
        defaults={
            "card": orjson.dumps({"id": anime.id, **card}).decode(),
            "detail": "{}",
            "etag": "x",
            "version": 1,
            "updated_at": timezone.now(),
        },
    )


@pytest.mark.django_db
class TestProgress:
    def test_a_heartbeat_upserts_with_two_queries(self, django_assert_num_queries) -> None:
        user, anime = UserFactory(), AnimeFactory()
        with django_assert_num_queries(2):
            services.progress_save(user=user, anime_id=anime.id, episode_number=1, position=10, duration=100)
        with django_assert_num_queries(2):
            services.progress_save(user=user, anime_id=anime.id, episode_number=1, position=20, duration=100)
        row = WatchProgress.objects.get()
        assert (row.position, row.duration) == (20, 100)

    def test_a_position_past_the_end_is_the_end(self) -> None:
        user, anime = UserFactory(), AnimeFactory()
        saved = services.progress_save(user=user, anime_id=anime.id, episode_number=1, position=130, duration=100)
        assert saved.row.position == 100

    def test_an_unknown_anime_is_refused_and_nothing_is_stored(self) -> None:
        with pytest.raises(NotFound):
            services.progress_save(user=UserFactory(), anime_id=999, episode_number=1, position=1)
        assert WatchProgress.objects.count() == 0

    def test_an_episode_that_cannot_be_is_refused(self) -> None:
        user, counted, listed, unknown = (
            UserFactory(),
            AnimeFactory(episode_count=3),
            AnimeFactory(episode_count=None),
            AnimeFactory(episode_count=None),
        )
        EpisodeFactory(anime=listed, number=1)
        for anime, number in ((counted, 4), (listed, 2)):
            with pytest.raises(ValidationFailed):
                services.progress_save(user=user, anime_id=anime.id, episode_number=number, position=1)
        for anime, number in ((counted, 3), (listed, 1), (unknown, 999)):
            services.progress_save(user=user, anime_id=anime.id, episode_number=number, position=1)
        assert WatchProgress.objects.count() == 3

    def test_what_was_taken_down_takes_no_place_and_no_entry(self) -> None:
        user, anime = UserFactory(), AnimeFactory(hidden=True)
        with pytest.raises(AnimeHidden):
            services.progress_save(user=user, anime_id=anime.id, episode_number=1, position=1)
        with pytest.raises(AnimeHidden):
            services.entry_set(user=user, anime_id=anime.id)
        assert WatchProgress.objects.count() == ListEntry.objects.count() == 0

    def test_import_is_newer_wins_and_drops_bad_rows(self) -> None:
        user, anime = UserFactory(), AnimeFactory()
        services.progress_save(user=user, anime_id=anime.id, episode_number=1, position=50, duration=100)
        old = (timezone.now() - timedelta(days=1)).isoformat()
        now = timezone.now().isoformat()
        good = {"anime_id": anime.id, "duration": 100}
        rows = [
            {**good, "episode_num": 1, "timecode": 5, "updated_at": old},
            {**good, "episode_num": 2, "timecode": 7, "updated_at": old},
            {**good, "episode_num": 2, "timecode": 9, "updated_at": now},
            {**good, "episode_num": 3, "timecode": 9, "updated_at": "2999-01-01T00:00:00Z"},
            {**good, "episode_num": -1, "timecode": 1, "updated_at": now},
            {**good, "episode_num": 4, "timecode": -1, "updated_at": now},
            {**good, "episode_num": 4, "timecode": float("nan"), "updated_at": now},
            {**good, "episode_num": True, "timecode": 1, "updated_at": now},
            {**good, "episode_num": 4, "timecode": 1, "updated_at": "yesterday"},
            {**good, "episode_num": 4, "timecode": 1, "updated_at": 1e300},
            {**good, "episode_num": 4, "timecode": 1},
            {"anime_id": 10**6, "episode_num": 1, "timecode": 1, "updated_at": now},
            None,
            "x",
        ]
        assert services.progress_import(user=user, rows=rows) == {"imported": 2, "kept": 1, "dropped": 11}
        stored = dict(WatchProgress.objects.values_list("episode_number", "position"))
        assert stored == {1: 50, 2: 9, 3: 9}
        assert WatchProgress.objects.get(episode_number=3).updated_at <= timezone.now()
        again = services.progress_import(user=user, rows=rows)
        assert again["imported"] <= 1  # only the row "from the future" counts as now again

    def test_an_equal_time_does_not_win(self) -> None:
        user, anime = UserFactory(), AnimeFactory()
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        row = {"anime_id": anime.id, "episode_num": 1, "timecode": 5, "updated_at": moment.isoformat()}
        services.progress_import(user=user, rows=[row])
        services.progress_import(user=user, rows=[{**row, "timecode": 6}])
        assert WatchProgress.objects.get().position == 5

    def test_clearing_one_anime_or_all_touches_only_the_own_rows(self) -> None:
        user, other, first, second = UserFactory(), UserFactory(), AnimeFactory(), AnimeFactory()
        for who in (user, other):
            for anime in (first, second):
                services.progress_save(user=who, anime_id=anime.id, episode_number=1, position=1)
        assert services.progress_clear(user=user, anime_id=first.id) == 1
        assert services.progress_clear(user=user) == 1
        assert WatchProgress.objects.filter(user=other).count() == 2

    def test_continue_watching_offers_the_next_episode_after_a_finished_one(self, django_assert_num_queries) -> None:
        user = UserFactory()
        half, done, over = AnimeFactory(), AnimeFactory(), AnimeFactory()
        for anime in (half, done, over):
            _document(anime, episode_count=2)
            EpisodeFactory(anime=anime, number=1)
            EpisodeFactory(anime=anime, number=2)
        services.progress_save(user=user, anime_id=over.id, episode_number=2, position=99, duration=100)
        services.progress_save(user=user, anime_id=done.id, episode_number=1, position=99, duration=100)
        services.progress_save(user=user, anime_id=half.id, episode_number=1, position=600, duration=1440)
        with django_assert_num_queries(4):
            items = continue_watching(user)
        assert [(i.anime_id, i.episode_number, i.position) for i in items] == [(half.id, 1, 600), (done.id, 2, 0)]
        assert (items[0].percent, items[0].minutes_left) == (42, 14)

    def test_latest_is_capped(self) -> None:
        user, anime = UserFactory(), AnimeFactory(episode_count=14)
        for number in range(1, 15):
            services.progress_save(user=user, anime_id=anime.id, episode_number=number, position=1)
        assert [row.episode_number for row in progress_latest(user, limit=3)] == [14, 13, 12]


@pytest.mark.django_db
class TestEntries:
    def test_an_entry_is_planned_at_first_and_keeps_its_status(self) -> None:
        user, anime = UserFactory(), AnimeFactory()
        assert services.entry_set(user=user, anime_id=anime.id).state.status == "planned"
        services.entry_set(user=user, anime_id=anime.id, status="watching", score=85)
        services.entry_set(user=user, anime_id=anime.id)
        assert ListEntry.objects.get().status == "watching"
        assert Rating.objects.get().score == 85
        services.entry_set(user=user, anime_id=anime.id, score=None)
        assert Rating.objects.count() == 0

    @pytest.mark.parametrize("bad", [{"status": "nope"}, {"score": 101}, {"score": -1}, {"score": "9"}])
    def test_bad_values_change_nothing(self, bad: dict) -> None:
        anime = AnimeFactory()
        with pytest.raises(ValidationFailed):
            services.entry_set(user=UserFactory(), anime_id=anime.id, **bad)
        assert ListEntry.objects.count() == 0

    def test_removing_takes_the_score_along(self) -> None:
        user, anime = UserFactory(), AnimeFactory()
        services.entry_set(user=user, anime_id=anime.id, score=50)
        assert services.entry_remove(user=user, anime_id=anime.id)
        assert not services.entry_remove(user=user, anime_id=anime.id)
        assert Rating.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_parallel_heartbeats_leave_one_row() -> None:
    user, anime = UserFactory(), AnimeFactory()
    errors: list[Exception] = []

    def beat(start: int) -> None:
        try:
            for second in range(start, start + 10):
                services.progress_save(user=user, anime_id=anime.id, episode_number=1, position=second)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=beat, args=(n * 10,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert WatchProgress.objects.count() == 1
