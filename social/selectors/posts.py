"""Posts as somebody reads them: pages of them in every order, one of them, what it said before."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db.models import OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.facade import User
from core.api.pagination import keyset_page
from core.errors import MalformedRequest, NotFound, ValidationFailed
from core.markup import VERSION, markdown_read, seen_text
from social.access import get_post, moderates
from social.models import Category, Post, PostImage, PostReaction, PostRevision
from social.querysets.posts import PostQuerySet
from social.selectors.post_cards import Card, cards_of_posts, shows_card
from social.selectors.shields import Shield, shield_for
from social.selectors.thread_counts import hidden_comments
from social.services.post_texts import post_text_make

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    Viewer = User | AnonymousUser

PINNED_LIMIT, REVISIONS_SHOWN = 5, 100
_SLUG = re.compile("[-a-zA-Z0-9_]{1,40}")
_WHOLE_TEXT = ("body", "html", "search_words")


class PostSort(StrEnum):
    RECENT = "recent"
    TOP = "top"
    HOT = "hot"


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    ALL = "all"


_PERIODS = {
    Period.DAY: timedelta(days=1),
    Period.WEEK: timedelta(days=7),
    Period.MONTH: timedelta(days=30),
    Period.YEAR: timedelta(days=365),
}
_ORDERS = {PostSort.RECENT: ("-id",), PostSort.TOP: ("-score", "-id"), PostSort.HOT: ("-hot", "-id")}


@dataclass(frozen=True, slots=True)
class PostQuery:
    """What is asked for. `period` counts for `top` alone; `category` is a slug; `search`: words, each the beginning of one."""

    sort: str = PostSort.RECENT
    period: str = Period.WEEK
    category: str = ""
    anime_id: int | None = None
    author_id: uuid.UUID | None = None
    search: str = ""

    @property
    def shows_pins(self) -> bool:
        """Pins stand above what is browsed, not above what is looked for or ranked over a time."""
        return self.sort != PostSort.TOP and not (self.anime_id or self.author_id or self.search)


@dataclass(slots=True)
class PostRow:
    """A post as one viewer sees it. Of lists its text is not read: `post.excerpt` is there, `post.html` would be a query.

    `anime` and those in `linked` are catalogue cards the viewer may see, `linked` with "episode" (a number or None) added;
    `below` are pictures that the text does not place itself (all of them in lists). `title` is `post.title` fit to be drawn.
    """

    post: Post
    author: User | None
    title: str
    is_covered: bool = False
    my_reaction: str = ""
    comment_count: int = 0
    images: list[PostImage] = field(default_factory=list)
    below: list[PostImage] = field(default_factory=list)
    anime: Card | None = None
    linked: list[Card] = field(default_factory=list)
    is_own: bool = False
    can_edit: bool = False
    can_delete: bool = False
    can_moderate: bool = False


@dataclass(frozen=True, slots=True)
class PostPage:
    """`pinned` only on the first page; cursors are empty at the ends."""

    rows: list[PostRow]
    next_cursor: str = ""
    previous_cursor: str = ""
    pinned: list[PostRow] = field(default_factory=list)


def posts_page(
    viewer: "Viewer", query: PostQuery, *, cursor: str = "", limit: int = 20, pins_apart: bool = True
) -> PostPage:
    """Posts as asked, from the cursor on. At most seven queries, however many. Raises `ValidationFailed` for a bad cursor.

    `pins_apart` False leaves pinned posts in their places.
    """
    rows = posts_found(viewer, query)
    pins: list[Post] = []
    if query.shows_pins and pins_apart:
        if not cursor:
            pins = list(rows.filter(is_pinned=True).order_by("-id")[:PINNED_LIMIT])
        rows = rows.filter(is_pinned=False)
    try:
        page = keyset_page(rows, fields=_ORDERS[PostSort(query.sort)], cursor=cursor or None, size=limit)
    except (MalformedRequest, DjangoValidationError, OverflowError) as error:
        raise ValidationFailed({"cursor": [_("This is none that this server gave.")]}) from error
    shown = post_rows(viewer, [*pins, *page.rows])
    return PostPage(
        rows=shown[len(pins) :],
        next_cursor=page.next or "",
        previous_cursor=page.previous or "",
        pinned=shown[: len(pins)],
    )


def posts_found(viewer: "Viewer", query: PostQuery) -> QuerySet[Post]:
    """All that match, in no order, without their texts."""
    rows = _readable(viewer).defer(*_WHOLE_TEXT)
    if query.category:
        rows = rows.filter(category__slug=query.category)
    if query.anime_id is not None:
        rows = rows.filter(anime_id=query.anime_id)
    if query.author_id is not None:
        rows = rows.filter(author_id=query.author_id)
    if query.search:
        rows = rows.with_words(query.search)
    if query.sort == PostSort.TOP and query.period != Period.ALL:
        rows = rows.filter(created_at__gte=timezone.now() - _PERIODS[Period(query.period)])
    return rows


def post_detail(viewer: "Viewer", post_id: uuid.UUID) -> PostRow:
    """One post with its text; at most seven queries. Raises `NotFound`."""
    rows = _readable(viewer)
    post = rows.filter(pk=post_id).first()
    if post is None:
        raise NotFound()
    row = post_rows(viewer, [post])[0]
    if row.images and "image:" in post.body:
        placed = set(markdown_read(post.body).images)
        row.below = [image for image in row.images if str(image.pk) not in placed]
    if post.html_version != VERSION:
        images = {str(image.pk): image for image in row.images}
        post.html = post_text_make(title=post.title, body=post.body, author=post.author, images=images).html
    return row


def post_rows(viewer: "Viewer", posts: Sequence[Post]) -> list[PostRow]:
    """These posts, which the viewer may see, as they see them; a few queries for all of them together."""
    if not posts:
        return []
    ids = [post.pk for post in posts]
    images = _images_of(ids)
    reactions = _reactions_of(viewer, ids)
    shield = shield_for(viewer, [post.anime_id for post in posts])
    cards = cards_of_posts(viewer, posts)
    is_moderator, own = moderates(viewer), viewer.pk if viewer.is_authenticated else None
    rows = []
    for post in posts:
        is_own = own is not None and post.author_id == own
        rows.append(
            PostRow(
                post=post,
                author=post.author,
                title=seen_text(post.title),
                is_covered=_is_covered(shield, post),
                my_reaction=reactions.get(post.pk, ""),
                comment_count=comment_count_of(post),
                images=images.get(post.pk, []),
                below=images.get(post.pk, []),
                anime=cards.get(post.anime_id) if post.anime_id else None,
                linked=_linked_of(post, cards),
                is_own=is_own,
                can_edit=is_own and (is_moderator or not post.is_locked),
                can_delete=is_own or is_moderator,
                can_moderate=is_moderator,
            )
        )
    return rows


def comment_count_of(post: Post) -> int:
    """How many comments its thread has for the viewer for whom `_readable` read it."""
    thread = getattr(post, "thread", None)
    return max(0, thread.comment_count - getattr(post, "hidden_comments", 0)) if thread is not None else 0


def _readable(viewer: "Viewer") -> PostQuerySet:
    """What the viewer sees, with what a row needs."""
    rows = Post.objects.visible_to(viewer).select_related("author__avatar", "category", "thread")
    return rows.annotate(hidden_comments=hidden_comments(viewer, OuterRef("thread__pk")))


def revisions_of(viewer: "Viewer", post_id: uuid.UUID) -> list[PostRevision]:
    """What a post said before, the latest `REVISIONS_SHOWN` first, for whoever may read the post. Raises `NotFound`."""
    post = get_post(viewer, post_id)
    rows = list(PostRevision.objects.filter(post=post).select_related("editor__avatar")[:REVISIONS_SHOWN])
    for row in rows:
        row.post = post
    return rows


def post_is_covered(viewer: "Viewer", post: Post) -> bool:
    """Whether the viewer's shield covers this post; one query where it is about an anime."""
    return _is_covered(shield_for(viewer, [post.anime_id]), post)


