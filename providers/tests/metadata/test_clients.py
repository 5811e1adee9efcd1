"""Each service is asked in its own way and answers in the catalogue's terms."""

from collections.abc import Callable

import orjson
import pytest

from catalog.facade import ScoreDraft
from core.egress import EgressBadAnswer, EgressError
from providers.errors import ProviderUnknown
from providers.metadata.clients import client_of, clients_enabled
from providers.metadata.registry import client_classes
from providers.models import MetadataSnapshot, Provider
from providers.tests.standin import StandIn
from providers.tests.standin.answers import Said

NAMES = ("anilist", "jikan", "kitsu", "shikimori")


def test_the_clients_of_the_code() -> None:
    assert tuple(client_classes()) == NAMES
    assert client_of("jikan") is client_of("jikan")
    with pytest.raises(ProviderUnknown):
        client_of("nobody")


def test_enabled_clients_come_by_position(stand_in: StandIn) -> None:
    for position, name in enumerate(("kitsu", "jikan", "anilist", "shikimori")):
        Provider.objects.filter(name=name).update(position=position, is_enabled=name != "anilist")
    Provider.objects.create(name="gone", adapter="gone", role="metadata", label="Gone", is_enabled=True)

    assert [client.name for client in clients_enabled()] == ["kitsu", "jikan", "shikimori"]
    assert stand_in.paths() == []


@pytest.mark.parametrize(
    ("name", "external_id", "path"),
    [
        ("jikan", "101", "/v4/anime/101/full"),
        ("anilist", "100101", "/graphql/"),
        ("anilist", "mal:101", "/graphql/"),
        ("kitsu", "40101", "/api/edge/anime/40101?include=mappings"),
        ("shikimori", "101", "/api/animes/101"),
    ],
)
def test_every_service_knows_the_same_anime(stand_in: StandIn, name: str, external_id: str, path: str) -> None:
    found = client_of(name).anime(external_id)

    assert stand_in.paths() == [path]
    assert found.record is not None
    assert found.record.mal_id == "101"
    assert (found.source, found.external_id) == (name, external_id.replace("mal:", "100"))
    fields = found.record.fields
    assert (fields["title"], fields["title_english"], fields["title_native"]) == (
        "Hoshi no Niwa",
        "Garden of Stars",
        "星の庭",
    )
    assert (fields["kind"], fields["status"], fields["year"], fields["season"]) == ("tv", "finished", 2019, "spring")
    assert (fields["episode_count"], fields["duration_seconds"]) == (12, 1440)


@pytest.mark.parametrize(
    ("name", "external_id", "score"),
    [
        ("jikan", "101", ScoreDraft("mal", 75.1, 4200)),
        ("anilist", "100101", ScoreDraft("anilist", 77.0, 500)),
        ("kitsu", "40101", ScoreDraft("kitsu", 76.6, 1000)),
        ("shikimori", "101", ScoreDraft("shikimori", 77.1, 75)),
    ],
)
def test_scores_are_of_a_hundred(stand_in: StandIn, name: str, external_id: str, score: ScoreDraft) -> None:
    record = client_of(name).anime(external_id).record

    assert record is not None
    assert record.scores == [score]
    assert len(stand_in.log) == 1


@pytest.mark.parametrize("name", NAMES)
def test_a_search_gives_the_best_first_and_keeps_nothing(stand_in: StandIn, name: str) -> None:
    found = client_of(name).search("hoshi no niwa")

    assert [item.record and item.record.fields["title"] for item in found] == [
        "Hoshi no Niwa",
        "Hoshi no Niwa 2nd Season",
    ]
    assert all(item.external_id and not item.is_stale for item in found)
    assert len(client_of(name).search("hoshi no niwa", limit=1)) == 1
    assert client_of(name).search("nothing of the kind") == []
    assert len(stand_in.log) == 3
    assert not MetadataSnapshot.objects.exists()


