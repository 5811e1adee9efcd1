"""`POST /admin/anime` and `PATCH /admin/anime/{id}`: what is written, locked and refused."""

from typing import Any

import pytest

from catalog.models import Anime, AnimeDocument, FieldProvenance, PendingRelation, Relation, Studio
from catalog.services.stubs import StubDraft, anime_stubs_create
from catalog.tests.factories import AnimeFactory, GenreFactory, TagFactory
from providers.models import FieldSource
from providers.tests.api_admin.conftest import Caller
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def whole(db: None) -> dict[str, Any]:
    """A body with everything that may be said."""
    GenreFactory(name="Drama")
    TagFactory(name="Space")
    return {
        "title": "Umi no Tegami",
        "title_english": "Letters of the Sea",
        "synopsis": "Letters come by sea.",
        "kind": "tv",
        "status": "airing",
        "source": "manga",
        "country": "JP",
        "season": "fall",
        "year": 2026,
        "start_date": "2026-10-04",
        "episode_count": 12,
        "duration_seconds": 1440,
        "age_rating": "pg13",
        "is_adult": False,
        "poster_url": "https://images.example.org/umi.jpg",
        "colour": "#2244aa",
        "titles": [{"text": "海の手紙", "language": "ja", "kind": "official"}, {"text": "Umi"}],
        "genres": ["Drama"],
        "tags": ["Space"],
        "studios": [{"name": "Studio Nami"}, {"name": "Nami Music", "role": "producer"}],
        "external_ids": {"mal": "900", "anilist": "901"},
        "relations": [{"kind": "sequel", "anime_id": AnimeFactory(document=True).pk}],
    }


def locked(anime: Anime) -> set[str]:
    return set(FieldProvenance.objects.filter(anime=anime, is_locked=True).values_list("field", flat=True))


def test_an_anime_is_made_whole(admin: Caller, whole: dict[str, Any]) -> None:
    answer = admin("POST", "/admin/anime", whole)
    assert answer.status_code == 201
    anime = Anime.objects.get(pk=answer.json()["id"])
    assert set(answer.json()["changed"]) == set(whole)
    assert (anime.title, anime.slug, anime.origin, anime.year) == ("Umi no Tegami", "umi-no-tegami", "staff", 2026)
    assert [row.text for row in anime.titles.all()] == ["Umi no Tegami", "Letters of the Sea", "海の手紙", "Umi"]
    assert set(anime.anime_studios.values_list("studio__name", "role")) == {
        ("Studio Nami", "studio"),
        ("Nami Music", "producer"),
    }
    assert set(anime.external_ids.values_list("site", "value")) == {("mal", "900"), ("anilist", "901")}
    other = anime.relations.get().to_anime
    assert (other.relations.get().to_anime_id, other.relations.get().kind) == (anime.pk, "prequel")
    assert locked(anime) == set(whole)
    assert locked(other) == {"relations"}
    assert set(FieldProvenance.objects.values_list("set_by", flat=True)) == {admin.user.pk}
    assert "Letters come by sea." in AnimeDocument.objects.get(anime=anime).detail
    assert "Umi no Tegami" in AnimeDocument.objects.get(anime=other).detail


def test_only_what_the_body_names_is_written_and_only_what_differs_is_locked(admin: Caller) -> None:
    anime = AnimeFactory(document=True, synopsis="Old.", year=2020)
    FieldSource.objects.create(anime=anime, field="synopsis", source="jikan")
    FieldSource.objects.create(anime=anime, field="kind", source="jikan")
    with assert_queries("providers/PATCH admin anime"):
        answer = admin("PATCH", f"/admin/anime/{anime.pk}", {"synopsis": "New.", "year": 2020})
    assert (answer.status_code, answer.json()) == (200, {"id": anime.pk, "changed": ["synopsis"]})
    anime.refresh_from_db()
    assert (anime.synopsis, anime.year, locked(anime)) == ("New.", 2020, {"synopsis"})
    assert list(FieldSource.objects.values_list("field", flat=True)) == ["kind"]


