"""Lists as pages: one's own with everything one can do to it, and others' with how well the tastes agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet, Window
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.facade import card_view, page_number
from core.site.preferences import preference_set, title_language_of
from lists.access import SeenList, get_list
from lists.models import EntryStatus, ListEntry
from lists.pages.entry_rows import entry_rows
from lists.pages.returns import is_partial
from lists.selectors.compatibility import Compatibility, compatibility_of
from lists.selectors.entries import QUERY_LENGTH, SORTS, EntryQuery, entries_filtered, entries_sorted, status_counts
from lists.selectors.list_facets import Facets, facets_of

PAGE = 100
VIEWS = ("table", "grid")
VIEW_COOKIE = "list_view"
PARAMETERS = ("status", "q", "type", "year", "genre", "tag", "favourite", "private", "sort", "view", "page")
FILTERS = ("type", "year", "genre", "tag", "favourite", "private")
"""What folds away on narrow screens."""
DEFAULT_SORT = "-updated"
SORT_LABELS: dict[str, str | Promise] = {
    "-updated": _("Last changed"),
    "title": _("Title"),
    "-score": _("Score"),
    "-progress": _("Progress"),
    "-started": _("Started"),
    "-finished": _("Finished"),
    "-added": _("Added"),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One status with the number of its entries; "" is all of them."""

    name: str
    label: str | Promise
    count: int
    href: str
    is_current: bool


@login_required
@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def my_list(request: HttpRequest) -> HttpResponseBase:
    """The own list."""
    return list_answer(request, get_list(request.user, request.user.username))


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
def user_list(request: HttpRequest, username: str) -> HttpResponseBase:
    """Somebody's list as the viewer may see it; one's own is one's own here too. 404 like the API."""
    seen = get_list(request.user, username)
    if seen.owner.username != username:
        return redirect("user-list", seen.owner.username)
    return list_answer(request, seen)


def list_answer(request: HttpRequest, seen: SeenList) -> HttpResponseBase:
    """The page, its results (htmx: a filter changed), or more rows of them (htmx: scrolled to the end)."""
    params = params_tidy(request.GET)
    if not is_partial(request):
        if params.urlencode() != request.GET.urlencode():
            return redirect(address(request, params))
        found = results(request, seen, params)
        # Drawn on its own first: a hundred rows cost twice the time within templates that extend each other.
        html = render_to_string("lists/partials/list_results.html", found, request=request)
        context = {**found, **surroundings(request, seen, params), "results": html}
        return _view_kept(request, render(request, "lists/list.html", context))
    if request.htmx.target == "entries-more":  # type: ignore[attr-defined]
        return render(request, "lists/partials/list_rows.html", results(request, seen, params))
    response = render(request, "lists/partials/list_results.html", results(request, seen, params))
    response["HX-Push-Url"] = address(request, params)
    return response


def params_tidy(given: QueryDict) -> QueryDict:
    """`given` with the fields that a list knows, one value each, without empty ones and defaults."""
    params = QueryDict(mutable=True)
    for name in PARAMETERS:
        value = given.get(name, "").replace("\x00", "").strip()
        if value and not (name == "sort" and value == DEFAULT_SORT) and not (name == "page" and value == "1"):
            params[name] = value
    return params


def address(request: HttpRequest, params: QueryDict | Mapping[str, str], **changes: str) -> str:
    """This list's address with `params` and `changes` ("" takes one away); a change starts at the top."""
    asked = QueryDict(mutable=True)
    kept = {name: value for name, value in params.items() if not changes or name != "page"}
    for name, value in {**kept, **changes}.items():
        if value:
            asked[name] = str(value)
    return request.path + (f"?{asked.urlencode()}" if asked else "")


def query_of(request: HttpRequest, params: QueryDict) -> EntryQuery:
    """What of the address narrows and sorts; values that nothing has are left out."""
    year, sort, status = params.get("year", ""), params.get("sort", DEFAULT_SORT), params.get("status", "")
    return EntryQuery(
        status=status if status in EntryStatus.values else "",
        q=params.get("q", "")[:QUERY_LENGTH],
        tags=(params["tag"],) if "tag" in params else (),
        is_favourite=True if "favourite" in params else None,
        is_private=True if "private" in params else None,
        year=int(year) if year.isascii() and year.isdigit() and len(year) <= 4 else None,
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT_SORT,
        title_language=title_language_of(request),
    )


