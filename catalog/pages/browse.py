"""Browse: the whole catalogue through filters; the address holds all of the state."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.facade import sees_adult
from catalog.filters import SORTS, AnimeFilters, Chip
from catalog.filters.sorts import DEFAULT_SORT
from catalog.models import AgeRating, AnimeKind, AnimeSource, AnimeStatus, SeasonName
from catalog.pages.cards import card_views
from catalog.pages.paging import page_number, pages_of
from catalog.selectors.anime import anime_page
from catalog.selectors.browse import browse_facets, studio_named, studios_like
from core.api.pagination import PageQuery
from core.errors import DomainError
from core.site.preferences import title_language_of

PAGE_SIZE = 48
OWN_PARAMETERS = frozenset({"page", "page_size", "cursor", "view"})
VIEWS = ("grid", "list")


@dataclass(frozen=True, slots=True)
class ChipLink:
    """A chip and the address without it."""

    chip: Chip
    href: str


@require_safe
@vary_on_headers("HX-Request")
def browse(request: HttpRequest) -> HttpResponse:
    """The page, or only its results for htmx. Addresses with empty or unresolved fields lead to the tidy one."""
    params = params_tidy(request.GET)
    is_partial = bool(getattr(request, "htmx", False)) and not request.htmx.history_restore_request  # type: ignore[attr-defined]
    if params.urlencode() != request.GET.urlencode() and not is_partial:
        return redirect(address(params))
    context, status = results(request, params)
    if is_partial:
        response = render(request, "catalog/partials/browse_results.html", context, status=status)
        response["HX-Push-Url"] = address(params)
        return response
    return render(request, "catalog/browse.html", {**context, **choices(request, params)}, status=status)


@require_safe
def studio_options(request: HttpRequest) -> HttpResponse:
    """Names for the studio field while one types."""
    studios = studios_like(request.GET.get("studio_name", "").strip()[:80])
    return render(request, "catalog/partials/studio_options.html", {"studios": studios})


def params_tidy(given: QueryDict) -> QueryDict:
    """`given` without empty fields; a studio's name becomes its slug. An unknown name stays, to be reported."""
    params = QueryDict(mutable=True)
    for name, values in given.lists():
        kept = [value for value in values if value.strip()]
        if kept:
            params.setlist(name, kept)
    if params.get("sort") == DEFAULT_SORT and "q" not in params:
        del params["sort"]
    name = params.get("studio_name", "").strip()
    if name and len(name) <= 160 and "\x00" not in name and (studio := studio_named(name)):
        del params["studio_name"]
        if studio.slug not in params.getlist("studio"):
            params.appendlist("studio", studio.slug)
    return params


def address(params: QueryDict) -> str:
    """The page's address with `params`."""
    return reverse("browse") + (f"?{params.urlencode()}" if params else "")


def results(request: HttpRequest, params: QueryDict) -> tuple[dict[str, Any], int]:
    """(context of the results, HTTP status): what a filter refuses is said instead of a list."""
    view = params.get("view") if params.get("view") in VIEWS else "grid"
    context: dict[str, Any] = {"view": view, "views": [(name, address(_with(params, view=name))) for name in VIEWS]}
    asked = params.copy()
    if unknown := asked.pop("studio_name", None):
        context["problems"] = [gettext("No studio is called “%(name)s”.") % {"name": unknown[0][:80]}]
    try:
        filters = AnimeFilters.of(asked, request.user, extra=OWN_PARAMETERS)
    except DomainError as refused:
        fields = getattr(refused, "fields", None) or {}
        said = [f"{name}: {message}" for name, messages in fields.items() for message in messages]
        return {
            **context,
            "problems": said or [str(refused.detail or refused.title)],
            "items": [],
            "count": 0,
        }, refused.status
    page = page_number(params)
    found = anime_page(filters, PageQuery(page, PAGE_SIZE))
    cards, count = [orjson.loads(card) for card in found.cards], found.count
    pages = pages_of(
        current=page,
        count=count,
        size=PAGE_SIZE,
        href=lambda number: address(_with(params, page=str(number) if number > 1 else "")),
    )
    chips = [ChipLink(chip, address(_without(params, chip))) for chip in filters.chips()]
    return {
        **context,
        "items": card_views(cards, title_language_of(request)),
        "count": count,
        "chips": chips,
        "pages": pages,
        "sort": filters.sort,
        "is_page_empty": not cards and count > 0,
    }, 200


def _with(params: QueryDict, **changes: str) -> QueryDict:
    """A copy with `changes`; "" takes a parameter away. A changed view or filter starts at page 1."""
    copy = params.copy()
    copy.pop("page", None)
    for name, value in changes.items():
        copy.pop(name, None)
        if value:
            copy[name] = value
    return copy


def _without(params: QueryDict, chip: Chip) -> QueryDict:
    """A copy without the value of `chip`, also when it stands in a comma-separated list."""
    copy = _with(params)
    parts = [part.strip() for value in copy.pop(chip.name, []) for part in value.split(",")] if chip.name != "q" else []
    if kept := [part for part in parts if part and part != chip.value]:
        copy.setlist(chip.name, kept)
    return copy


def choices(request: HttpRequest, params: QueryDict) -> dict[str, Any]:
    """What the filter form offers, with what is chosen."""
    facets = browse_facets()
    adult = sees_adult(request.user)
    return {
        "params": params,
        "label_groups": [
            {
                "name": "genre",
                "title": gettext("Genres"),
                "options": list(_labels(facets.genres, params, "genre", adult=adult)),
            },
            {
                "name": "tag",
                "title": gettext("Tags"),
                "options": list(_labels(facets.tags, params, "tag", adult=adult)),
            },
        ],
        "choice_groups": [
            _choice(params, "type", gettext("Type"), AnimeKind.choices),
            _choice(params, "status", gettext("Status"), AnimeStatus.choices),
            _choice(params, "season", gettext("Season"), SeasonName.choices),
            _choice(params, "source", gettext("Source"), AnimeSource.choices),
            _choice(params, "age_rating", gettext("Age rating"), AgeRating.choices),
        ],
        "facets": facets,
        "studios": _chosen(params, "studio"),
        "sorts": [(name, sort.label) for name, sort in SORTS.items()],
        "offers_adult": adult,
    }


def _chosen(params: QueryDict, name: str) -> list[str]:
    return [part.strip() for value in params.getlist(name) for part in value.split(",") if part.strip()]


def _labels(labels: Any, params: QueryDict, name: str, *, adult: bool) -> Iterator[dict[str, Any]]:
    wanted, unwanted = _chosen(params, name), _chosen(params, f"{name}_not")
    for label in labels:
        if adult or not label.is_adult:
            yield {"label": label, "is_wanted": label.slug in wanted, "is_unwanted": label.slug in unwanted}


def _choice(params: QueryDict, name: str, title: str, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    chosen = _chosen(params, name)
    options = [
        {"value": value, "text": text, "is_chosen": value in chosen} for value, text in pairs if value != "unknown"
    ]
    return {"name": name, "title": title, "options": options, "is_open": bool(chosen) or name in ("type", "status")}
