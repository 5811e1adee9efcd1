"""The API of votes on anime."""

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.services.anime import anime_hide
from catalog.tests.factories import AnimeFactory
from social.models import AnimeVote
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


def test_a_vote_over_the_api() -> None:
    anime, user, client = AnimeFactory.create(), UserFactory.create(), Client()
    votes, vote = f"/api/v1/anime/{anime.pk}/votes", f"/api/v1/anime/{anime.pk}/vote"
    assert client.get(votes).json() == {"anime_id": anime.pk, "likes": 0, "dislikes": 0, "mine": None}
    assert client.post(vote, {"value": 1}, content_type="application/json").status_code == 401
    client.force_login(user)
    with assert_queries("social/POST anime vote"):
        answer = client.post(vote, {"value": 1}, content_type="application/json")
    assert answer.json() == {"anime_id": anime.pk, "likes": 1, "dislikes": 0, "mine": 1}
    assert client.post(vote, {"value": -1}, content_type="application/json").json()["dislikes"] == 1
    with assert_queries("social/GET anime votes"):
        assert client.get(votes).json() == {"anime_id": anime.pk, "likes": 0, "dislikes": 1, "mine": -1}
    assert client.delete(vote).json()["mine"] is None
    assert not AnimeVote.objects.exists()
    for value in (0, 2, "up", None):
        assert client.post(vote, {"value": value}, content_type="application/json").status_code == 422
    assert client.get(votes, {"x": 1}).status_code == 400


def test_hidden_and_adult() -> None:
    hidden, adult = AnimeFactory.create(), AnimeFactory.create(adult=True)
    anime_hide(actor=UserFactory.create(role="admin"), anime=hidden, reason="x")
    client = Client()
    client.force_login(UserFactory.create())
    assert client.get(f"/api/v1/anime/{hidden.pk}/votes").status_code == 410
    assert client.get(f"/api/v1/anime/{adult.pk}/votes").status_code == 403
    assert (
        client.post(f"/api/v1/anime/{adult.pk}/vote", {"value": 1}, content_type="application/json").status_code == 403
    )
    assert client.get("/api/v1/anime/999999999/votes").status_code == 404
