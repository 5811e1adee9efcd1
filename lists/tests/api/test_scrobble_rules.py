"""`/users/me/scrobble-plays` and `-rules`, and the settings pages: candidates, the word, strangers, bad input."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.facade import titles_search
from catalog.models import Relation
from catalog.tests.factories import AnimeFactory, ExternalIdFactory, UserFactory
from lists.models import ListEntry, ScrobbleEndpoint, ScrobblePlay, ScrobbleRule
from lists.services.scrobbles import endpoint_set
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
PLAYS, RULES, PAGE = "/api/v1/users/me/scrobble-plays", "/api/v1/users/me/scrobble-rules", "/settings/scrobbling"


@pytest.fixture(autouse=True)
def search_dir(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"


@pytest.fixture
def anime():
    return AnimeFactory(title="Hoshi no Niwa", episode_count=12, document=True)


@pytest.fixture
def endpoint() -> ScrobbleEndpoint:
    return endpoint_set(user=UserFactory(), server="plex")


@pytest.fixture
def client(endpoint) -> Client:
    client = Client()
    client.force_login(endpoint.user)
    return client


def waiting(endpoint: ScrobbleEndpoint, title: str = "Hoshi no Niwaa", **changes: Any) -> ScrobblePlay:
    """A play of the third episode of `title`, which is nearly a name of the catalogue."""
    known = {"season": 1, "number": 3, "reason": "unknown_title", "played_at": timezone.now(), **changes}
    season = f"{title} {known['season']}"[:32]
    return endpoint.plays.create(
        title=title, season_key=season, episode_key=f"{season} {known['number']}"[:32], **known
    )


def send(client: Client, method: str, path: str, body: dict | None = None):
    return getattr(client, method)(path, body or {}, content_type="application/json")


def test_the_plays_come_with_what_they_may_be(client, endpoint, anime) -> None:
    other = AnimeFactory(title="Quite Another", episode_count=24, document=True)
    ExternalIdFactory(anime=other, site="tvdb", value="81797")
    play = waiting(endpoint, show_ids=[["tvdb", "81797"]], name="The Lamp Post")
    AnimeFactory(title="Hoshi no Niwa Hidden", visibility="hidden", document=True)
    answer = client.get(PLAYS)
    assert answer.headers["Cache-Control"] == "private, no-store"
    (found,) = answer.json()["results"]
    assert (found["id"], found["server"], found["title"]) == (str(play.pk), "plex", "Hoshi no Niwaa")
    assert (found["season"], found["episode_num"], found["episode_title"]) == (1, 3, "The Lamp Post")
    assert found["reason"] == "unknown_title"
    assert [one["anime_id"] for one in found["candidates"]] == [other.pk, anime.pk]
    assert found["candidates"][1] | {"year": None} == {
        "anime_id": anime.pk, "title": "Hoshi no Niwa", "kind": "tv", "year": None, "episode_count": 12,
    }  # fmt: skip


def test_a_word_a_change_and_a_deletion(client, endpoint, anime) -> None:
    play = waiting(endpoint)
    answer = send(client, "post", f"{PLAYS}/{play.pk}/assign", {"anime_id": anime.pk, "episode_num": 5})
    assert answer.status_code == 200
    said = answer.json()
    assert (said["counted"], said["rule"]["anime_id"], said["rule"]["episode_num"]) == (1, anime.pk, 5)
    assert (said["rule"]["offset"], said["rule"]["number"], said["rule"]["anime_title"]) == (2, 3, "Hoshi no Niwa")
    assert client.get(PLAYS).json()["count"] == 0
    (rule,) = client.get(RULES).json()["results"]
    changed = send(client, "patch", f"{RULES}/{rule['id']}", {"episode_num": 3}).json()
    assert (changed["rule"]["offset"], changed["counted"]) == (0, 1)
    ignored = send(client, "patch", f"{RULES}/{rule['id']}", {"is_ignored": True}).json()["rule"]
    assert (ignored["is_ignored"], ignored["anime_id"], ignored["episode_num"]) == (True, None, None)
    assert client.delete(f"{RULES}/{rule['id']}").status_code == 204
    assert client.get(PLAYS).json()["count"] == 1
    assert ListEntry.objects.get(user=endpoint.user).episodes_watched == 5
    assert send(client, "post", f"{PLAYS}/{play.pk}/ignore").json()["is_ignored"] is True


def test_bad_input(client, endpoint, anime) -> None:
    special = waiting(endpoint, season=0, number=2)
    address = f"{PLAYS}/{special.pk}/assign"
    ova = AnimeFactory(kind="ova", episode_count=2)
    for body, status in (
        ({}, 422),
        ({"anime_id": "x"}, 422),
        ({"anime_id": 2**70}, 422),
        ({"anime_id": ova.pk}, 422),
        ({"anime_id": ova.pk, "episode_num": 3}, 422),
        ({"anime_id": ova.pk, "episode_num": -1}, 422),
        ({"anime_id": 987_654, "episode_num": 1}, 404),
        ({"anime_id": AnimeFactory(visibility="hidden").pk, "episode_num": 1}, 410),
    ):
        assert send(client, "post", address, body).status_code == status, body
    assert send(client, "post", address, {"anime_id": ova.pk}).json()["fields"].keys() == {"episode_num"}
    assert not ScrobbleRule.objects.exists()
    assert send(client, "post", address, {"anime_id": ova.pk, "episode_num": 2}).status_code == 200
    again = send(client, "post", address, {"anime_id": ova.pk, "episode_num": 1})
    assert (again.status_code, again.json()["error"]) == (409, "scrobble_decided")
    assert send(client, "post", f"{PLAYS}/{uuid.uuid4()}/ignore").status_code == 404
    assert send(client, "patch", f"{RULES}/{uuid.uuid4()}", {}).status_code == 404


def test_strangers_see_and_change_nothing(endpoint, anime) -> None:
    play = waiting(endpoint)
    rule = ScrobbleRule.objects.create(user=endpoint.user, server="plex", key="k", title="Mine", anime=anime)
    stranger = Client()
    assert stranger.get(PLAYS).status_code == stranger.get(RULES).status_code == 401
    stranger.force_login(UserFactory())
    assert stranger.get(PLAYS).json()["count"] == stranger.get(RULES).json()["count"] == 0
    body = {"anime_id": anime.pk, "episode_num": 1, "is_ignored": True}
    calls = [
        send(stranger, "post", f"{PLAYS}/{play.pk}/assign", body),
        send(stranger, "post", f"{PLAYS}/{play.pk}/ignore"),
        send(stranger, "patch", f"{RULES}/{rule.pk}", body),
        stranger.delete(f"{RULES}/{rule.pk}"),
        stranger.get(f"{PAGE}/plays/{play.pk}"),
        stranger.post(f"{PAGE}/plays/{play.pk}", {"action": "ignore"}),
        stranger.get(f"{PAGE}/rules/{rule.pk}"),
        stranger.post(f"{PAGE}/rules/{rule.pk}", {"action": "delete"}),
    ]
    assert {answer.status_code for answer in calls} == {404}
    play.refresh_from_db()
    rule.refresh_from_db()
    assert play.rule_id is None
    assert rule.anime_id == anime.pk
    assert "Hoshi no Niwaa" not in stranger.get(PAGE).content.decode()


def test_as_many_queries_for_many(client, endpoint, anime) -> None:
    titles_search("hoshi")  # builds the index
    for count in (2, 7):
        for number in range(count):
            waiting(endpoint, title=f"Hoshi no Niwa {count}{number}", show_ids=[["tvdb", str(number + 1)]])
            ScrobbleRule.objects.create(
                user=endpoint.user, server="plex", key=f"{count}-{number}", title="Known", anime=anime
            )
        with assert_queries("lists/GET users/me/scrobble-plays"):
            client.get(PLAYS)
        with assert_queries("lists/GET users/me/scrobble-rules"):
            client.get(RULES)
        with assert_queries("lists/GET settings/scrobbling/plays"):
            client.get(f"{PAGE}/plays")
        with assert_queries("lists/GET settings/scrobbling/rules"):
            client.get(f"{PAGE}/rules")
    play = ScrobblePlay.objects.first()
    with assert_queries("lists/GET settings/scrobbling/plays/<id>"):
        client.get(f"{PAGE}/plays/{play.pk}")
    with assert_queries("lists/POST users/me/scrobble-plays/<id>/assign"):
        send(client, "post", f"{PLAYS}/{play.pk}/assign", {"anime_id": anime.pk})


class TestPages:
    def test_a_play_is_given_its_anime_and_what_was_decided_is_changed(self, client, endpoint, anime) -> None:
        plays = [waiting(endpoint, number=number) for number in (3, 4)]
        page = client.get(PAGE).content.decode()
        assert "S1 E3–4" in page
        address = f"{PAGE}/plays/{plays[1].pk}"
        assert address in page
        shown = client.get(address).content.decode()
        assert f'value="{anime.pk}"' in shown
        assert client.post(address, {"action": "choose"}).status_code == 422
        assert client.post(address, {"anime_id": anime.pk, "episode": "x"}).status_code == 422
        refused = client.post(address, {"anime_id": anime.pk, "episode": "77"})
        assert refused.status_code == 422
        assert 'value="77"' in refused.content.decode()
        done = client.post(address, {"anime_id": anime.pk, "episode": ""}, follow=True)
        assert "2 episodes counted" in done.content.decode()
        assert client.post(address, {"anime_id": anime.pk}).status_code == 302  # the second press is told, and no fault
        rule = ScrobbleRule.objects.get()
        assert client.get(address).headers["Location"] == f"{PAGE}/rules/{rule.pk}"
        assert str(rule.pk) in client.get(f"{PAGE}/rules").content.decode()
        own = f"{PAGE}/rules/{rule.pk}"
        assert "checked" in client.get(own).content.decode()
        assert client.post(own, {"anime_id": anime.pk, "episode": "77"}).status_code == 422
        client.post(own, {"action": "ignore"})
        rule.refresh_from_db()
        assert rule.is_ignored
        client.post(own, {"action": "delete"})
        assert ScrobblePlay.objects.filter(rule=None).count() == 2

    def test_a_search_and_hostile_titles(self, client, endpoint, anime) -> None:
        play = waiting(endpoint, title="<script>alert(1)</script>", name="“<b>")
        assert "<script>alert" not in client.get(PAGE).content.decode()
        address = f"{PAGE}/plays/{play.pk}"
        assert "<script>alert" not in client.get(address).content.decode()
        assert f'value="{anime.pk}"' in client.get(address, {"q": "hoshi niwa"}).content.decode()
        assert client.get(address, {"q": "<i>\x00" + "x" * 999}).status_code == 200

    def test_a_special_offers_the_franchises_specials(self, client, endpoint, anime) -> None:
        ova = AnimeFactory(title="Nagisa", kind="ova", episode_count=2, document=True)
        Relation.objects.create(from_anime=anime, to_anime=ova, kind="side_story")
        play = waiting(endpoint, title="Hoshi no Niwa", season=0, number=4)
        address = f"{PAGE}/plays/{play.pk}"
        shown = client.get(address).content.decode()
        assert shown.index(f'value="{ova.pk}"') < shown.index(f'value="{anime.pk}"')
        assert client.post(address, {"anime_id": ova.pk}).status_code == 422
        assert client.post(address, {"anime_id": ova.pk, "episode": "2"}).status_code == 302
        assert ListEntry.objects.get().episodes_watched == 2
