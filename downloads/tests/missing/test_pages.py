"""The pages of the board, as a browser without scripts uses them."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.facade import anime_merge
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from downloads.models import Download, VariantFollow
from downloads.tests.missing.conftest import file_make, source_make
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
BOARD = "/downloads/missing"


@pytest.fixture
def site(admin: User, anime: Anime) -> Client:
    client = Client()
    client.force_login(admin)
    return client


def shown(site: Client, path: str, **headers: Any) -> str:
    answer = site.get(path, **headers)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_the_board(site: Client, anime: Anime) -> None:
    complete = AnimeFactory(title="All There", episode_count=1, document=True)
    file_make(complete, 1)
    shown(site, BOARD)
    with assert_queries("downloads/page missing"):
        page = shown(site, BOARD)
    assert f'href="{BOARD}/{anime.pk}"' in page
    assert "Failed: 1" in page
    assert "Fetch 2" in page
    assert "All There" not in page
    assert "All There" in shown(site, f"{BOARD}?all=1")
    part = shown(site, BOARD, headers={"HX-Request": "true"})
    assert part.lstrip().startswith('<section id="missing-results"')
    for odd in ("?page=99", "?page=x", "?sort=password", "?q=%00", "?q=zzzzzz"):
        assert "missing-results" in shown(site, BOARD + odd), odd


def test_one_anime_says_why(site: Client, anime: Anime) -> None:
    shown(site, f"{BOARD}/{anime.pk}")
    with assert_queries("downloads/page missing/{id}"):
        page = shown(site, f"{BOARD}/{anime.pk}")
    for words in (
        "1080p · Sub (English)",
        "Running, 42 %",
        "×3 · A part of the stream could not be fetched",
        "Only at elsewhere.example",
        "Airs on ",
        "Fetch all 2 episodes",
        "Dub (German)",
    ):
        assert words in page, words
    assert page.count('name="episode"') == 2
    german = shown(site, f"{BOARD}/{anime.pk}?variant=dub&language=de")
    assert german.count('name="episode"') == 3
    assert "Only in other variants: Sub (English)" in german
    assert "missing-episode" in shown(site, f"{BOARD}/{anime.pk}?variant=nonsense&language=%3Cscript%3E")


def test_names_are_text(site: Client) -> None:
    hostile = AnimeFactory(title='<img src=x onerror="1">', episode_count=1, document=True)
    source_make(hostile, 1, host="<b>.example", language="<q>")
    hostile.episodes.update(title="<script>alert(1)</script>")
    file_make(hostile, 1, path="<u>.mkv")
    for page in (shown(site, f"{BOARD}?all=1"), shown(site, f"{BOARD}/{hostile.pk}")):
        assert not [mark for mark in ("<img src=x", "<script>alert", "<b>.ex", "<q>", "<u>") if mark in page]


def test_chosen_episodes_are_queued(site: Client, anime: Anime) -> None:
    fill = f"{BOARD}/{anime.pk}/fill"
    answer = site.post(
        fill, {"scope": "chosen", "episode": ["5", "9", "x"], "quality": "720", "next": f"{BOARD}?page=1"}
    )
    assert (answer.status_code, answer.url) == (302, f"{BOARD}?page=1")
    assert Download.objects.get(state="queued").quality == 720
    assert "1 episode queued. Not queued: 1 not aired yet." in shown(site, BOARD)
    answer = site.post(fill, {"scope": "all", "next": "//evil.example/"})
    assert (answer.status_code, answer.url) == (302, f"{BOARD}/{anime.pk}")
    assert Download.objects.filter(state="queued").count() == 2


@pytest.mark.parametrize(
    "form", [{"scope": "chosen"}, {"quality": "x"}, {"scope": "season", "season": "9"}, {"variant": "x"}]
)
def test_what_is_wrong_is_said_on_the_page(site: Client, anime: Anime, form: dict) -> None:
    answer = site.post(f"{BOARD}/{anime.pk}/fill", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Download.objects.filter(state="queued").exists()


def test_with_scripts_the_line_comes_anew(site: Client, anime: Anime) -> None:
    answer = site.post(f"{BOARD}/{anime.pk}/fill", {"next": BOARD}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert f'id="missing-{anime.pk}"' in text
    assert "In the queue: 3" in text
    assert "2 episodes queued." in text
    assert 'hx-swap-oob="beforeend:.toasts"' in text


def test_orders_are_set_and_end(site: Client, anime: Anime) -> None:
    follow = f"{BOARD}/{anime.pk}/follow"
    german = {"variant": "dub", "language": "de"}
    answer = site.post(follow, {**german, "quality": "720", "first_episode": "6"})
    assert (answer.status_code, answer.url) == (302, f"{BOARD}/{anime.pk}#orders")
    assert Download.objects.get(state="queued").episode_number == 6
    assert "Dub (German) · ≤ 720p · from episode 6" in shown(site, f"{BOARD}/{anime.pk}")
    assert "Standing order" in shown(site, BOARD)
    assert site.post(follow, {**german, "first_episode": "x"}).status_code == 422
    assert site.post(follow, {**german, "remove": "1"}).status_code == 302
    assert not VariantFollow.objects.exists()


def test_a_moderator_looks_without_buttons(anime: Anime) -> None:
    client = Client()
    client.force_login(UserFactory(role="moderator"))
    for page in (shown(client, BOARD), shown(client, f"{BOARD}/{anime.pk}")):
        assert "Fetch 2" not in page
        assert 'name="scope"' not in page
        assert 'name="remove"' not in page
    assert client.post(f"{BOARD}/{anime.pk}/fill").status_code == 404
    assert client.post(f"{BOARD}/{anime.pk}/follow").status_code == 404


def test_a_merged_anime_leads_to_what_it_is_part_of(site: Client, anime: Anime) -> None:
    other = AnimeFactory()
    anime_merge(actor=None, keep=anime, duplicate=other)
    answer = site.get(f"{BOARD}/{other.pk}")
    assert (answer.status_code, answer.url) == (302, f"{BOARD}/{anime.pk}")