@pytest.mark.parametrize("name", NAMES)
def test_a_search_for_nothing_asks_nobody(stand_in: StandIn, name: str) -> None:
    assert client_of(name).search("") == []
    assert client_of(name).search(" \x00\n ") == []
    assert stand_in.paths() == []


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_search_stay_words(stand_in: StandIn, name: str) -> None:
    assert client_of(name).search("a&limit=9999#/../../?q=" + "x" * 9000, limit=10**9) == []

    assert len(stand_in.log) == 1
    assert len(stand_in.paths()[0]) < 700


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("fault", ["cut", "cut_json", "garbage", "error", "down"])
def test_a_search_that_fails_is_an_error(stand_in: StandIn, name: str, fault: str) -> None:
    stand_in.fault(fault)
    with pytest.raises(EgressError):
        client_of(name).search("hoshi")

    assert len(stand_in.log) == 1


@pytest.mark.parametrize(
    ("name", "ids", "asked"),
    [
        ("jikan", {"mal": ["1"], "anilist": ["2"]}, "1"),
        ("jikan", {"anilist": ["2"]}, None),
        ("anilist", {"mal": ["1"], "anilist": ["2"]}, "2"),
        ("anilist", {"mal": ["1"]}, "mal:1"),
        ("kitsu", {"kitsu": ["3", "4"]}, "3"),
        ("kitsu", {"mal": ["1"]}, None),
        ("shikimori", {"shikimori": ["5"], "mal": ["1"]}, "5"),
        ("shikimori", {"mal": ["1"]}, "1"),
        ("shikimori", {}, None),
    ],
)
def test_which_id_a_service_is_asked_by(name: str, ids: dict[str, list[str]], asked: str | None) -> None:
    assert client_of(name).id_among(ids) == asked


def test_anilist_by_two_ids_is_one_answer(stand_in: StandIn) -> None:
    by_mal = client_of("anilist").anime("mal:101")
    again = client_of("anilist").anime("mal:101")
    own = client_of("anilist").anime("100101")

    assert by_mal.external_id == again.external_id == own.external_id == "100101"
    assert [row.external_id for row in MetadataSnapshot.objects.all()] == ["100101"]
    assert len(stand_in.log) == 1


def test_anilist_learns_of_a_mal_id_later(stand_in: StandIn, aged: Callable[[float], int]) -> None:
    assert client_of("anilist").anime("mal:555").record is None
    assert MetadataSnapshot.objects.get().external_id == "mal:555"
    stand_in.records.change(555, title="Yoru no Tegami", external=[{"name": "anilist", "url": "777"}])
    aged(25)
    assert client_of("anilist").anime("mal:555").external_id == "777"

    assert [row.external_id for row in MetadataSnapshot.objects.all()] == ["777"]


def test_anilist_says_when_the_next_episode_airs(stand_in: StandIn) -> None:
    assert client_of("anilist").anime("100101").payload["nextAiringEpisode"] == {
        "airingAt": 1_800_000_000,
        "episode": 5,
    }
    assert len(stand_in.log) == 1


@pytest.mark.parametrize(
    ("answer", "is_unknown"),
    [
        ({"errors": [{"message": "Not Found.", "status": 404}], "data": {"Media": None}}, True),
        ({"errors": [{"message": "Too many fields", "status": 400}], "data": {"Media": None}}, False),
        ({"errors": [{"message": "Internal Server Error", "status": 500}], "data": None}, False),
        ({"data": {"Media": None}}, False),
        ({}, False),
        ([], False),
        ("Media", False),
    ],
)
def test_errors_of_anilist_inside_a_200(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch, answer: object, is_unknown: bool
) -> None:
    monkeypatch.setattr(stand_in.answers, "graphql", lambda _body: Said(200, orjson.dumps(answer)))
    if is_unknown:
        assert client_of("anilist").anime("5").record is None
        assert MetadataSnapshot.objects.get().is_missing
    else:
        with pytest.raises(EgressBadAnswer):
            client_of("anilist").anime("5")
        assert not MetadataSnapshot.objects.exists()
