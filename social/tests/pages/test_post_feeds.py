"""The community's feeds: valid RSS and Atom for readers of any kind, nothing in them that strangers may not see."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role, User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.markup.seen import seen_text
from social.models import Post
from social.services.post_hotness import hotness_refresh
from social.services.posts import post_delete, post_edit, post_pin
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db
RSS, ATOM = "/community/feed.xml", "/community/feed.atom"
A = "{http://www.w3.org/2005/Atom}"
DC = "{http://purl.org/dc/elements/1.1/}"


def read(path: str = RSS, **headers: str) -> Element:
    cache.clear()
    answer = Client().get(path, **headers)
    assert answer.status_code == 200
    return fromstring(answer.content)


def text(element: Element, name: str) -> str:
    found = element.find(name)
    assert found is not None, name
    return found.text or ""


def names(path: str = RSS) -> list[str]:
    return [text(item, "title") for item in read(path).iter("item")]


def test_rss_has_what_readers_need() -> None:
    author = UserFactory.create(display_name="Ann & <b>")
    post = post_of(author, title="A & <i>B</i>", body="**Words** & more", category="questions")
    answer = Client().get(RSS)
    assert answer["Content-Type"] == "application/rss+xml; charset=utf-8"
    root = fromstring(answer.content)
    channel = root.find("channel")
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    assert channel is not None
    assert text(channel, "link") == "http://testserver/community"
    assert channel.find(f"{A}link").get("href").startswith("http://testserver/community/feed.xml")  # type: ignore[union-attr]
    assert text(channel, "title")
    assert text(channel, "description")
    item = channel.find("item")
    assert item is not None
    assert text(item, "title") == "A & <i>B</i>"
    assert text(item, "description") == "Words &amp; more", "it is HTML to readers"
    assert text(item, "link") == f"http://testserver/community/posts/{post.pk}"
    guid = item.find("guid")
    assert guid is not None
    assert (guid.text, guid.get("isPermaLink")) == (f"urn:uuid:{post.pk}", "false")
    assert abs(parsedate_to_datetime(text(item, "pubDate")) - post.created_at) < timedelta(seconds=2)
    assert text(item, f"{DC}creator") == "Ann & <b>"
    assert text(item, "category") == "Questions"


def test_atom_has_what_readers_need() -> None:
    post = post_of(title="One")
    post_edit(actor=post.author, post_id=post.pk, body="Other words")
    answer = Client().get(ATOM)
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = fromstring(answer.content)
    assert root.tag == f"{A}feed"
    for name in ("id", "title", "updated"):
        assert text(root, A + name)
    entry = root.find(f"{A}entry")
    assert entry is not None
    assert text(entry, f"{A}id") == f"urn:uuid:{post.pk}"
    assert entry.find(f"{A}link").get("href") == f"http://testserver/community/posts/{post.pk}"  # type: ignore[union-attr]
    assert datetime.fromisoformat(text(entry, f"{A}updated")) > datetime.fromisoformat(text(entry, f"{A}published"))
    assert text(entry, f"{A}summary") == "Other words"
    assert text(entry.find(f"{A}author"), f"{A}name") == post.author.username  # type: ignore[union-attr, arg-type]


def test_ids_stay_when_a_post_is_edited() -> None:
    post = post_of()
    before = [text(item, "guid") for item in read().iter("item")]
    post_edit(actor=post.author, post_id=post.pk, title="Another title")
    assert [text(item, "guid") for item in read().iter("item")] == before


def test_new_hot_and_of_a_category() -> None:
    old, new = post_of(title="old", score=5_000), post_of(title="new", category="questions")
    hotness_refresh()
    post_pin(actor=UserFactory.create(role=Role.MODERATOR), post_id=old.pk)
    assert names() == names(f"{RSS}?sort=new") == ["new", "old"]
    assert names(f"{RSS}?sort=hot") == ["old", "new"]
    assert names(f"{RSS}?category=questions") == ["new"]
    assert names(f"{RSS}?category=general&sort=hot") == ["old"]
    assert text(read(f"{RSS}?category=questions").find("channel"), "link").endswith("/community/questions")  # type: ignore[arg-type]
    assert new.title
    for wrong in ("?sort=worst", "?category=nothing", "?category=" + "x" * 500, "?category=%00"):
        assert Client().get(RSS + wrong).status_code == 404


def test_what_strangers_may_not_see_is_not_in_it() -> None:
    anime = AnimeFactory.create()
    adult = AnimeFactory.create(is_adult=True)
    gone, about_adult, suspended = post_of(title="gone"), post_of(title="adult"), post_of(title="suspended")
    post_of(title="covered", body="the butler", is_spoiler=True)
    post_of(title="late", body="the gardener", anime_id=anime.pk, spoils_episode=9)
    post_of(title="inline", body="it was ||the maid||")
    Post.objects.filter(pk=about_adult.pk).update(anime=adult)
    User.objects.filter(pk=suspended.author_id).update(is_active=False)
    post_delete(actor=gone.author, post_id=gone.pk)
    reader = UserFactory.create(shows_adult=True, role=Role.ADMIN)
    client = Client()
    client.force_login(reader)
    for sent in (Client().get(RSS), client.get(RSS), client.get(ATOM)):
        body = sent.content.decode()
        assert not [word for word in ("butler", "gardener", "maid", "gone", "suspended", "adult") if word in body]
        assert body.count("<item>") + body.count("<entry>") == 3


def test_any_character_leaves_it_valid() -> None:
    bad = "a\x0b\x1b[31m \ufffe \u202egnol ]]> <![CDATA[ &amp; \u2028 z" + "\u0301" * 50
    author = UserFactory.create(display_name="\u202eann")
    post_of(author, title=bad[:200], body=bad)
    item = next(read().iter("item"))
    assert "]]>" in text(item, "title")
    assert "\u202e" not in text(item, "title")
    assert text(item, "title").count("\u0301") <= 4
    assert seen_text(text(item, "title")) == text(item, "title")
    assert len(list(read(ATOM).iter(f"{A}entry"))) == 1


def test_it_is_asked_for_again_without_being_sent_again() -> None:
    post_of(title="one")
    first = Client().get(RSS)
    assert first["Cache-Control"] == "public, max-age=60"
    assert Client().get(RSS, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    with CaptureQueriesContext(connection) as asked:
        assert Client().get(RSS).content == first.content
    assert not asked.captured_queries
    post_of(title="two")
    cache.clear()
    again = Client().get(RSS, HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again["ETag"] == first["ETag"]) == (200, False)
    assert Client().post(RSS).status_code == 405
    assert Client().head(RSS).status_code == 200


def test_the_public_address_is_named_where_there_is_one(settings: Any) -> None:
    settings.PUBLIC_URL = "https://hiroba.example"
    post = post_of()
    item = next(read().iter("item"))
    assert text(item, "link") == f"https://hiroba.example/community/posts/{post.pk}"


def test_an_empty_community_is_a_valid_feed() -> None:
    assert names() == []
    built = parsedate_to_datetime(text(read().find("channel"), "lastBuildDate"))  # type: ignore[arg-type]
    assert built <= datetime.now(UTC) + timedelta(seconds=2)
