"""Posts as templates draw them."""

import datetime
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy, ngettext

from accounts.facade import User
from catalog.facade import CardView, Image, card_view
from core.media.images import image_sources, image_url
from core.site.moments import moment_words
from core.site.preferences import TitleLanguage, time_zone_of, title_language_of
from social.models import Post, PostImage, ReactionKind
from social.selectors.posts import PostRow

ICONS = {
    ReactionKind.LIKE: "thumbs-up",
    ReactionKind.LOVE: "heart",
    ReactionKind.LAUGH: "laugh",
    ReactionKind.WOW: "sparkles",
    ReactionKind.SAD: "frown",
}
PICTURE_WIDTH, LARGEST_WIDTH, THUMB_WIDTH = 720, 1440, 320
KINDS_SHOWN = 3
SPOILER = gettext_lazy("Gives the story away")


@dataclass(frozen=True, slots=True)
class ReactionView:
    """One of the five, how often it was given, and whether by the reader."""

    kind: str
    label: str
    icon: str
    count: int
    is_mine: bool


@dataclass(frozen=True, slots=True)
class PictureView:
    """A picture of a post; `href` is its largest form."""

    image: Image
    alt: str
    href: str


@dataclass(frozen=True, slots=True)
class WrittenImage:
    """A picture in the composer; `code` places it in the text."""

    id: uuid.UUID
    image: Image
    alt: str
    code: str


@dataclass(frozen=True, slots=True)
class LinkedView:
    """An anime, or an episode of one, that a post links to."""

    item: CardView
    href: str
    episode: int | None


@dataclass(frozen=True, slots=True)
class PostView:
    """A post in a list, and the head of its page. `cover_words` say why it is covered, "" where nothing would be."""

    id: uuid.UUID
    title: str
    href: str
    author: User | None
    category: str
    category_href: str
    created_at: datetime.datetime
    edited_at: datetime.datetime | None
    excerpt_html: SafeString
    is_covered: bool
    cover_words: str
    shield: str
    is_pinned: bool
    is_locked: bool
    shows_pin: bool
    reactions: list[ReactionView]
    top_kinds: list[ReactionView]
    score: int
    comment_count: int
    thumb: Image | None
    anime: CardView | None


def post_view(row: PostRow, language: TitleLanguage, *, shows_pin: bool = False) -> PostView:
    """One post, titles of anime in the reader's language."""
    post = row.post
    reactions = reaction_views(post.reactions, row.my_reaction)
    given = sorted((one for one in reactions if one.count), key=lambda one: -one.count)
    return PostView(
        id=post.pk,
        title=row.title,
        href=reverse("post", args=[post.pk]),
        author=row.author,
        category=post.category.shown_name,
        category_href=reverse("community-category", args=[post.category.slug]),
        created_at=post.created_at,
        edited_at=post.edited_at,
        excerpt_html=format_html('<p class="post-excerpt" dir="auto">{}</p>', post.excerpt)
        if post.excerpt
        else SafeString(""),
        is_covered=row.is_covered,
        cover_words=cover_words(post),
        shield=f"post-{post.pk}",
        is_pinned=post.is_pinned,
        is_locked=post.is_locked,
        shows_pin=shows_pin,
        reactions=reactions,
        top_kinds=given[:KINDS_SHOWN],
        score=post.score,
        comment_count=row.comment_count,
        thumb=image_of_stored(shown[0], THUMB_WIDTH) if (shown := images_open(row)) else None,
        anime=card_view(row.anime, language) if row.anime else None,
    )


def post_views(rows: Iterable[PostRow], request: HttpRequest, *, shows_pin: bool = False) -> list[PostView]:
    """Many of them, in order."""
    language = title_language_of(request)
    return [post_view(row, language, shows_pin=shows_pin) for row in rows]


def reaction_views(counts: Mapping[str, int], mine: str) -> list[ReactionView]:
    """All five, in their order."""
    return [
        ReactionView(kind.value, str(kind.label), ICONS[kind], counts.get(kind.value, 0), kind.value == mine)
        for kind in ReactionKind
    ]


def cover_words(post: Post) -> str:
    """What the text gives away; "" when it does not say that it does."""
    if post.is_spoiler:
        return str(SPOILER)
    if post.spoils_episode is None:
        return ""
    return gettext("Gives episode %(number)s away") % {"number": post.spoils_episode}


def picture_views(images: Iterable[PostImage]) -> list[PictureView]:
    """Pictures below the text."""
    return [
        PictureView(image_of_stored(row, PICTURE_WIDTH), row.alt, image_url(row.image, width=LARGEST_WIDTH))
        for row in images
    ]


def images_open(row: PostRow) -> list[PostImage]:
    """The pictures that may stand for the post where it is not read: none that its text hides."""
    return [image for image in row.images if not image.is_covered]


def linked_views(cards: Iterable[Mapping[str, Any]], language: TitleLanguage) -> list[LinkedView]:
    """Cards of what the text links to; those of episodes lead to them."""
    found = []
    for card in cards:
        item, episode = card_view(card, language), card.get("episode")
        href = item.href if episode is None else reverse("watch", args=[item.id, episode])
        found.append(LinkedView(item, href, episode))
    return found


def written_image(row: PostImage) -> WrittenImage:
    """A picture as the composer shows it."""
    return WrittenImage(row.pk, image_of_stored(row, THUMB_WIDTH), row.alt, f"![{row.alt}](image:{row.pk})")


def image_of_stored(row: PostImage, width: int) -> Image:
    """A post's picture for <picture>."""
    found = image_sources(row.image, width=width)
    return Image(found.src, found.webp, found.avif, found.width, found.height)


def sign_in_for(post_id: uuid.UUID) -> str:
    """The address of the sign-in that leads back to a post."""
    return f"{reverse('account_login')}?next={reverse('post', args=[post_id])}"


def mute_words(request: HttpRequest) -> str:
    """Why and until when they may not post; "" when they may."""
    user = request.user
    until = getattr(user, "muted_until", None)
    if until is None or until <= timezone.now():
        return ""
    moment = moment_words(until, time_zone_of(request))
    words = gettext("Until %(moment)s you cannot post.") % {"moment": moment}
    reason = getattr(user, "mute_reason", "")
    return f"{words} {gettext('Reason:')} {reason}" if reason else words


def summary_of(row: PostRow) -> str:
    """What a link to the post says of it elsewhere: how it begins, or, of a spoiler, nothing of what it tells."""
    post = row.post
    if words := cover_words(post):
        return words
    if post.excerpt:
        return post.excerpt[:200]
    count = len(row.images)
    return ngettext("%(count)s picture", "%(count)s pictures", count) % {"count": count}
