"""The board: which anime, how many episodes, why not more; and how often it asks."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.facade import anime_merge
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from core.errors import NotFound
from downloads.missing.counting import LONGEST_SPAN
from downloads.missing.selectors import anime_gaps, board, episode_gaps
from downloads.missing.states import GapState, Wish
from downloads.models import LibraryFile, VariantFollow
from downloads.tests.missing.conftest import download_make, file_make, source_make
from downloads.tests.queue.conftest import Configured
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def states(anime: Anime, wish: Wish | None = None) -> dict[int, str]:
    return {gap.number: str(gap.state) for gap in episode_gaps(anime.pk, wish) if gap.kind == "regular"}


class TestEpisodes:
    def test_each_has_its_state(self, anime: Anime) -> None:
        found = states(anime)
        assert [found[number] for number in range(1, 13)] == [
            *["present"] * 3,
            "in_queue",
            "failed",
            "ready",
            "no_allowed_host",
            "no_source",
            "not_aired",
            *["no_source"] * 3,
        ]

    def test_what_is_known_of_each_is_there(self, anime: Anime) -> None:
        by = {gap.number: gap for gap in episode_gaps(anime.pk)}
        assert (by[1].files[0].height, by[1].files[0].variants) == (1080, (("sub", "en"),))
        assert by[2].files == by[3].files
        assert by[4].download is not None
        assert by[4].download.percent == 42.0
        assert by[5].failure is not None
        assert (by[5].failure.attempts, by[5].failure.error_code) == (3, "segment_failed")
        assert (by[6].sources, by[6].variants, by[6].title) == (1, (("dub", "de"),), "Part 6")
        assert by[7].hosts == ("elsewhere.example",)

    def test_a_chosen_variant_counts_alone(self, anime: Anime) -> None:
        download_make(anime, 6, "queued", variant_kind="sub", variant_language="en")
        german = states(anime, Wish("dub", "de", is_strict=True))
        assert [german[number] for number in (1, 2, 4, 5, 6, 7)] == [
            *["no_source"] * 2,
            "ready",
            "failed",
            "ready",
            "no_source",
        ]
        english = states(anime, Wish("sub", "en", is_strict=True))
        assert [english[number] for number in (1, 2, 6, 7)] == ["present", "no_source", "in_queue", "no_allowed_host"]

    def test_the_usual_variant_says_what_would_be_fetched(self, anime: Anime, configured: Configured) -> None:
        configured(variant="sub", language="en")
        found = states(anime)
        assert [found[number] for number in (1, 4, 6, 7)] == ["present", "in_queue", "no_source", "no_allowed_host"]

    def test_a_newer_download_forgets_a_failure(self, anime: Anime) -> None:
        download_make(anime, 5, "cancelled")
        assert states(anime)[5] == "ready"
        download_make(anime, 5, "queued")
        assert states(anime)[5] == "in_queue"

    def test_files_that_are_gone_or_ignored_are_none(self, anime: Anime) -> None:
        for state in ("gone", "ignored"):
            LibraryFile.objects.filter(first=1).update(state=state)
            assert states(anime)[1] == "no_source"
            assert anime_gaps(anime.pk).present == 2

    def test_specials_are_shown_where_there_is_something_of_them(self, anime: Anime) -> None:
        EpisodeFactory(anime=anime, kind="special", number=1)
        EpisodeFactory(anime=anime, kind="special", number=2)
        file_make(anime, 2, episode_kind="special")
        gaps = episode_gaps(anime.pk)
        assert [(gap.kind, gap.number, gap.state) for gap in gaps if gap.kind != "regular"] == [
            ("special", 2, GapState.PRESENT)
        ]
        assert anime_gaps(anime.pk).known == 12

    def test_an_unknown_or_merged_anime_is_not_found(self, anime: Anime) -> None:
        other = AnimeFactory()
        anime_merge(actor=None, keep=anime, duplicate=other)
        for wrong in (other.pk, anime.pk + 10_000):
            for ask in (episode_gaps, anime_gaps):
                with pytest.raises(NotFound):
                    ask(wrong)


class TestBoard:
    def test_a_line_adds_up(self, anime: Anime) -> None:
        found = board(1, 20)
        (line,) = found.rows
        assert (found.count, line.anime_id, line.title, line.is_kept) == (1, anime.pk, "Hoshi no Niwa", True)
        assert (line.known, line.present, line.missing, line.fillable) == (12, 3, 9, 2)
        assert line.reasons == {
            "in_queue": 1,
            "failed": 1,
            "ready": 1,
            "no_allowed_host": 1,
            "no_source": 4,
            "not_aired": 1,
        }

    def test_kept_is_what_has_a_file_a_download_or_an_order(self, configured: Configured) -> None:
        filed, fetched, ordered, other = (AnimeFactory(title=name, episode_count=3) for name in "abcd")
        file_make(filed, 1)
        download_make(fetched, 1, "cancelled")
        VariantFollow.objects.create(anime=ordered)
        assert [row.anime_id for row in board(1, 20, sort="name", order="asc").rows] == [
            filed.pk,
            fetched.pk,
            ordered.pk,
        ]
        assert [row.orders for row in board(1, 20, sort="name", order="asc").rows] == [0, 0, 1]
        assert not anime_gaps(other.pk).is_kept

    def test_sorts_pages_and_the_complete(self, configured: Configured) -> None:
        made = []
        for number, (title, count) in enumerate([("bravo", 5), ("Alpha", 2), ("charlie", 9), ("delta", 1)]):
            made.append(AnimeFactory(title=title, episode_count=count))
            file_make(made[-1], 1)
            LibraryFile.objects.filter(anime=made[-1]).update(seen_at=f"2026-01-0{number + 1}T00:00:00Z")

        def titles(**given: Any) -> list[str]:
            return [row.title for row in board(1, 20, **given).rows]

        assert titles() == ["charlie", "bravo", "Alpha", "delta"]
        assert titles(order="asc") == ["delta", "Alpha", "bravo", "charlie"]
        assert titles(sort="name", order="asc") == ["Alpha", "bravo", "charlie", "delta"]
        assert titles(sort="updated_at") == ["delta", "charlie", "Alpha", "bravo"]
        assert titles(only_missing=True) == ["charlie", "bravo", "Alpha"]
        assert [row.title for row in board(2, 3).rows] == ["delta"]
        assert board(2, 3).count == 4
        assert (board(9, 3).rows, board(9, 3).count) == ((), 0)

    def test_a_search_finds_any_anime(self, anime: Anime) -> None:
        other = AnimeFactory(title="Tsuki no Hashi", episode_count=4, document=True)
        found = board(1, 20, search="tsuki no hashi")
        assert [(row.anime_id, row.is_kept, row.missing, row.changed_at) for row in found.rows][:1] == [
            (other.pk, False, 4, None)
        ]
        assert board(1, 20, search="'; DROP TABLE catalog_anime; --").rows == ()
        assert board(1, 20, search="?!").count == 0

    def test_hidden_anime_are_left_out_for_those_who_may_not_see_them(self, anime: Anime) -> None:
        Anime.objects.filter(pk=anime.pk).update(visibility="hidden")
        assert board(1, 20).count == 1
        assert board(1, 20, shows_hidden=False).count == 0

    def test_a_file_of_absurdly_many_episodes_counts_some(self, configured: Configured) -> None:
        anime = AnimeFactory(episode_count=2000)
        file_make(anime, 1, 2_000_000_000)
        line = board(1, 20).rows[0]
        assert (line.present, line.missing) == (LONGEST_SPAN, 2000 - LONGEST_SPAN)
        assert Counter(states(anime).values()) == {"present": line.present, "no_source": line.missing}


def test_the_database_counts_as_the_verdicts_do(configured: Configured) -> None:
    """Sixty anime of chance: the statement that counts, the tally and the verdict on each episode agree."""
    chance = random.Random(11)
    made = []
    for _ in range(60):
        count = chance.choice([None, 0, 1, 6, 13])
        anime = AnimeFactory(
            episode_count=count, status=chance.choice(["airing", "finished", "upcoming"]), start_date=None
        )
        made.append(anime)
        for number in sorted(chance.sample(range(16), chance.randrange(8))):
            day = chance.choice([None, "2020-01-01", "2999-01-01"])
            EpisodeFactory(anime=anime, number=number, aired_on=day)
            if chance.random() < 0.3:
                source_make(anime, number, host=chance.choice(["cdn.example", "no.example"]))
        for place in range(chance.randrange(5)):
            first = chance.randrange(16)
            file_make(anime, first, first + chance.choice([0, 0, 1, 4]), path=f"{anime.pk}/{place}.mkv")
        for _again in range(2):
            number = chance.randrange(1, 16)
            download_make(anime, number, chance.choice(["queued", "failed", "done"]))
    for anime in made:
        line = anime_gaps(anime.pk)
        each = Counter(states(anime).values())
        held = each.pop("present", 0)
        assert line.present <= held, anime.pk
        assert (line.missing, line.reasons) == (sum(each.values()), dict(each)), states(anime)


def test_it_asks_as_often_for_many_as_for_few(anime: Anime) -> None:
    with assert_queries("downloads/missing board"):
        board(1, 20)
    with assert_queries("downloads/missing episodes"):
        episode_gaps(anime.pk)
    for _ in range(5):
        other = AnimeFactory(episode_count=3)
        for number in (1, 2):
            source_make(other, number)
        file_make(other, 3)
        download_make(other, 1, "queued")
    with assert_queries("downloads/missing board"):
        assert len(board(1, 20).rows) == 6


@pytest.mark.skipif(connection.vendor != "sqlite", reason="what PostgreSQL plans for a few rows says nothing")
def test_files_are_read_from_their_index_alone(anime: Anime) -> None:
    with CaptureQueriesContext(connection) as asked:
        board(1, 20)
    sql = next(query["sql"] for query in asked.captured_queries if "RECURSIVE" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + sql)
        plan = [row[3] for row in cursor.fetchall()]
    reads = [step for step in plan if "downloads_libraryfile" in step or step.startswith("SEARCH f ")]
    assert reads
    assert all("COVERING INDEX library_file_present" in step for step in reads), plan
