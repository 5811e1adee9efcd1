"""The stand-in itself: what it serves is what Jikan would say of the real records."""

import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from catalog.facade import jikan_anime_map
from providers.metadata.clients import client_of
from providers.metadata.jikan import Jikan
from providers.tests.standin import Records, StandIn, records_builtin, records_of_folder, shapes
from providers.tests.standin.answers import Answers
from providers.tests.standin.covers import cover_made


@pytest.fixture(scope="module")
def folder() -> Path:
    return Path(os.environ["HIROBA_DATA"])


@pytest.fixture(scope="module")
def real(folder: Path) -> Records:
    return records_of_folder(folder)


def test_a_fault_ends_after_its_times(stand_in: StandIn) -> None:
    stand_in.fault("error", path="/v4/anime/*", times=2)
    statuses = [stand_in.faults.next_for("/v4/anime/1") is not None for _request in range(3)]

    assert statuses == [True, True, False]


def test_covers_are_the_same_for_an_id_and_different_for_others() -> None:
    assert cover_made(101) == cover_made(101)
    assert cover_made(101) != cover_made(102)
    assert cover_made(101)[:2] == b"\xff\xd8"


def test_pictures_may_lead_to_its_own_covers() -> None:
    answers = Answers(records_builtin(), origin="http://127.0.0.1:1")
    record = jikan_anime_map(orjson.loads(answers.get("/v4/anime/101/full").body))

    assert record.fields["poster_url"] == "http://127.0.0.1:1/covers/101.jpg"
    assert answers.get("/covers/101.jpg").content_type == "image/jpeg"
    assert answers.get("/covers/5.jpg").status == 404


@pytest.mark.data
def test_real_records_and_their_episodes(stand_in: StandIn, real: Records) -> None:
    stand_in.answers.records = real
    bebop = client_of("jikan").anime("1")

    assert len(real.ids()) == 27_088
    assert bebop.record is not None
    assert bebop.record.fields["title"] == "Cowboy Bebop"
    assert [episode.number for episode in Jikan().episodes("1")] == list(range(1, 27))
    assert client_of("anilist").anime("mal:1").record is not None
    assert client_of("kitsu").anime("1").record is not None
    found = client_of("jikan").search("Cowboy Bebop", limit=3)
    assert found[0].external_id == "1"


@pytest.mark.data
def test_recorded_answers_are_served_as_they_were(real: Records, folder: Path) -> None:
    answers = Answers(real, recorded=folder / "jikan" / "recorded")

    assert answers.get("/v4/seasons/-1/winter").status == 404
    assert answers.get("/v4/reviews/anime").status == 500
    assert b"The Green Seat" in answers.get("/v4/anime/457/episodes?page=1").body


@pytest.mark.data
def test_every_real_record_can_be_mapped_as_every_service_says_it(real: Records) -> None:
    for mal_id in real.ids()[::200]:
        record = orjson.loads(real.anime(mal_id))
        said = {
            "jikan": record,
            "anilist": shapes.anilist_media(record, mal_id),
            "kitsu": shapes.kitsu_anime(record, mal_id),
            "shikimori": shapes.shikimori_anime(record),
        }
        clients: dict[str, Any] = {name: client_of(name) for name in said}
        titles = {clients[name].record_of(payload).fields["title"] for name, payload in said.items()}
        assert len(titles) == 1