def test_lists_overwrite(admin: Caller, whole: dict[str, Any]) -> None:
    anime = Anime.objects.get(pk=admin("POST", "/admin/anime", whole).json()["id"])
    related = anime.relations.get().to_anime
    PendingRelation.objects.create(from_anime=anime, kind="other", mal_id=5)
    GenreFactory(name="Comedy")
    body = {
        "genres": ["Comedy"],
        "tags": [],
        "studios": [{"name": "Studio Nami", "role": "licensor"}],
        "external_ids": {"mal": "900"},
        "relations": [],
        "titles": [{"text": "Sea letters", "language": "en"}],
    }
    answer = admin("PATCH", f"/admin/anime/{anime.pk}", body)
    assert set(answer.json()["changed"]) == set(body)
    assert [genre.name for genre in anime.genres.all()] == ["Comedy"]
    assert not anime.anime_tags.exists()
    assert list(anime.anime_studios.values_list("studio__name", "role")) == [("Studio Nami", "licensor")]
    assert list(anime.external_ids.values_list("site", "value")) == [("mal", "900")]
    assert not Relation.objects.exists()
    assert not PendingRelation.objects.exists()
    assert [row.text for row in anime.titles.all()] == ["Umi no Tegami", "Letters of the Sea", "Sea letters"]
    assert "Umi no Tegami" not in AnimeDocument.objects.get(anime=related).detail
    assert admin("PATCH", f"/admin/anime/{anime.pk}", body).json()["changed"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": ["x"]}, "title"),
        ({"title": "X\x00"}, "title"),
        ({"title": "X", "visibility": "hidden"}, "visibility"),
        ({"title": "X", "origin": "jikan"}, "origin"),
        ({"title": "X", "kind": "series"}, "kind"),
        ({"title": "X", "year": 1066}, "year"),
        ({"title": "X", "year": "soon"}, "year"),
        ({"title": "X", "start_date": "2020-02-30"}, "start_date"),
        ({"title": "X", "start_date": "2020-02-03", "end_date": "2020-02-01"}, "end_date"),
        ({"title": "X", "episode_count": -1}, "episode_count"),
        ({"title": "X", "poster_url": "javascript:alert(1)"}, "poster_url"),
        ({"title": "X", "trailer_url": "ftp://example.org/x"}, "trailer_url"),
        ({"title": "X", "colour": "red"}, "colour"),
        ({"title": "X", "genres": ["No such genre"]}, "genres"),
        ({"title": "X", "genres": "Drama"}, "genres"),
        ({"title": "X", "tags": ["No such tag"]}, "tags"),
        ({"title": "X", "titles": [{"text": "Y", "kind": "main"}]}, "titles"),
        ({"title": "X", "titles": [{"text": "Y", "html": "<b>"}]}, "titles"),
        ({"title": "X", "titles": [{"text": "Y", "language": "javascript:"}]}, "titles"),
        ({"title": "X", "studios": [{"name": ""}]}, "studios"),
        ({"title": "X", "external_ids": {"myspace": "1"}}, "external_ids"),
        ({"title": "X", "external_ids": {"mal": "abc"}}, "external_ids"),
        ({"title": "X", "external_ids": {"hiroba": "mine"}}, "external_ids"),
        ({"title": "X", "external_ids": {"mal": "5"}}, "external_ids"),
        ({"title": "X", "relations": [{"kind": "sequel", "anime_id": 10**9}]}, "relations"),
        ({"title": "X", "relations": [{"kind": "enemy", "anime_id": 1}]}, "relations"),
        ({"title": "X", "tags": ["x"] * 201}, "tags"),
    ],
)
def test_what_is_wrong_is_told_by_field_and_nothing_is_made(admin: Caller, body: dict[str, Any], field: str) -> None:
    AnimeFactory(mal_id=5)
    answer = admin("POST", "/admin/anime", body)
    assert (answer.status_code, answer.json()["error"]) == (422, "validation_failed")
    assert {name.split(".")[0] for name in answer.json()["fields"]} == {field}
    assert Anime.objects.count() == 1
    assert not Studio.objects.exists()


@pytest.mark.parametrize("body", [b"[]", b'"x"', b"null", b"{", b"\xff"])
def test_bodies_that_are_no_object(admin: Caller, body: bytes) -> None:
    assert admin("POST", "/admin/anime", body).status_code in (400, 422)
    assert not Anime.objects.exists()


def test_a_refused_change_changes_nothing(admin: Caller) -> None:
    anime = AnimeFactory(document=True, synopsis="Old.")
    body = {"synopsis": "New.", "studios": [{"name": "Made?"}], "relations": [{"kind": "sequel", "anime_id": anime.pk}]}
    answer = admin("PATCH", f"/admin/anime/{anime.pk}", body)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["relations"])
    anime.refresh_from_db()
    assert (anime.synopsis, locked(anime), Studio.objects.exists()) == ("Old.", set(), False)


def test_the_id_of_another_anime_is_refused(admin: Caller) -> None:
    AnimeFactory(mal_id=5)
    anime = AnimeFactory(document=True)
    answer = admin("PATCH", f"/admin/anime/{anime.pk}", {"external_ids": {"mal": "5"}})
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["external_ids"])
    assert not anime.external_ids.exists()


def test_a_stub_that_staff_describe_is_one_no_more(admin: Caller) -> None:
    stub = Anime.objects.get(pk=anime_stubs_create([StubDraft("Somebody's", (("mal", "8"), ("anidb", "3")))])[0])
    GenreFactory(name="Drama")
    assert admin("PATCH", f"/admin/anime/{stub.pk}", {"genres": ["Drama"]}).status_code == 200
    stub.refresh_from_db()
    assert stub.origin == ""
    assert set(stub.external_ids.values_list("site", flat=True)) == {"mal"}


def test_there_must_be_an_anime(admin: Caller) -> None:
    for method, tail in (("PATCH", ""), ("PATCH", "/sources"), ("POST", "/sync"), ("GET", "/candidates")):
        answer = admin(method, f"/admin/anime/404{tail}", {} if method == "PATCH" else None)
        assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    assert admin("PATCH", "/admin/anime/99999999999999999999", {}).status_code == 404
