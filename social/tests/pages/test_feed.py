"""Pages of the feed: tabs, sentences, one's own lines out and back, the part on a profile."""

import re
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from lists.models import ListPreferences
from social.models import FeedItem, FeedVerb
from social.tests.api.test_feed import befriend, line_of, post_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
HOSTILE = "\"'><img src=x onerror=alert(1)>{who}"


@pytest.fixture
def viewer(client: Client) -> User:
    found = UserFactory.create()
    client.force_login(found)
    return found


@pytest.fixture
def friend(viewer: User) -> User:
    found = UserFactory.create(activity_visibility="friends", display_name=HOSTILE[:50])
    befriend(viewer, found)
    return found


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(document=True, title=HOSTILE)


def words(html: str) -> list[str]:
    """The sentences of a page as they are read."""
    found = re.findall(r'<p class="feed-words">(.*?)</p>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in found]


def page_of(client: Client, path: str = "/feed") -> str:
    response: Any = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_sentences(client: Client, friend: User, anime: Anime) -> None:
    told = [
        ({"verb": FeedVerb.WATCHED, "first_episode": 3, "last_episode": 7}, "watched episodes 3–7 of"),
        ({"verb": FeedVerb.WATCHED, "first_episode": 3, "last_episode": 3}, "watched episode 3 of"),
        ({"verb": FeedVerb.COMPLETED, "score": 85}, "completed"),
        ({"verb": FeedVerb.PLANNED}, "plans to watch"),
        ({"verb": FeedVerb.STARTED}, "began to watch"),
        ({"verb": FeedVerb.DROPPED}, "dropped"),
        ({"verb": FeedVerb.RATED, "score": 70}, "rated"),
    ]
    for number, (fields, _said) in enumerate(told):
        line_of(friend, anime, minutes=number, **fields)
    html = page_of(client)
    assert len(words(html)) == len(told)
    for (_fields, said), sentence in zip(told, words(html), strict=True):
        assert f" {said} " in sentence
    assert "8.5" in words(html)[2]
    assert "<img src=x" not in html
    assert html.count("&lt;img src=x") >= len(told)


def test_scores_are_drawn_as_the_reader_keeps_them(client: Client, viewer: User, friend: User, anime: Anime) -> None:
    ListPreferences.objects.create(user=viewer, score_format="point_100")
    line_of(friend, anime, verb=FeedVerb.RATED, score=85)
    assert words(page_of(client))[0].endswith("85")


def test_many_plans_are_one_sentence(client: Client, friend: User) -> None:
    for number, anime in enumerate(AnimeFactory.create_batch(13, document=True)):
        line_of(friend, anime, minutes=number, verb=FeedVerb.PLANNED)
    html = page_of(client)
    assert words(html)[0].endswith("and 12 others")
    assert "+7" in html


def test_who_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/feed")["Location"] == "/accounts/login/?next=/feed"


@pytest.mark.parametrize("tab", ["", "public", "mine", "nonsense"])
def test_empty_tabs_say_so(client: Client, viewer: User, tab: str) -> None:
    html = page_of(client, f"/feed?tab={tab}")
    assert 'class="empty' in html
    assert "Nobody else sees what you do." in html
    assert "/settings/privacy" in html


def test_a_bad_cursor_leads_to_the_top(client: Client, friend: User, anime: Anime) -> None:
    line_of(friend, anime)
    for cursor in ("x", "n.bnVsbA", "p.WzEsMl0", "\x00"):
        assert len(words(page_of(client, f"/feed?cursor={cursor}"))) == 1


def test_further_back(client: Client, friend: User, anime: Anime) -> None:
    for number in range(45):
        line_of(friend, anime, minutes=number)
    html, seen = page_of(client), 0
    while True:
        seen += len(words(html))
        more = re.search(r'hx-get="([^"]+)"', html)
        if more is None:
            break
        response: Any = client.get(f"/feed{more[1].replace('&amp;', '&')}", headers={"HX-Request": "true"})
        html = response.content.decode()
        assert "<html" not in html
    assert seen == 45


def test_own_lines_go_and_come_back(client: Client, viewer: User, anime: Anime) -> None:
    line = line_of(viewer, anime)
    assert "feed-remove" in page_of(client, "/feed?tab=mine")
    response: Any = client.post("/feed/remove", {"line": [str(line.pk)], "next": "/feed?tab=mine"}, follow=True)
    html = response.content.decode()
    assert words(html) == []
    undo = re.search(r'action="(/feed/restore/\d+)"', html)
    assert undo is not None
    assert client.post("/feed/restore/1").status_code == 404
    assert client.post(f"/feed/restore/{10**30}").status_code == 404
    assert client.post(undo[1]).status_code == 302
    assert len(words(page_of(client, "/feed?tab=mine"))) == 1
    for bad in ([], ["x"], [str(viewer.pk)]):
        assert client.post("/feed/remove", {"line": bad}).status_code == 404
    assert FeedItem.objects.get().hidden_at is None


def test_the_way_back_is_one_of_this_site(client: Client, viewer: User, anime: Anime) -> None:
    line = line_of(viewer, anime)
    response = client.post("/feed/remove", {"line": [str(line.pk)], "next": "https://evil.example/"})
    assert response["Location"] == "/feed?tab=mine"


def test_others_lines_have_no_button(client: Client, friend: User, anime: Anime) -> None:
    line_of(friend, anime)
    assert "feed-remove" not in page_of(client)


def test_a_profile_tells_the_latest(client: Client, viewer: User, friend: User, anime: Anime) -> None:
    for number in range(7):
        line_of(friend, anime, minutes=number)
    post_of(friend)
    address = f"/users/{friend.username}"
    html = page_of(client, address)
    assert html.count("Latest activity") == 2  # its title, and what "see all" is about
    assert len(words(html)) == 5
    assert len(words(page_of(client, f"{address}/activity"))) == 7
    client.logout()
    assert words(page_of(client, address)) == []
    assert client.get(f"{address}/activity").status_code == 404


def test_as_many_queries_for_more(client: Client, viewer: User, friend: User) -> None:
    found = AnimeFactory.create_batch(7, document=True)
    client.get("/feed")
    for count in (2, 7):
        for number, anime in enumerate(found[:count]):
            line_of(friend, anime, minutes=number)
        with assert_queries("social/GET feed page"):
            page_of(client)
