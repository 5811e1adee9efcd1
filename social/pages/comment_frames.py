"""A comment's HTML, made quickly: its template is rendered once for each shape that a comment has, then only filled.

A page of a conversation holds up to two hundred comments, and the engine takes most of a millisecond for each.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from accounts.facade import avatar
from core.site.moments import ago_words, moment_words
from core.site.preferences import time_zone_of
from social.pages.thread_views import CommentView, Link

if TYPE_CHECKING:
    from accounts.facade import User

TEMPLATE = "social/threads/comment.html"
AVATAR_SIZE = 28
SHAPES = 1_000
"""Frames that a process keeps; a page needs about a dozen."""


class Shape(NamedTuple):
    """All that the template may ask of a comment; what it prints is in `HOLES`, and no frame knows it."""

    language: str | None
    level: int
    my_vote: int
    is_signed_in: bool
    is_own: bool
    is_focus: bool
    is_gone: bool
    is_edited: bool
    is_covered: bool
    is_answer: bool
    is_branch: bool
    has_author: bool
    has_place: bool
    has_more: bool
    has_deeper: bool
    can_reply: bool
    can_edit: bool
    can_delete: bool


NAMES = (
    "place", "username", "name", "avatar", "when", "when_title", "ago", "edited_title", "size", "shield", "html", "score",
    "up", "down", "csrf", "back", "more_href", "more_part", "more_words", "deeper_href", "deeper_part", "deeper_words",
    "replies",
)  # fmt: skip
HOLES: Mapping[str, str] = {name: f"Hole_{name}_end" for name in NAMES} | {
    # These are parts of addresses, whose patterns take nothing else.
    name: f"{number:08x}-401e-4401-8401-e0401e0401e0"
    for number, name in enumerate(("pk", "parent", "author_pk"), 1)
}
"""What stands in a frame where a value comes: letters and digits, which no filter and no address changes."""
_NAMES = {hole: name for name, hole in HOLES.items()}
_SPLIT = re.compile(f"({'|'.join(_NAMES)})")


class CommentsHtml:
    """Makes the HTML of comments for one page; what concerns its reader and each author is made once."""

    def __init__(self, context: Mapping[str, Any]) -> None:
        self._user, self._context = context["user"], context
        self._language, self._place = get_language(), escape(context.get("thread_path") or "")
        self._zone = time_zone_of(context["request"])
        self._people: dict[Any, dict[str, str]] = {}
        self._reader: dict[str, str] | None = None

    def html(self, views: Iterable[CommentView]) -> SafeString:
        """These comments one after the other, each with its answers."""
        return SafeString("".join([self._one(view) for view in views]))

    def _one(self, view: CommentView) -> str:
        shape = self.shape(view)
        words = self.words(view, shape)
        return "".join([words[part] if place % 2 else part for place, part in enumerate(frame_of(shape))])

    def shape(self, view: CommentView) -> Shape:
        comment, node = view.comment, view.node
        is_signed_in = self._user.is_authenticated
        return Shape(
            language=self._language,
            level=view.level,
            my_vote=node.my_vote,
            is_signed_in=is_signed_in,
            is_own=is_signed_in and comment.author_id == self._user.pk,
            is_focus=view.is_focus,
            is_gone=node.is_gone,
            is_edited=comment.edited_at is not None,
            is_covered=bool(view.shield),
            is_answer=comment.parent_id is not None,
            is_branch=bool(view.replies or view.more or view.deeper),
            has_author=node.author is not None,
            has_place=bool(self._place),
            has_more=view.more is not None,
            has_deeper=view.deeper is not None,
            can_reply=view.can_reply,
            can_edit=node.can_edit,
            can_delete=node.can_delete,
        )

    def words(self, view: CommentView, shape: Shape) -> dict[str, str]:
        """What stands in the holes of the comment's frame, safe as the engine would have made it."""
        comment = view.comment
        words = {
            "pk": str(comment.pk),
            "place": self._place,
            "replies": "".join([self._one(reply) for reply in view.replies]),
        }
        if shape.is_answer:
            words["parent"] = str(comment.parent_id)
        if shape.is_branch:
            words |= {"size": str(view.branch_size)} | _link("more", view.more) | _link("deeper", view.deeper)
        if view.node.author is not None:
            words |= self._person(view.node.author)
        if shape.is_gone:
            return words
        words |= {
            "when": comment.created_at.isoformat(timespec="seconds"),
            "when_title": escape(moment_words(comment.created_at, self._zone)),
            "ago": escape(ago_words(comment.created_at)),
            "html": view.html,  # core.markup made it safe
            "shield": escape(view.shield),
            "score": str(comment.score),
            "up": str(comment.up_votes),
            "down": str(comment.down_votes),
        }
        if comment.edited_at is not None:
            words["edited_title"] = escape(moment_words(comment.edited_at, self._zone))
        return words | self._of_reader() if shape.is_signed_in else words

    def _person(self, author: "User") -> dict[str, str]:
        found = self._people.get(author.pk)
        if found is None:
            found = self._people[author.pk] = {
                "author_pk": str(author.pk),
                "username": quote(author.username),
                "name": escape(author.name),
                "avatar": avatar(author, AVATAR_SIZE),
            }
        return found

    def _of_reader(self) -> dict[str, str]:
        """What forms send, and the page to come back to; asked for where a form is, since that gives a reader a cookie."""
        if self._reader is None:
            request = self._context["request"]
            back = request.htmx.current_url_abs_path or request.get_full_path()
            self._reader = {"csrf": escape(self._context["csrf_token"]), "back": escape(quote(back))}
        return self._reader


def _link(name: str, link: Link | None) -> dict[str, str]:
    if link is None:
        return {}
    values = {"href": link.href, "part": link.part, "words": link.words}
    return {f"{name}_{part}": escape(value) for part, value in values.items()}


@lru_cache(maxsize=SHAPES)
def frame_of(shape: Shape) -> tuple[str, ...]:
    """The template of this shape: pieces of HTML, between each two the name of what belongs there."""
    parts = _SPLIT.split(comment_rendered(shape, HOLES))
    return tuple([_NAMES[part] if place % 2 else part for place, part in enumerate(parts)])


def comment_rendered(shape: Shape, words: Mapping[str, str]) -> str:
    """The template with these words, which are safe HTML."""
    values = {name: SafeString(value) for name, value in words.items()}
    person = SimpleNamespace(pk=values.get("author_pk"), username=values.get("username"), name=values.get("name"))
    context = {
        "shape": shape,
        "words": values,
        "person": person,
        # What the pieces within ask for beside that.
        "user": SimpleNamespace(is_authenticated=shape.is_signed_in, pk=None),
        "request": SimpleNamespace(htmx=SimpleNamespace(current_url_abs_path=words["back"]), get_full_path=""),
        "csrf_token": values.get("csrf"),
    }
    return render_to_string(TEMPLATE, context)


__all__ = ["CommentsHtml", "Shape", "comment_rendered", "frame_of"]
