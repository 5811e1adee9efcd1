"""Standing orders: what appears is fetched, once."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from catalog.facade import EpisodePublished
from catalog.models import Anime, EpisodeSource
from catalog.tests.factories import AnimeFactory
from core.errors import NotFound, ValidationFailed
from core.events import emit, subscribers
from downloads.missing import following
from downloads.missing.following import (
    episode_published,
    follow_remove,
    follow_set,
    follows_all,
    follows_catch_up,
    follows_of,
)
from downloads.models import Download, LibraryFile, VariantFollow
from downloads.tests.missing.conftest import download_make, file_make, source_make
from downloads.tests.queue.conftest import Configured

pytestmark = pytest.mark.django_db
GERMAN = {"variant_kind": "dub", "variant_language": "de"}


def queued(anime: Anime) -> list[int]:
    """Episodes that wait as German dub."""
    rows = Download.objects.filter(anime=anime, state="queued", **GERMAN).order_by("episode_number")
    return list(rows.values_list("episode_number", flat=True))


def published(anime: Anime, number: int, kind: str = "dub", language: str = "de") -> None:
    with transaction.atomic():
        emit(EpisodePublished(anime.pk, number, kind, language))


class TestSetting:
    def test_what_is_there_is_queued_at_once(self, anime: Anime, admin: User) -> None:
        order = follow_set(actor=admin, anime_id=anime.pk, quality=720, **GERMAN)
        assert queued(anime) == [4, 6]
        made = Download.objects.filter(state="queued").order_by().values_list("requested_by", "quality").distinct()
        assert list(made) == [(admin.pk, 720)]
        assert follows_of(anime.pk) == [order]

    def test_setting_again_changes_it(self, anime: Anime, admin: User) -> None:
        first = follow_set(actor=admin, anime_id=anime.pk, first_episode=5, **GERMAN)
        assert queued(anime) == [6]
        again = follow_set(actor=None, anime_id=anime.pk, quality=480, **GERMAN)
        assert (again.pk, again.quality, again.first_episode, again.set_by) == (first.pk, 480, 1, None)
        assert queued(anime) == [4, 6]
        assert VariantFollow.objects.count() == 1

    def test_removing_leaves_the_queue(self, anime: Anime) -> None:
        follow_set(actor=None, anime_id=anime.pk, **GERMAN)
        follow_remove(anime_id=anime.pk, **GERMAN)
        assert (follows_of(anime.pk), queued(anime)) == ([], [4, 6])
        with pytest.raises(NotFound):
            follow_remove(anime_id=anime.pk, **GERMAN)

    @pytest.mark.parametrize(
        "given", [{"variant_kind": "x"}, {"variant_language": "1"}, {"quality": -1}, {"first_episode": 0}]
    )
    def test_nonsense_sets_nothing(self, anime: Anime, given: dict) -> None:
        with pytest.raises(ValidationFailed):
            follow_set(actor=None, anime_id=anime.pk, **given)
        assert not VariantFollow.objects.exists()

    def test_of_an_unknown_anime_there_is_none(self, anime: Anime) -> None:
        with pytest.raises(NotFound):
            follow_set(actor=None, anime_id=anime.pk + 10_000)

    def test_all_of_them_by_title(self, anime: Anime) -> None:
        other = AnimeFactory(title="Aki", visibility="hidden")
        for one in (anime, other):
            follow_set(actor=None, anime_id=one.pk, **GERMAN)
        assert [order.anime.title for order in follows_all()] == ["Aki", "Hoshi no Niwa"]
        assert [order.anime.title for order in follows_all(shows_hidden=False)] == ["Hoshi no Niwa"]


class TestPublished:
    def test_it_listens(self) -> None:
        assert episode_published in subscribers(EpisodePublished)

    def test_an_episode_that_appears_is_queued_with_what_published_it(self, anime: Anime) -> None:
        follow_set(actor=None, anime_id=anime.pk, **GERMAN)
        source_make(anime, 10)
        published(anime, 10)
        published(anime, 10)
        assert queued(anime) == [4, 6, 10]
        source_make(anime, 11)
        with transaction.atomic():
            emit(EpisodePublished(anime.pk, 11, "dub", "de"))
            transaction.set_rollback(True)
        assert queued(anime) == [4, 6, 10]

    def test_other_variants_earlier_episodes_and_other_hosts_are_left(self, anime: Anime) -> None:
        follow_set(actor=None, anime_id=anime.pk, first_episode=11, **GERMAN)
        source_make(anime, 10)
        source_make(anime, 11, language="fr")
        source_make(anime, 12, host="elsewhere.example")
        for number in (10, 11, 12):
            published(anime, number)
        assert queued(anime) == []

    def test_what_failed_is_tried_when_there_is_news(self, anime: Anime) -> None:
        follow_set(actor=None, anime_id=anime.pk, **GERMAN)
        assert 5 not in queued(anime)
        published(anime, 5)
        assert 5 in queued(anime)

    def test_without_an_order_it_is_one_query(self, anime: Anime) -> None:
        with CaptureQueriesContext(connection) as asked:
            episode_published(EpisodePublished(anime.pk, 6, "dub", "de"))
        assert len(asked) == 1


class TestCatchingUp:
    def test_it_finds_what_nobody_told_of_and_is_quiet_the_second_time(
        self, anime: Anime, configured: Configured
    ) -> None:
        follow_set(actor=None, anime_id=anime.pk, **GERMAN)
        source_make(anime, 10)
        source_make(anime, 12, host="later.example")
        assert [follows_catch_up(), follows_catch_up()] == [1, 0]
        configured(allowed_hosts=["cdn.example", "later.example"])
        assert [follows_catch_up(), follows_catch_up()] == [1, 0]
        assert queued(anime) == [4, 6, 10, 12]

    @pytest.mark.parametrize("state", ["done", "failed", "cancelled", "paused"])
    def test_what_was_fetched_given_up_or_stands_in_the_queue_is_left(self, anime: Anime, state: str) -> None:
        VariantFollow.objects.create(anime=anime, first_episode=6, **GERMAN)
        download_make(anime, 6, state, path="library:a/6.mkv", **GERMAN)
        assert follows_catch_up() == 0

    def test_a_file_that_is_gone_is_fetched_again(self, anime: Anime) -> None:
        VariantFollow.objects.create(anime=anime, first_episode=6, **GERMAN)
        made = download_make(anime, 6, "done", path="library:a/6.mkv", **GERMAN)
        file = file_make(anime, 6, path="a/6.mkv")
        assert follows_catch_up() == 0
        LibraryFile.objects.filter(pk=file.pk).update(state="gone")
        assert follows_catch_up() == 1
        Download.objects.filter(episode_number=6).exclude(pk=made.pk).update(state="done", path="library:b/6.mkv")
        assert follows_catch_up() == 0
        Download.objects.filter(episode_number=6).update(reaped_at="2026-01-01T00:00:00Z")
        assert follows_catch_up() == 1

    def test_a_file_in_another_variant_does_not_count_one_in_this_does(self, anime: Anime) -> None:
        VariantFollow.objects.create(anime=anime, **GERMAN)
        source_make(anime, 1)  # on disk with Japanese sound
        follows_catch_up()
        assert queued(anime) == [1, 4, 6]
        Download.objects.filter(episode_number=6).delete()
        file_make(anime, 6, info={"streams": [{"kind": "audio", "language": "de"}]})
        assert follows_catch_up() == 0

    def test_an_order_of_any_variant_takes_what_is_on_disk(self, anime: Anime) -> None:
        VariantFollow.objects.create(anime=anime)
        source_make(anime, 1)
        assert follows_catch_up() == 1
        assert Download.objects.get(state="queued").episode_number == 6

    def test_so_many_in_one_run_and_the_rest_in_the_next(
        self, configured: Configured, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(following, "MOST_A_RUN", 4)
        monkeypatch.setattr(following, "_BATCH", 2)
        for _ in range(3):
            other = AnimeFactory(episode_count=3)
            VariantFollow.objects.create(anime=other, **GERMAN)
            VariantFollow.objects.create(anime=other, variant_kind="sub")
            for number in (1, 2):
                source_make(other, number)
        assert [follows_catch_up() for _ in range(3)] == [4, 2, 0]

    def test_dead_sources_and_none_at_all(self, anime: Anime) -> None:
        VariantFollow.objects.create(anime=anime, **GERMAN)
        EpisodeSource.objects.update(health="dead")
        assert follows_catch_up() == 0
        VariantFollow.objects.all().delete()
        assert follows_catch_up() == 0
