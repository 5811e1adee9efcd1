"""Anime that strangers name: what of it reaches the catalogue, where it is shown, when it is one like every other."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from catalog.facade import anime_cards, anime_get_visible, anime_ids_by_external, anime_ids_visible
from catalog.importing.external_sites import id_is_formed
from catalog.models import Anime, ExternalId, Rating
from catalog.search import titles_search
from catalog.services.anime import anime_update
from catalog.services.stubs import StubDraft, anime_stubs_create, anime_stubs_delete
from catalog.tests.factories import AnimeFactory, ExternalIdFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"


def stub(title: str, *ids: tuple[str, str]) -> Anime:
    return Anime.objects.get(pk=anime_stubs_create([StubDraft(title, ids)])[0])


def ids_of(anime: Anime) -> set[tuple[str, str]]:
    return set(ExternalId.objects.filter(anime=anime).values_list("site", "value"))


@pytest.mark.parametrize(
    "pair",
    [("mal", "0"), ("mal", "1x"), ("mal", "١"), ("anidb", "-4"), ("anilist", "12345678901"), ("tmdb", "tv/"),
     ("tmdb", "film/1"), ("animeplanet", "../x"), ("mal", "5\n"), ("nowhere", "1")],
)  # fmt: skip
def test_what_is_no_id_is_not_kept(pair: tuple[str, str]) -> None:
    assert not id_is_formed(*pair)
    assert ids_of(stub("Odd", pair, ("mal", "77"))) == {("mal", "77")}


def test_an_id_of_ours_is_nobodys_to_give() -> None:
    assert ids_of(stub("Mine", ("hiroba", "series-1"))) == set()


def test_a_stub_takes_one_id_of_each_site_and_none_that_an_anime_has() -> None:
    ExternalIdFactory(anime=AnimeFactory(), site="anidb", value="4")
    made = stub("X", ("mal", "50"), ("shikimori", "51"), ("mal", "52"), ("anidb", "4"), ("kitsu", "6"), ("kitsu", "7"))
    assert ids_of(made) == {("mal", "50"), ("kitsu", "6")}


def test_an_anime_with_either_number_is_found() -> None:
    known = AnimeFactory()
    ExternalIdFactory(anime=known, site="mal", value="60")
    assert stub("X", ("shikimori", "60")) == known


def test_where_an_anime_of_a_source_carries_the_id_the_stub_does_not_count() -> None:
    made = stub("X", ("mal", "900"), ("anidb", "8"))
    assert anime_ids_by_external([("anidb", "8")]) == {("anidb", "8"): {made.pk}}
    real = AnimeFactory()
    ExternalIdFactory(anime=real, site="anidb", value="8")
    assert anime_ids_by_external([("anidb", "8"), ("mal", "900")]) == {
        ("anidb", "8"): {real.pk},
        ("mal", "900"): {made.pk},
    }


def test_a_stub_is_in_no_list_of_the_public_until_somebody_fills_it(client: Client) -> None:
    AnimeFactory(title="Seen by all", document=True)
    made = stub("Quite unheard of", ("mal", "901"))
    viewer = UserFactory()
    assert not Anime.objects.public().filter(pk=made.pk).exists()
    assert [row["title"] for row in client.get("/api/v1/anime").json()["results"]] == ["Seen by all"]
    assert client.get("/api/v1/anime/search?q=Quite+unheard+of").json()["results"] == []
    assert titles_search("Quite unheard of") == []
    assert "Quite unheard of" not in client.get("/").content.decode()
    assert anime_ids_visible(viewer, [made.pk]) == {made.pk}
    assert anime_get_visible(viewer, made.pk) == made
    assert list(anime_cards(viewer, [made.pk])) == [made.pk]
    assert client.get(f"/api/v1/anime/{made.pk}").status_code == 200
    anime_update(actor=viewer, anime=made, synopsis="Staff know it.")
    assert Anime.objects.public().filter(pk=made.pk).exists()
    assert [hit.anime_id for hit in titles_search("Quite unheard of")] == [made.pk]


def test_only_stubs_that_nobody_rated_are_deleted() -> None:
    real, kept, gone = AnimeFactory(), stub("Rated", ("mal", "902")), stub("Gone", ("mal", "903"))
    Rating.objects.create(user=UserFactory(), anime=kept, score=50)
    assert anime_stubs_delete([real.pk, kept.pk, gone.pk]) == 1
    assert set(Anime.objects.values_list("pk", flat=True)) == {real.pk, kept.pk}
