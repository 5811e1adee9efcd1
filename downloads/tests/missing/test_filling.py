"""One click: what is missing and can be had goes into the queue, once."""

from collections import Counter
from typing import Any

import pytest

from accounts.models import User
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, SeasonFactory
from core.errors import NotFound, ValidationFailed
from downloads.missing import filling
from downloads.missing.filling import Filled, anime_fill
from downloads.models import Download, Priority
from downloads.tests.missing.conftest import source_make
from downloads.tests.queue.conftest import Configured
from tests.races import DONE, at_once

pytestmark = pytest.mark.django_db


def fill(anime: Anime, actor: User | None = None, **given: Any) -> Filled:
    return anime_fill(actor=actor, anime_id=anime.pk, **given)


def numbers(filled: Filled) -> list[int]:
    return [one.number for one in filled.queued]


def reasons(filled: Filled) -> dict[int, str]:
    return {one.number: one.reason for one in filled.skipped}


def test_all_that_can_be_had_is_queued_and_the_rest_is_said(anime: Anime, admin: User) -> None:
    filled = fill(anime, admin, quality=720, priority=Priority.HIGH)
    assert numbers(filled) == [5, 6]
    assert reasons(filled) == {
        **dict.fromkeys((1, 2, 3), "present"),
        4: "in_queue",
        7: "no_allowed_host",
        9: "not_aired",
        **dict.fromkeys((8, 10, 11, 12), "no_source"),
    }
    made = Download.objects.filter(pk__in=[one.download_id for one in filled.queued]).order_by()
    asked = made.values_list("requested_by", "quality", "priority", "variant_kind", "variant_language").distinct()
    assert list(asked) == [(admin.pk, 720, Priority.HIGH, "", "")]


def test_asking_again_changes_nothing(anime: Anime) -> None:
    first, before = fill(anime), Download.objects.count()
    again = fill(anime)
    assert (numbers(first), numbers(again)) == ([5, 6], [])
    assert {reasons(again)[number] for number in (4, 5, 6)} == {"in_queue"}
    assert Download.objects.count() == before


def test_chosen_episodes_and_what_is_none(anime: Anime) -> None:
    filled = fill(anime, episodes=[6, 1, 6, 99, 0])
    assert (numbers(filled), reasons(filled)) == ([6], {0: "unknown", 1: "present", 99: "unknown"})


def test_another_variant_is_another_download(anime: Anime) -> None:
    filled = fill(anime, variant_kind="dub", variant_language="de", episodes=[1, 4, 6])
    assert (numbers(filled), reasons(filled)) == ([4, 6], {1: "no_source"})
    source_make(anime, 1)
    assert numbers(fill(anime, variant_kind="dub", variant_language="de", episodes=[1, 4, 6])) == [1]
    assert numbers(fill(anime)) == [5]


def test_what_is_not_said_is_the_operators(anime: Anime, configured: Configured) -> None:
    configured(variant="dub", language="de", quality=480)
    (made,) = fill(anime, episodes=[6]).queued
    download = Download.objects.get(pk=made.download_id)
    assert (download.variant_kind, download.variant_language, download.quality) == ("dub", "de", 480)


def test_a_season_is_what_the_catalogue_counts(anime: Anime) -> None:
    assert numbers(fill(anime, season=1)) == [5, 6]
    Download.objects.filter(episode_number__in=(5, 6)).delete()
    second = SeasonFactory(anime=anime, number=2)
    anime.episodes.filter(number__gte=6).update(season=second)
    assert numbers(fill(anime, season=2)) == [6]
    with pytest.raises(ValidationFailed):
        fill(anime, season=1)


@pytest.mark.parametrize(
    "given",
    [
        {"variant_kind": "karaoke"},
        {"variant_language": "not a language"},
        {"variant_language": "de-" + "x" * 40},
        {"quality": 9999},
        {"quality": -1},
        {"season": 7},
        {"episodes": list(range(5001))},
    ],
)
def test_nonsense_queues_nothing(anime: Anime, given: dict) -> None:
    before = Download.objects.count()
    with pytest.raises(ValidationFailed):
        fill(anime, **given)
    assert Download.objects.count() == before


def test_an_unknown_anime_is_not_found(anime: Anime) -> None:
    with pytest.raises(NotFound):
        anime_fill(actor=None, anime_id=anime.pk + 10_000)


def test_no_more_than_so_many_at_once(configured: Configured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "MOST_AT_ONCE", 4)
    monkeypatch.setattr(filling, "_BATCH", 3)
    anime = AnimeFactory(episode_count=6)
    for number in range(1, 7):
        source_make(anime, number)
    first, second = fill(anime), fill(anime)
    assert (numbers(first), reasons(first)) == ([1, 2, 3, 4], {5: "too_many", 6: "too_many"})
    assert numbers(second) == [5, 6]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_queue_each_episode_once(anime: Anime) -> None:
    filled: list[Filled] = []
    assert at_once([lambda: filled.append(fill(anime)) for _ in range(3)]) == {DONE: 3}
    assert sorted(number for one in filled for number in numbers(one)) == [5, 6]
    assert Counter(Download.objects.filter(state="queued").values_list("episode_number", flat=True)) == {5: 1, 6: 1}