def linked_cards(viewer: "Viewer", linked: Iterable[tuple[int, int | None]]) -> list[Card]:
    """The cards that a post would have which links to these (anime, episode), as the viewer sees them."""
    post = Post(linked=[list(pair) for pair in linked])
    return _linked_of(post, cards_of_posts(viewer, [post]))


def _is_covered(shield: Shield, post: Post) -> bool:
    return shield.covers(
        anime_id=post.anime_id,
        spoils_episode=post.spoils_episode,
        is_spoiler=post.is_spoiler,
        author_id=post.author_id,
    )


def categories() -> list[Category]:
    """Every category in the order of staff; one query."""
    return list(Category.objects.order_by("position", "name"))


def category_find(slug: str) -> Category | None:
    """The category of this address, None for whatever else was asked for (also what no database can be asked)."""
    return Category.objects.filter(slug=slug).first() if _SLUG.fullmatch(slug) else None


def _images_of(ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[PostImage]]:
    found: dict[uuid.UUID, list[PostImage]] = {}
    rows = PostImage.objects.filter(post__in=list(ids)).select_related("image").order_by("position", "id")
    for row in rows:
        if row.post_id is not None:
            found.setdefault(row.post_id, []).append(row)
    return found


def _reactions_of(viewer: "Viewer", ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    if not viewer.is_authenticated:
        return {}
    return dict(PostReaction.objects.filter(user=viewer, post__in=list(ids)).values_list("post_id", "kind"))


def _linked_of(post: Post, cards: dict[int, Card]) -> list[Card]:
    """The cards of what the text links to; not the one that the post is about anyway, unless an episode is named."""
    found: list[Any] = []
    for anime_id, episode in post.linked:
        card = cards.get(anime_id)
        if card is not None and shows_card(post, anime_id, episode):
            found.append({**card, "episode": episode})
    return found


__all__ = [
    "Period",
    "PostPage",
    "PostQuery",
    "PostRow",
    "PostSort",
    "categories",
    "category_find",
    "comment_count_of",
    "linked_cards",
    "post_detail",
    "post_is_covered",
    "post_rows",
    "posts_found",
    "posts_page",
    "revisions_of",
]
