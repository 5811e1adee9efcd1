"""The community as RSS 2.0 and Atom 1.0: what a stranger sees, with absolute addresses and ids that stay."""

import hashlib
import re

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed, SyndicationFeed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.errors import NotFound
from social.selectors.posts import PostQuery, PostRow, PostSort, category_find, posts_page

SORTS = {"new": PostSort.RECENT, "hot": PostSort.HOT}
ENTRIES, KEPT_SECONDS = 30, 60
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold at all."""
_TYPES: dict[type[SyndicationFeed], str] = {
    Rss201rev2Feed: "application/rss+xml; charset=utf-8",
    Atom1Feed: "application/atom+xml; charset=utf-8",
}


@require_safe
def community_rss(request: HttpRequest) -> HttpResponse:
    """`?sort=new` (unless said) or `hot`, `?category=` a slug. Kept for a minute, the same for everybody; 304 where it is known."""
    return _answer(request, Rss201rev2Feed)


@require_safe
def community_atom(request: HttpRequest) -> HttpResponse:
    """The same as Atom."""
    return _answer(request, Atom1Feed)


def _answer(request: HttpRequest, kind: type[SyndicationFeed]) -> HttpResponse:
    sort, slug = request.GET.get("sort", "new"), request.GET.get("category", "")
    if sort not in SORTS:
        raise NotFound()
    site = settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")
    asked = f"{kind.__name__} {sort} {slug} {get_language()} {site}"
    key = f"post-feed:{hashlib.sha256(asked.encode()).hexdigest()[:32]}"
    body = cache.get(key)
    if body is None:
        body = _written(kind, site, sort, slug)
        cache.set(key, body, KEPT_SECONDS)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type=_TYPES[kind])
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return get_conditional_response(request, etag=etag, response=response) or response


def _written(kind: type[SyndicationFeed], site: str, sort: str, slug: str) -> bytes:
    """The document. Raises `NotFound` for a category that is none."""
    category = category_find(slug) if slug else None
    if slug and category is None:
        raise NotFound()
    query = PostQuery(sort=SORTS[sort], category=slug)
    name = f"{settings.SITE_NAME} · {category.shown_name if category else _('Community')}"
    path = reverse("community-rss" if kind is Rss201rev2Feed else "community-atom")
    feed = kind(
        title=_NO_XML.sub("", name),
        link=site + (reverse("community-category", args=[slug]) if slug else reverse("community")),
        description=_("What people here talk about."),
        language=get_language(),
        feed_url=f"{site}{path}?sort={sort}" + (f"&category={slug}" if slug else ""),
        feed_guid=f"{site}{path}?sort={sort}" + (f"&category={slug}" if slug else ""),
        ttl=5,
    )
    for row in posts_page(AnonymousUser(), query, limit=ENTRIES, pins_apart=False).rows:
        _entry(feed, row, site)
    return feed.writeString("utf-8").encode()


def _entry(feed: SyndicationFeed, row: PostRow, site: str) -> None:
    """One post, without anything that it gives away: strangers have seen nothing yet."""
    post, author = row.post, row.author
    covered = _("The text gives something away; it is on its page.")
    feed.add_item(
        title=_NO_XML.sub("", row.title) or "—",
        link=site + reverse("post", args=[post.pk]),
        description=escape(_NO_XML.sub("", covered if row.is_covered else post.excerpt)),  # both feeds say HTML
        unique_id=f"urn:uuid:{post.pk}",
        unique_id_is_permalink=False,
        author_name=_NO_XML.sub("", author.display_name or author.username) if author else None,
        author_link=site + reverse("profile", args=[author.username]) if author else None,
        pubdate=post.created_at,
        updateddate=post.edited_at or post.created_at,
        categories=[_NO_XML.sub("", post.category.shown_name)],
        comments=site + reverse("post", args=[post.pk]) + "#comments",
    )


__all__ = ["community_atom", "community_rss"]
