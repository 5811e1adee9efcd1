"""Comments are filled into frames: what comes out is what their template makes of them."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django_htmx.middleware import HtmxDetails

from accounts.models import User
from accounts.tests.factories import UserFactory
from social.models import Comment
from social.pages.comment_frames import HOLES, CommentsHtml, comment_rendered
from social.pages.thread_views import CommentView, Link
from social.selectors.comment_trees import CommentNode

pytestmark = pytest.mark.django_db

HOSTILE = """<b>&"'{{ name }}%Hole_html_end\u202e"""


def view_of(author: User | None, rng: random.Random, *, level: int = 0, **answers: Any) -> CommentView:
    """A comment in any of its shapes, of hostile words."""
    moment = timezone.now() - timedelta(minutes=rng.randrange(100_000))
    comment = Comment(
        author=author,
        body="x",
        created_at=moment,
        edited_at=rng.choice((None, moment)),
        parent_id=rng.choice((None, Comment().pk)),
        up_votes=rng.randrange(3_000),
        score=rng.randrange(-9, 3_000),
        reply_count=rng.randrange(2_000),
        depth=rng.choice((0, 30)),
    )
    is_gone = rng.random() < 0.2
    flags: dict[str, Any] = {name: rng.random() < 0.5 for name in ("can_edit", "can_delete")}
    node = CommentNode(comment, None if is_gone else author, rng.choice((-1, 0, 1)), is_gone=is_gone, **flags)
    link = Link(HOSTILE, f"/x?a=1&b={level}", "/y?a=1&b=2")
    return CommentView(
        comment=comment,
        node=node,
        html=SafeString("<p>Hole_name_end <b>&amp;</b></p>"),
        shield=rng.choice(("", HOSTILE)),
        level=level,
        is_focus=rng.random() < 0.2,
        more=rng.choice((None, link)),
        deeper=rng.choice((None, link)),
        **answers,
    )


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_filled_frame_is_the_rendered_template(language: str) -> None:
    rng = random.Random(3)
    people: list[User | None] = [*UserFactory.create_batch(2, display_name=HOSTILE), UserFactory.create(), None]
    request = RequestFactory().get("/threads/anime/1?sort=new&cursor=a")
    request.htmx = HtmxDetails(request)  # type: ignore[attr-defined]  # as its middleware does
    seen = set()
    with translation.override(language):
        for turn in range(300):
            reader = rng.choice((AnonymousUser(), people[0], people[2]))
            context = {"user": reader, "request": request, "csrf_token": "token", "thread_path": rng.choice(("", "/t"))}
            made = CommentsHtml(context)
            view = view_of(rng.choice(people), rng, level=turn % 6)
            shape = made.shape(view)
            seen.add(shape)
            # The template quotes the page to come back to; a frame's hole holds it quoted.
            words = dict.fromkeys(HOLES, "") | made.words(view, shape) | {"back": request.get_full_path()}
            assert made.html([view]) == comment_rendered(shape, words)
    assert len(seen) > 200
