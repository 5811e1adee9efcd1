"""From ratings to what is recommended: the nightly work, the selector, the API and the page."""

from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.facade import catalog_touch
from catalog.models import Anime, Rating
from catalog.selectors.similar import anime_similar
from catalog.tests.factories import AnimeFactory
from lists import services
from lists.models import AnimeNeighbour, ListEntry
from lists.selectors.recommendations import recommendations_of
from lists.services.neighbours import neighbours_rebuild
from lists.tasks import neighbours_nightly
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
HEAD = "user_id,anime_id,rating,watching_status,watched_episodes"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    cache.clear()


@pytest.fixture
def taste() -> list[Anime]:
    """Five anime that ten people like together, and one that ten others like."""
    anime = [AnimeFactory.create() for _ in range(6)]
    for number in range(20):
        person = UserFactory.create()
        for key in anime[:5] if number < 10 else anime[5:]:
            Rating.objects.create(user=person, anime=key, score=90)
    catalog_touch(anime_ids=[key.pk for key in anime])
    neighbours_rebuild()
    return anime


def _fan(anime: Anime, **wanted: object) -> User:
    user = UserFactory.create()
    services.entry_set(user=user, anime_id=anime.pk, **{"status": "completed", "score": 90, **wanted})
    return user


def test_what_the_like_minded_like_comes_first_and_says_why(taste: list[Anime]) -> None:
    found = recommendations_of(_fan(taste[0]), limit=4)
    assert {item.anime_id for item in found} == {anime.pk for anime in taste[1:5]}
    assert all(item.because == (taste[0].pk,) for item in found)


def test_what_is_on_the_list_by_now_is_left_out(taste: list[Anime]) -> None:
    user = _fan(taste[0])
    recommendations_of(user)
    services.entry_set(user=user, anime_id=taste[1].pk)
    assert taste[1].pk not in {item.anime_id for item in recommendations_of(user)}


def test_hidden_and_adult_anime_are_nobodys(taste: list[Anime]) -> None:
    from catalog.services.anime import anime_hide, anime_update

    anime_hide(actor=None, anime=taste[1], reason="")
    anime_update(actor=None, anime=taste[2], is_adult=True)
    user = _fan(taste[0])
    assert {taste[1].pk, taste[2].pk} & {item.anime_id for item in recommendations_of(user)} == set()
    user.shows_adult = True
    assert taste[2].pk in {item.anime_id for item in recommendations_of(user)}


def test_a_plan_says_nothing_of_taste_and_newcomers_get_what_is_popular(taste: list[Anime]) -> None:
    Anime.objects.filter(pk=taste[5].pk).update(popularity=9_000)
    found = recommendations_of(_fan(taste[0], status="planned", score=None), limit=3)
    assert found[0].anime_id == taste[5].pk
    assert all(item.because == () for item in found)


def test_the_night_replaces_what_it_wrote_before(taste: list[Anime]) -> None:
    before = AnimeNeighbour.objects.count()
    assert neighbours_rebuild() == 5  # the sixth is liked by people who like nothing else
    assert AnimeNeighbour.objects.count() == before == 20
    Rating.objects.all().delete()
    assert neighbours_rebuild() == 0
    assert not AnimeNeighbour.objects.exists()


def test_similar_listens_to_it(taste: list[Anime]) -> None:
    assert {item.anime_id for item in anime_similar(taste[0], limit=4)} == {anime.pk for anime in taste[1:5]}


def test_the_nightly_task_leaves_a_running_one_alone() -> None:
    assert neighbours_nightly() is True
    assert neighbours_nightly() is False


def test_api(taste: list[Anime], client: Client) -> None:
    assert client.get("/api/v1/users/me/recommendations").status_code == 401
    client.force_login(_fan(taste[0]))
    with assert_queries("lists/GET users/me/recommendations"):
        answer = client.get("/api/v1/users/me/recommendations?limit=2")
    assert [item["because"] for item in answer.json()] == [[taste[0].pk]] * 2
    assert answer.json()[0]["recommendation_score"] > 0
    assert client.get("/api/v1/users/me/recommendations?limit=51").status_code == 422
    assert client.get("/api/v1/users/me/recommendations?user=1").status_code == 400


def test_page_and_row(taste: list[Anime], client: Client) -> None:
    assert client.get("/list/recommendations").status_code == 302
    client.force_login(_fan(taste[0]))
    page = client.get("/list/recommendations").content.decode()
    assert f"/anime/{taste[1].pk}" in page
    assert taste[0].title in page
    assert 'id="row-recommendations"' in client.get("/").content.decode()
    client.force_login(UserFactory.create())
    assert 'id="row-recommendations"' not in client.get("/").content.decode()


class TestLoading:
    def test_twice_is_the_same(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "ratings.csv"
        file.write_text(f"{HEAD}\n0,67,9.0,2,12\n0,68,0,6,0\n1,67,4.0,4,3\n", encoding="utf-8")
        for stubs in (2, 0):
            call_command("load_ratings", str(file))
            assert f'{{"people":2,"entries":3,"stubs":{stubs},' in capsys.readouterr().out
        assert set(ListEntry.objects.values_list("user__username", "status", "episodes_watched")) == {
            ("rater_0", "completed", 12),
            ("rater_0", "planned", 0),
            ("rater_1", "dropped", 3),
        }
        assert sorted(Rating.objects.values_list("score", flat=True)) == [40, 90]
        assert not User.objects.get(username="rater_0").has_usable_password()

    def test_a_broken_table_changes_nothing(self, tmp_path: Path) -> None:
        file = tmp_path / "ratings.csv"
        file.write_text(f"{HEAD}\n0,67,9.0,2,12\n0,68,99,2,0\n", encoding="utf-8")
        with pytest.raises(CommandError, match="line 3"):
            call_command("load_ratings", str(file))
        assert not User.objects.exists()
