"""What a post's text becomes when it is written: safe HTML, an excerpt, words to be found by, the anime it links to."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils.html import escape

from accounts.facade import User
from core.markup import VERSION, markdown_read
from core.media.images import image_sources
from social.models import PostImage
from social.models.posts import BODY_LENGTH, EXCERPT_LENGTH, IMAGES_LIMIT
from social.querysets.posts import words_of
from social.services.post_images import uuid_of
from social.services.texts import MadeText, links_open, text_check, text_make

LINKED_LIMIT = 10
"""Cards of one post; further links stay links."""
HIDDEN = "▮▮▮"
IMAGE_WIDTH = 720
_SPOILER = re.compile(r'<span class="spoiler"[^>]*>.*?</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_BLOCK = re.compile(r"</(?:p|li|h\d|pre|blockquote|td|th)>|<br[^>]*>|<hr[^>]*>")
_LARGEST = 2**31 - 1
_LEFT_OUT = re.compile(r"<(pre|code|a)\b[^>]*>.*?</\1>", re.DOTALL)
_PATH = re.compile(r"(?<![^\s(])/(?:anime|watch)/\d\S*")
_PATHS_READ = 100
_TRAILING = ".,:;!?)»”’\"'"

Linked = tuple[tuple[int, int | None], ...]
"""Anime and, where a link leads to an episode, its number."""


@dataclass(frozen=True, slots=True)
class PostText:
    """A post's text, made. `mentioned`: whom it names, of those whom its author may name."""

    html: str
    html_version: int
    excerpt: str
    search_words: str
    linked: Linked
    mentioned: tuple[User, ...]


def post_text_make(
    *, title: str, body: str, author: User | None, images: Mapping[str, PostImage], host: str = ""
) -> PostText:
    """`images` by their ids: those of the post, which `![…](image:<id>)` places. `host` as in `linked_of`."""
    made = _made(body, author, images)
    plain = plain_of(made.html)
    return PostText(
        html=made.html,
        html_version=made.html_version,
        excerpt=plain if len(plain) <= EXCERPT_LENGTH else plain[: EXCERPT_LENGTH - 1].rstrip() + "…",
        search_words=" ".join(words_of(f"{title} {plain}")),
        linked=linked_of((*made.links, *_paths_in(made.html)), host=host),
        mentioned=tuple(made.mentioned),
    )


def plain_of(made: str) -> str:
    """The words of our own HTML in one line, spoilers covered. Spans are spoilers and hold no other spans (`core.markup`)."""
    words = _TAG.sub("", _BLOCK.sub(" ", _SPOILER.sub(HIDDEN, made)))
    return " ".join(html.unescape(words).split())


def hides_something(body: str) -> bool:
    """Whether this text covers a part of itself (`||…||`)."""
    return "||" in body and _SPOILER.search(markdown_read(body).html()) is not None


def linked_of(links: tuple[str, ...], *, host: str = "") -> Linked:
    """The anime and episodes of this site among the addresses, each once, the first `LINKED_LIMIT`.

    `host`: that of the request that brought the text, which Django let in (`ALLOWED_HOSTS`); it is this site's where no
    `PUBLIC_URL` says which is.
    """
    own = (urlsplit(settings.PUBLIC_URL).netloc or host).lower()
    found: dict[tuple[int, int | None], None] = {}
    for address in links:
        if len(found) == LINKED_LIMIT:
            break
        place = _place_of(address, own)
        if place is not None:
            found[place] = None
    return tuple(found)


def _paths_in(made: str) -> list[str]:
    """Paths of anime and episodes that stand in the words of our own HTML; not those in code and in spoilers."""
    words = html.unescape(_TAG.sub("", _BLOCK.sub(" ", _LEFT_OUT.sub(" ", _SPOILER.sub(HIDDEN, made)))))
    return [found.rstrip(_TRAILING) for found in _PATH.findall(words)[:_PATHS_READ]]


def _place_of(address: str, own: str) -> tuple[int, int | None] | None:
    """(anime, episode) of an address of this site (a path, or with its host `own`), else None."""
    try:
        parts = urlsplit(address)
        if parts.netloc and parts.netloc.lower() != own:
            return None
        match = resolve(parts.path)
    except (ValueError, Resolver404):
        return None
    numbers = [int(value) for value in (*match.args, *match.kwargs.values()) if isinstance(value, int)]
    if match.url_name not in ("anime", "watch") or not numbers or max(numbers) > _LARGEST:
        return None
    return numbers[0], (numbers[1] if match.url_name == "watch" and len(numbers) > 1 else None)


def post_preview(*, viewer: User, body: str, host: str = "") -> PostText:
    """What a post of `viewer` with this text would be, with the pictures that they sent. Nothing is kept. `host` as in `linked_of`.

    Raises `ValidationFailed` for what no post may say.
    """
    text = text_check(body=body, limit=BODY_LENGTH, is_required=False)
    named = [found for found in map(uuid_of, markdown_read(text).images) if found] if "image:" in text else []
    rows = PostImage.objects.filter(owner=viewer, pk__in=named[:IMAGES_LIMIT]).select_related("image") if named else []
    return post_text_make(title="", body=text, author=viewer, images={str(row.pk): row for row in rows}, host=host)


def _made(body: str, author: User | None, images: Mapping[str, PostImage]) -> MadeText:
    """The text by the rules of all texts; whoever has no account any more names nobody."""

    def show(image_id: str, words: str) -> str | None:
        return image_html(images.get(image_id), words)

    if author is not None:
        return text_make(body=body, author=author, image_html=show)
    reading = markdown_read(body)
    return MadeText(str(reading.html(image_html=show)), VERSION, reading.excerpt(), [], links_open(reading))


def image_html(image: PostImage | None, words: str) -> str | None:
    """`<picture>` of a post's picture in the text; None for one that is not the post's."""
    if image is None:
        return None
    sources = image_sources(image.image, width=IMAGE_WIDTH)
    sizes = "(min-width: 48rem) 44rem, 92vw"
    return (
        f'<picture><source type="image/avif" srcset="{escape(sources.avif)}" sizes="{sizes}">'
        f'<source type="image/webp" srcset="{escape(sources.webp)}" sizes="{sizes}">'
        f'<img src="{escape(sources.src)}" alt="{escape(words or image.alt)}" width="{sources.width}" '
        f'height="{sources.height}" loading="lazy" decoding="async"></picture>'
    )


__all__ = [
    "LINKED_LIMIT",
    "PostText",
    "hides_something",
    "image_html",
    "linked_of",
    "plain_of",
    "post_preview",
    "post_text_make",
]
