"""MAL's episode lists by Jikan: all pages or none."""

import datetime
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from core.egress import EgressError
from providers.metadata.jikan import Jikan
from providers.metadata.mapping.jikan_episodes import EpisodeFacts, episodes_map
from providers.models import MetadataSnapshot
from providers.tests.standin import StandIn
from providers.tests.standin.answers import Said


def test_a_list_of_one_page(stand_in: StandIn, aged: Callable[[float], int]) -> None:
    episodes = Jikan().episodes("101")

    assert episodes[4] == EpisodeFacts(
        number=5,
        title="Night 5",
        title_native="第5夜",
        title_romaji="Dai 5 Ya",
        aired_on=datetime.date(2019, 4, 6),
        is_filler=True,
    )
    assert [episode.number for episode in episodes] == list(range(1, 13))
    assert [episode.number for episode in episodes if episode.is_recap] == [8]
    assert Jikan().episodes("101") == episodes
    assert len(stand_in.log) == 1
    aged(25)
    assert Jikan().episodes("101") == episodes
    assert [asked.status for asked in stand_in.log] == [200, 304]


def test_a_list_of_three_pages(stand_in: StandIn, aged: Callable[[float], int]) -> None:
    assert len(Jikan().episodes("104")) == 250
    aged(25)
    assert len(Jikan().episodes("104")) == 250

    assert [path.rpartition("=")[2] for path in stand_in.paths()] == ["1", "2", "3"] * 2
    assert not any(asked.is_conditional for asked in stand_in.log)


def test_no_list_and_no_anime(stand_in: StandIn) -> None:
    assert Jikan().episodes("103") == []
    assert Jikan().episodes("987654") == []
    assert Jikan().episodes("../104") == []
    assert len(stand_in.log) == 2


@pytest.mark.parametrize("fault", ["error", "cut", "cut_json", "garbage", "down"])
def test_a_page_that_fails_leaves_the_list_before(stand_in: StandIn, aged: Callable[[float], int], fault: str) -> None:
    Jikan().episodes("104")
    aged(25)
    before = MetadataSnapshot.objects.get().payload
    stand_in.fault(fault, path="*page=2*")

    assert len(Jikan().episodes("104")) == 250
    assert MetadataSnapshot.objects.get().payload == before


def test_a_page_that_fails_with_no_list_before_is_an_error(stand_in: StandIn) -> None:
    stand_in.fault("error", path="*page=3*")
    with pytest.raises(EgressError):
        Jikan().episodes("104")

    assert not MetadataSnapshot.objects.exists()


def endless(target: str) -> Said:
    """The same page whatever is asked, always with another one promised."""
    return Said(200, orjson.dumps({"pagination": {"has_next_page": True}, "data": [{"mal_id": 1, "title": "One"}]}))


def test_a_list_that_never_ends_ends(stand_in: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in.answers, "get", endless)

    assert Jikan().episodes("101") == [EpisodeFacts(number=1, title="One")]
    assert len(stand_in.log) == 2


@pytest.mark.parametrize(
    "item",
    [{}, None, 7, [], {"mal_id": -1}, {"mal_id": 0}, {"mal_id": True}, {"mal_id": 10**9}, {"mal_id": "1; drop"}],
)
def test_items_without_a_number_are_left_out(item: Any) -> None:
    assert episodes_map([item, {"mal_id": 2, "title": ["no text"], "aired": "soon", "filler": "yes"}]) == [
        EpisodeFacts(number=2)
    ]
