"""Texts of strangers: kept as written, shown inert, quick whatever they are."""

import json
import os
import time
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core.errors import ValidationFailed
from core.markup import VERSION
from social.access import Target
from social.models import Block, Comment
from social.selectors.comment_trees import thread_page
from social.services.comment_rendering import comment_texts_store
from social.services.texts import text_make, text_preview
from social.tests.comments import said, target_of

pytestmark = pytest.mark.django_db
HOSTILE = [
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://elsewhere.example.org/x.png)",
    "\u202egnp.exe",
    "Z" + "\u0300\u0315\u0301" * 200,
    "||" * 5_000,
    "[" * 10_000,
    "*_" * 5_000,
    "> " * 5_000,
    "@a " * 3_300,
    "1:2" * 3_300,
    "- " * 5_000,
    "`" * 9_999,
    "<" * 10_000,
    "![" * 5_000,
    "a.b" * 3_300,
]


@pytest.fixture
def author() -> User:
    return UserFactory.create()


@pytest.fixture
def target(author: User) -> Target:
    return target_of(author, AnimeFactory.create())


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_are_kept_shown_inert_and_quick(author: User, target: Target, body: str) -> None:
    began = time.process_time()
    comment = Comment.objects.get(pk=said(author, target, body).pk)
    assert time.process_time() - began < 3
    assert comment.body == body
    assert is_inert(comment.html)
    assert "\u202e" not in comment.html


class Looked(HTMLParser):
    """What a browser would find in HTML: names of tags, of attributes, and where links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def is_inert(html: str) -> bool:
    found = Looked(html)
    return (
        not found.tags & {"script", "iframe", "img", "svg", "style", "form", "object"}
        and not any(name.startswith("on") or name == "style" for name in found.attributes)
        and all(urlsplit(link).scheme in ("", "http", "https") for link in found.links)
    )


@pytest.mark.data
def test_naughty_strings_survive_the_round_trip(author: User, target: Target) -> None:
    strings = json.loads((Path(os.environ["HIROBA_DATA"]) / "chat" / "blns.json").read_text(encoding="utf-8"))
    kept = [text for text in strings if _said(author, target, text)]
    assert len(kept) > 400
    assert [row.body for row in Comment.objects.order_by("created_at", "id")] == kept
    assert [row.body for row in Comment.objects.all() if not is_inert(row.html)] == []


def _said(author: User, target: Target, text: str) -> bool:
    try:
        said(author, target, text)
    except ValidationFailed:  # draws nothing
        return False
    return True


def test_people_are_named_whom_the_author_may_see(author: User, django_assert_num_queries: object) -> None:
    there, gone, hidden = UserFactory.create_batch(3)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Block.objects.create(blocker=hidden, blocked=author)
    body = f"@{there.username.upper()} @{gone.username} @{hidden.username} @nobody_at_all ||@{there.username}||"
    for writer in (author, UserFactory.create(role="admin")):
        made = text_make(body=body, author=writer)
        named = [user.pk for user in made.mentioned]
        assert there.pk in named
        assert gone.pk not in named
        assert (hidden.pk in named) == (writer != author)
        assert (made.html_version, "nobody_at_all" in made.html) == (VERSION, True)
    assert 'class="mention"' in text_preview(body=body, viewer=author)


def test_html_of_older_rules_is_made_anew_while_it_is_read(author: User, target: Target) -> None:
    reader = UserFactory.create()
    comment = said(author, target, f"**new** @{reader.username}")
    Comment.objects.update(html="old", html_version=0)
    for _ in range(2):
        (node,) = thread_page(reader, target).nodes
        assert "<strong>new</strong>" in node.comment.html
        assert f'href="/users/{reader.username}"' in node.comment.html
    assert Comment.objects.get(pk=comment.pk).html == "old"
    assert [comment_texts_store(), comment_texts_store()] == [1, 0]
    stored = Comment.objects.get(pk=comment.pk)
    assert (stored.html, stored.html_version) == (comment.html, VERSION)
