"""The pages of posts that everybody reads: the community, one post, the history of its edits."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.facade import person_by_username
from catalog.facade import card_view
from core.errors import NotFound, ValidationFailed
from core.site.preferences import title_language_of
from social.access import target_of_post
from social.models import Category
from social.pages.post_diffs import text_compare
from social.pages.post_views import (
    cover_words,
    images_open,
    linked_views,
    picture_views,
    post_view,
    post_views,
    sign_in_for,
    summary_of,
)
from social.selectors.post_cards import cards_found
from social.selectors.posts import PostQuery, PostRow, categories, post_detail, posts_page, revisions_of
from social.services.post_texts import hides_something

PAGE_SIZE = 20
QUERY_LENGTH = 100
SORTS = {
    "hot": (gettext_lazy("Hot"), "flame"),
    "recent": (gettext_lazy("New"), "clock"),
    "top": (gettext_lazy("Top"), "trending-up"),
}
PERIODS = {
    "day": gettext_lazy("Day"),
    "week": gettext_lazy("Week"),
    "month": gettext_lazy("Month"),
    "year": gettext_lazy("Year"),
    "all": gettext_lazy("All time"),
}
SORT_DEFAULT, PERIOD_DEFAULT = "hot", "week"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several links; `icon` may be ""."""

    label: Any
    href: str
    is_chosen: bool = False
    icon: str = ""
    is_staff_only: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit in the list of all."""

    id: int
    when: Any
    editor: Any
    is_chosen: bool


@require_safe
@vary_on_headers("HX-Request")
def community(request: HttpRequest, category: str = "") -> HttpResponse:
    """Posts, of one category by its address; `?sort=`, `?period=`, `?q=`, `?by=` a username, `?anime=`, `?cursor=`.

    What is unknown or the default leads to the tidy address. htmx gets the rows that follow the cursor.
    """
    params = params_tidy(request.GET)
    if params.urlencode() != request.GET.urlencode():
        return redirect(address_of(category, params))
    shelves = categories()
    chosen = next((one for one in shelves if one.slug == category), None)
    if category and chosen is None:
        raise Http404
    query = query_of(request, params, category)
    try:
        page = posts_page(request.user, query, cursor=params.get("cursor", ""), limit=PAGE_SIZE)
    except ValidationFailed:  # a cursor that is none
        return redirect(address_of(category, params, cursor=""))
    posts = post_views(page.pinned, request, shows_pin=True) + post_views(page.rows, request)
    more = address_of(category, params, cursor=page.next_cursor) if page.next_cursor else ""
    context = {"posts": posts, "more": more}
    if getattr(request, "htmx", False):
        return render(request, "social/posts/partials/rows.html", context)
    return render(request, "social/posts/community.html", context | frame(request, params, query, shelves, chosen))


@require_safe
@never_cache
def post_page(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """One post and what is said under it. What may not be seen is said to be gone, in the same words for everybody."""
    try:
        row = post_detail(request.user, post_id)
    except NotFound:
        context = {"sign_in": sign_in_for(post_id)}
        return render(request, "social/posts/gone.html", context, status=404)
    return render(request, "social/posts/post.html", post_context(request, row))


@require_safe
@never_cache
def post_revisions(request: HttpRequest, post_id: uuid.UUID) -> HttpResponse:
    """What each edit changed, one at a time: the latest, or `?edit=` another."""
    row = post_detail(request.user, post_id)
    revisions = revisions_of(request.user, post_id)
    place = next((n for n, one in enumerate(revisions) if str(one.pk) == request.GET.get("edit")), 0)
    context: dict[str, Any] = {"post": row.post, "edits": []}
    if revisions:
        before, after = revisions[place], revisions[place - 1] if place else row.post
        diff = {"title": text_compare(before.title, after.title), "body": text_compare(before.body, after.body)}
        diff = {name: lines for name, lines in diff.items() if any(line.kind != "same" for line in lines)}
        context |= {
            "edits": [Edit(one.pk, one.created_at, one.editor, n == place) for n, one in enumerate(revisions)],
            "diff": render_to_string("social/posts/partials/diff.html", diff, request=request),
            "is_covered": row.is_covered or hides_something(before.body) or hides_something(after.body),
            "cover_words": cover_words(row.post),
            "shield": f"post-{row.post.pk}-edits",
        }
    return render(request, "social/posts/revisions.html", context)


def params_tidy(given: QueryDict) -> QueryDict:
    """`given` without what is empty, unknown or the default."""
    params = QueryDict(mutable=True)
    if (sort := given.get("sort", "")) in SORTS and sort != SORT_DEFAULT:
        params["sort"] = sort
    if sort == "top" and (period := given.get("period", "")) in PERIODS and period != PERIOD_DEFAULT:
        params["period"] = period
    if q := given.get("q", "").replace("\x00", "").strip()[:QUERY_LENGTH]:
        params["q"] = q
    if by := given.get("by", "").strip()[:40]:
        params["by"] = by
    if (anime := given.get("anime", "")).isascii() and anime.isdigit() and len(anime) < 10:
        params["anime"] = anime
    if cursor := given.get("cursor", "")[:400]:
        params["cursor"] = cursor
    return params


def address_of(category: str, params: QueryDict, **changes: str) -> str:
    """The address of the list with `params` and `changes`; "" takes one away."""
    copy = params.copy()
    for key, value in changes.items():
        copy.pop(key, None)
        if value:
            copy[key] = value
    path = reverse("community-category", args=[category]) if category else reverse("community")
    return path + (f"?{copy.urlencode()}" if copy else "")


def query_of(request: HttpRequest, params: QueryDict, category: str) -> PostQuery:
    """What the address asks for. Raises `NotFound` for `?by=` nobody, and for somebody who shows the viewer nothing."""
    author_id = None
    if by := params.get("by", ""):
        person = person_by_username(request.user, by)
        if person.is_private:
            raise NotFound()
        author_id = person.user.pk
    return PostQuery(
        sort=params.get("sort", SORT_DEFAULT),
        period=params.get("period", PERIOD_DEFAULT),
        category=category,
        anime_id=int(params.get("anime", "0")) if "anime" in params else None,
        author_id=author_id,
        search=params.get("q", ""),
    )


def frame(
    request: HttpRequest, params: QueryDict, query: PostQuery, shelves: list[Category], chosen: Category | None
) -> dict[str, Any]:
    """Everything around the list: categories, sorts, periods, what narrows it."""
    slug = chosen.slug if chosen else ""

    def link(**changes: str) -> str:
        return address_of(slug, params, cursor="", **changes)

    def shelf(one: Category | None) -> Choice:
        href = address_of(one.slug if one else "", params, cursor="")
        label = one.shown_name if one else gettext_lazy("All posts")
        return Choice(label, href, one == chosen, is_staff_only=bool(one and one.is_staff_only))

    is_top = query.sort == "top"
    return {
        "category": category_shown(chosen) if chosen else None,
        "shelves": [shelf(None), *(shelf(one) for one in shelves)],
        "sorts": [
            Choice(label, link(sort="" if name == SORT_DEFAULT else name, period=""), name == query.sort, icon)
            for name, (label, icon) in SORTS.items()
        ],
        "periods": [
            Choice(label, link(period="" if name == PERIOD_DEFAULT else name), name == query.period)
            for name, label in PERIODS.items()
        ]
        if is_top
        else [],
        "period": query.period if is_top and query.period != "all" else "",
        "all_time": link(period="all"),
        "chips": chips_of(request, params, link),
        "q": query.search,
        "by": params.get("by", ""),
        "about": params.get("anime", ""),
        "kept": [(name, params[name]) for name in ("sort", "period", "by", "anime") if name in params],
        "is_continued": "cursor" in params,
        "first": link(),
        "here": address_of(slug, QueryDict()),
        "write": write_address(slug, params.get("anime", "")),
        "rss": rss_address(slug),
    }


def category_shown(category: Category) -> dict[str, str]:
    """Its name and, in the language in which staff wrote it, what it is for."""
    is_russian = (get_language() or "").startswith("ru") and category.name_ru
    return {"name": category.shown_name, "about": "" if is_russian else category.description}


def chips_of(request: HttpRequest, params: QueryDict, link: Any) -> list[Choice]:
    """What narrows the list, each with the address without it."""
    chips = []
    if "q" in params:
        chips.append(Choice(f"“{params['q']}”", link(q="")))
    if "by" in params:
        chips.append(Choice(f"@{params['by']}", link(by="")))
    if "anime" in params:
        anime_id = int(params.get("anime", "0"))
        cards = cards_found(request.user, [anime_id])
        label = card_view(cards[anime_id], title_language_of(request)).title if cards else params["anime"]
        chips.append(Choice(label, link(anime="")))
    return chips


def write_address(category: str = "", anime: str = "") -> str:
    """The composer, with what the list is about chosen."""
    params = QueryDict(mutable=True)
    params.update({name: value for name, value in (("category", category), ("anime", anime)) if value})
    return reverse("post-new") + (f"?{params.urlencode()}" if params else "")


def rss_address(category: str = "") -> str:
    """The feed of new posts."""
    path = reverse("community-rss")
    return f"{path}?category={category}" if category else path


def post_context(request: HttpRequest, row: PostRow) -> dict[str, Any]:
    """Everything that the page of a post shows."""
    language, post = title_language_of(request), row.post
    about = [{**row.anime, "episode": None}] if row.anime else []
    whole = {
        "html": SafeString(post.html),  # core.markup made it
        "pictures": picture_views(row.below),
        "cards": linked_views([*about, *row.linked], language),
    }
    pictures = [] if cover_words(post) else picture_views(images_open(row)[:1])
    return {
        "row": post_view(row, language),
        "whole": render_to_string("social/posts/partials/whole.html", whole, request=request),
        "target": target_of_post(post),
        "address": request.build_absolute_uri(request.path),
        "summary": summary_of(row),
        "picture": request.build_absolute_uri(pictures[0].href) if pictures else "",
        "may_edit": row.can_edit,
        "may_delete": row.can_delete,
        "may_moderate": row.can_moderate,
        "may_report": not row.is_own and row.author is not None,
        "sign_in": sign_in_for(post.pk),
    }
