"""One anime: the record, by either id, its episodes, for every role."""

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
from django.test import Client

from catalog.models import Anime, Visibility
from catalog.tests import factories
from catalog.tests.api.conftest import written
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
PRIVILEGED = {"tester", "admin", "superadmin"}
ROLES = ("anonymous", "user", "tester", "moderator", "admin", "superadmin")


@cache
def api_schema() -> dict[str, Any]:
    from drf_spectacular.generators import SchemaGenerator

    return json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))


def conforms(value: Any, component: str) -> None:
    """`value` has the shape that the schema promises, without members that it does not name."""
    schema = api_schema()
    root = {
        "$ref": f"#/components/schemas/{component}",
        "components": json.loads(json.dumps(schema["components"]).replace('"nullable": true', '"x-nullable": true')),
    }
    _nullable(root["components"])
    jsonschema.Draft202012Validator(root).validate(value)
    named = schema["components"]["schemas"][component]["properties"]
    assert set(value) == set(named), set(value) ^ set(named)


def _nullable(node: Any) -> None:
    """OpenAPI 3.0's `nullable` as JSON Schema says it."""
    if isinstance(node, dict):
        for child in list(node.values()):
            _nullable(child)
        if node.pop("x-nullable", False):
            inner = {key: node.pop(key) for key in list(node)}
            node["anyOf"] = [inner, {"type": "null"}]
    elif isinstance(node, list):
        for child in node:
            _nullable(child)


def rich_anime() -> Anime:
    """An anime with a row of everything that hangs on one."""
    anime = factories.AnimeFactory(mal_id=7, genres=[factories.GenreFactory()], tags=[factories.TagFactory()])
    factories.AnimeStudioFactory(anime=anime)
    factories.TitleFactory(anime=anime)
    factories.ExternalScoreFactory(anime=anime)
    factories.RelationFactory(from_anime=anime)
    factories.BroadcastRuleFactory(anime=anime)
    factories.OfficialLinkFactory(anime=anime)
    episode = factories.EpisodeFactory(anime=anime, number=1)
    factories.EpisodeSourceFactory(episode=episode)
    factories.EpisodeSourceFactory(episode=episode, local=True, translation=None, path="library:show/01.avi")
    factories.SubtitleTrackFactory(episode=episode)
    written(anime)
    return anime


def test_documents_have_the_shape_that_the_schema_promises(client: Client) -> None:
    anime, bare = (
        rich_anime(),
        factories.AnimeFactory(document=True, year=None, score=None, start_date=None, end_date=None),
    )
    for row in (anime, bare):
        conforms(client.get(f"/api/v1/anime/{row.pk}").json(), "DetailOut")
    for card in client.get("/api/v1/anime").json()["results"]:
        conforms(card, "CardOut")
    (episode,) = client.get(f"/api/v1/anime/{anime.pk}/episodes").json()
    conforms(episode, "EpisodeOut")
    assert {source["kind"] for source in episode["sources"]} == {"hls", "local"}


def test_the_record_by_either_id(client: Client, anime: Anime) -> None:
    body = client.get(f"/api/v1/anime/{anime.pk}").json()
    assert body["id"] == anime.pk
    assert body["visibility"] == "public"
    assert client.get("/api/v1/anime/by-shikimori/5").json() == body
    for path in ("/api/v1/anime/999999999", "/api/v1/anime/by-shikimori/6", "/api/v1/anime/by-shikimori/z-5"):
        assert client.get(path).status_code == 404
        assert client.get(path).json()["error"] == "not_found"
    assert client.get("/api/v1/anime/" + "9" * 30).json()["error"] == "route_not_found"
    assert client.get(f"/api/v1/anime/{anime.pk}?x=1").json()["error"] == "unknown_filter"


def test_the_own_shikimori_id_wins_over_a_mal_id(client: Client) -> None:
    mal, shikimori = factories.AnimeFactory(document=True), factories.AnimeFactory(document=True)
    factories.ExternalIdFactory(anime=mal, site="mal", value="31")
    assert client.get("/api/v1/anime/by-shikimori/31").json()["id"] == mal.pk
    factories.ExternalIdFactory(anime=shikimori, site="shikimori", value="31")
    assert client.get("/api/v1/anime/by-shikimori/31").json()["id"] == shikimori.pk