def narrowed(entries: QuerySet[ListEntry], params: QueryDict) -> QuerySet[ListEntry]:
    """By what the anime is: its type, its genre."""
    if kind := params.get("type"):
        entries = entries.filter(anime__kind=kind)
    if genre := params.get("genre"):
        entries = entries.filter(anime__genres__slug=genre)
    return entries


def results(request: HttpRequest, seen: SeenList, params: QueryDict) -> dict[str, Any]:
    """The rows of one page with the tabs above them; at most six queries."""
    query = query_of(request, params)
    found = entries_filtered(narrowed(seen.entries, params), query)
    page = page_number(params)
    ordered = entries_sorted(found, query)
    if query.q:
        ordered = ordered.annotate(among=Window(Count("pk")))  # looking through titles takes the time: once is enough
    rows = list(ordered[(page - 1) * PAGE : page * PAGE + 1])
    shown = entry_rows(request.user, rows[:PAGE], query.title_language, seen.preferences.score_format)
    context = {
        "rows": shown,
        "is_own": seen.is_own,
        "owner": seen.owner,
        "params": params,
        "view": view_of(request, params),
        "score_format": seen.preferences.score_format,
        "next": address(request, params) if seen.is_own else "",
        "more": address(request, {**params.dict(), "page": str(page + 1)}) if len(rows) > PAGE else "",
        "previous": address(request, {**params.dict(), "page": str(page - 1)}) if page > 1 else "",
        "is_narrowed": bool(set(params) - {"sort", "view", "page"}),
    }
    if is_partial(request) and request.htmx.target == "entries-more":  # type: ignore[attr-defined]
        return context
    counts = status_counts(seen.entries)
    if set(params) - {"sort", "view", "page", "status"}:
        count = rows[0].among if query.q and rows else found.count()  # type: ignore[attr-defined]
    else:
        count = counts[query.status] if query.status else sum(counts.values())
    return {**context, "tabs": tabs_of(request, params, counts, query.status), "count": count}


def tabs_of(request: HttpRequest, params: QueryDict, counts: Mapping[str, int], status: str) -> list[Tab]:
    """All, then each status; they keep the other filters."""
    tabs = [Tab("", _("All"), sum(counts.values()), address(request, params, status=""), not status)]
    for name, label in EntryStatus.choices:
        tabs.append(Tab(name, label, counts[name], address(request, params, status=name), name == status))
    return tabs


def surroundings(request: HttpRequest, seen: SeenList, params: QueryDict) -> dict[str, Any]:
    """What stands around the rows of a whole page: what one can filter by, the bulk bar, compatibility."""
    facets: Facets = facets_of(seen.entries)
    sort = query_of(request, params).sort
    return {
        "facets": facets,
        "filter_count": sum(name in params for name in FILTERS),
        "statuses": EntryStatus.choices,
        "sorts": [(value, label, value.lstrip("-") == sort.lstrip("-")) for value, label in SORT_LABELS.items()],
        "sort": sort,
        "sort_turned": address(request, params, sort=sort[1:] if sort.startswith("-") else f"-{sort}"),
        "views": [(name, address(request, params, view=name)) for name in VIEWS],
        "compatibility": _compatibility(request, seen),
    }


def _compatibility(request: HttpRequest, seen: SeenList) -> dict[str, Any] | None:
    """Figures with cards in the viewer's language; None on the own list and for strangers."""
    if seen.is_own or not request.user.is_authenticated:
        return None
    found: Compatibility = compatibility_of(request.user, seen.entries)
    language = title_language_of(request)
    return {
        "found": found,
        "loved": [(card_view(one.card, language), one) for one in found.loved],
        "disputed": [(card_view(one.card, language), one) for one in found.disputed],
        "difference": None if found.mean_difference is None else f"{found.mean_difference / 10:.1f}",
    }


def view_of(request: HttpRequest, params: QueryDict) -> str:
    """The chosen look: of the address, else what the browser kept."""
    wanted = params.get("view") or request.COOKIES.get(VIEW_COOKIE, "")
    return wanted if wanted in VIEWS else VIEWS[0]


def _view_kept(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    view = request.GET.get("view", "")
    if view in VIEWS:
        preference_set(response=response, name=VIEW_COOKIE, value=view, secure=request.is_secure())
    return response