def test_a_merged_anime_answers_as_the_one_it_went_into(client: Client, anime: Anime) -> None:
    gone = factories.AnimeFactory(merged_into=anime)
    assert client.get(f"/api/v1/anime/{gone.pk}").json()["id"] == anime.pk
    assert client.get(f"/api/v1/anime/{gone.pk}/episodes").status_code == 200


@pytest.mark.parametrize("role", ROLES)
def test_hidden_is_410_but_for_testers_and_admins(client_of: Any, role: str) -> None:
    anime = factories.AnimeFactory(hidden=True, mal_id=8, document=True)
    client = client_of(role)
    expected = 200 if role in PRIVILEGED else 410
    for path in (str(anime.pk), "by-shikimori/8", *(f"{anime.pk}/{tail}" for tail in
                 ("episodes", "similar", "related", "timecodes", "community-rating"))):  # fmt: skip
        response = client.get(f"/api/v1/anime/{path}")
        assert response.status_code == expected, path
        if expected == 410:
            assert response.json()["error"] == "anime_hidden"


@pytest.mark.parametrize("role", ROLES)
def test_restricted_shows_the_page_but_not_the_player(client_of: Any, role: str) -> None:
    anime = factories.AnimeFactory(restricted=True, moderation_reason="Licensed in Freedonia", document=True)
    client = client_of(role)
    assert client.get(f"/api/v1/anime/{anime.pk}").json()["moderation_reason"] == "Licensed in Freedonia"
    response = client.get(f"/api/v1/anime/{anime.pk}/episodes")
    if role in PRIVILEGED:
        assert response.status_code == 200
    else:
        assert response.status_code == 403
        assert response.json()["error"] == "player_restricted"
        assert response.json()["moderation_reason"] == "Licensed in Freedonia"


def test_the_record_has_validators(client: Client, anime: Anime) -> None:
    response = client.get(f"/api/v1/anime/{anime.pk}")
    assert response["ETag"] == f'"{anime.document.etag}"'
    assert client.get(f"/api/v1/anime/{anime.pk}", headers={"If-None-Match": response["ETag"]}).status_code == 304
    Anime.objects.filter(pk=anime.pk).update(title="Renamed")
    written(anime)
    changed = client.get(f"/api/v1/anime/{anime.pk}", headers={"If-None-Match": response["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["title"] == "Renamed"
    Anime.objects.filter(pk=anime.pk).update(visibility=Visibility.HIDDEN)
    assert client.get(f"/api/v1/anime/{anime.pk}", headers={"If-None-Match": changed["ETag"]}).status_code == 410


def test_episodes_come_in_order_with_only_enabled_sources(client: Client, anime: Anime) -> None:
    for kind, number in (("special", 1), ("regular", 2), ("regular", 1)):
        factories.EpisodeFactory(anime=anime, kind=kind, number=number)
    first = anime.episodes.get(kind="regular", number=1)
    dub = factories.TranslationFactory(kind="dub", language="ru", code="studio-band")
    factories.EpisodeSourceFactory(episode=first, translation=dub)
    factories.EpisodeSourceFactory(episode=first, is_enabled=False)
    body = client.get(f"/api/v1/anime/{anime.pk}/episodes").json()
    assert [(item["kind"], item["number"]) for item in body] == [("regular", 1), ("regular", 2), ("special", 1)]
    (source,) = body[0]["sources"]
    assert source["translation"] == {"id": "studio-band", "kind": "dub", "language": "ru", "team": dub.team}
    assert [item["id"] for item in body[0]["translations"]] == ["studio-band"]


def test_queries_do_not_grow_with_rows(client: Client, anime: Anime) -> None:
    for extra in (2, 5):
        for _ in range(extra):
            episode = factories.EpisodeFactory(anime=anime)
            factories.EpisodeSourceFactory.create_batch(2, episode=episode)
            factories.SubtitleTrackFactory(episode=episode)
        with assert_queries("catalog/GET anime/:id"):
            client.get(f"/api/v1/anime/{anime.pk}")
        with assert_queries("catalog/GET anime/by-shikimori/:sid"):
            client.get("/api/v1/anime/by-shikimori/5")
        with assert_queries("catalog/GET anime/:id/episodes"):
            client.get(f"/api/v1/anime/{anime.pk}/episodes")
