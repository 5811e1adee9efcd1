"""The missing board: every kept anime, one anime's episodes, filling, standing orders. For staff alone."""

from collections import Counter
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.facade import User, sees_hidden
from catalog.facade import (
    Pages,
    anime_cards,
    anime_get_visible,
    card_view,
    page_number,
    pages_of,
    translation_languages,
)
from core.errors import DomainError, ValidationFailed
from core.site.preferences import title_language_of
from downloads.configuration.store import configuration
from downloads.missing.counting import SORTS
from downloads.missing.filling import Filled, anime_fill, wish_checked
from downloads.missing.following import follow_remove, follow_set, follows_of
from downloads.missing.selectors import Board, anime_gaps, board, episode_gaps, wish_usual
from downloads.missing.states import REASONS, GapState, Wish
from downloads.models import Priority
from downloads.pages.missing_lines import (
    ICONS,
    KINDS,
    BoardLine,
    Chip,
    board_line,
    filled_words,
    language_name,
    lines_of,
    order_line,
)
from downloads.pages.staff import ADMINS, READERS, may, staff_page

PAGE = 24
QUALITIES = (2160, 1080, 720, 480, 360)
PRIORITIES = {"low": Priority.LOW, "normal": Priority.NORMAL, "high": Priority.HIGH}
SORT_LABELS = (
    ("missing", gettext_lazy("Most missing")),
    ("name", gettext_lazy("Title")),
    ("updated_at", gettext_lazy("Changed last")),
)


@require_safe
@never_cache
@staff_page(READERS)
def missing_board(request: HttpRequest) -> HttpResponse:
    """`?q=`, `sort`, `all` (those that lack nothing too), `page`. For htmx only the results."""
    params = _board_params(request.GET)
    page = page_number(request.GET)
    found = board(
        page,
        PAGE,
        search=params["q"],
        sort=params["sort"],
        order="asc" if params["sort"] == "name" else "desc",
        only_missing=not params["all"] and not params["q"],
        shows_hidden=sees_hidden(request.user),
    )
    here = reverse("downloads-missing")
    kept = {name: value for name, value in params.items() if value and (name, value) != ("sort", "missing")}
    context = {
        "lines": _board_lines(request, found),
        "count": found.count,
        "pages": _pages(here, kept, page, found.count),
        "params": params,
        "sorts": SORT_LABELS,
        "next": f"{here}?{urlencode({**kept, 'page': page})}",
        "may_fill": may(request, ADMINS),
    }
    is_part = request.headers.get("HX-Request") == "true"
    return render(request, "downloads/partials/missing_results.html" if is_part else "downloads/missing.html", context)


def _board_params(query: QueryDict) -> dict[str, str]:
    sort = query.get("sort", "")
    return {
        "q": query.get("q", "").strip()[:200],
        "sort": sort if sort in SORTS else "missing",
        "all": "1" if query.get("all") else "",
    }


def _pages(here: str, kept: dict[str, str], page: int, count: int) -> Pages:
    return pages_of(
        current=page, count=count, size=PAGE, href=lambda number: f"{here}?{urlencode({**kept, 'page': number})}"
    )


def _board_lines(request: HttpRequest, found: Board) -> list[BoardLine]:
    cards, language = anime_cards(request.user, [row.anime_id for row in found.rows]), title_language_of(request)
    return [
        board_line(row, card_view(cards[row.anime_id], language) if row.anime_id in cards else None)
        for row in found.rows
    ]


@require_safe
@never_cache
@staff_page(READERS)
def missing_anime(request: HttpRequest, anime_id: int) -> HttpResponse:
    """Every episode of one anime. `?variant=`, `language`: only this variant counts as present."""
    anime = anime_get_visible(request.user, anime_id)
    if anime.pk != anime_id:
        return redirect("downloads-missing-anime", anime_id=anime.pk)
    return _anime_page(request, anime_id, anime.title)


def _anime_page(request: HttpRequest, anime_id: int, title: str, *, error: str = "") -> HttpResponse:
    values = configuration()
    asked = request.POST if request.method == "POST" else request.GET
    is_chosen = "variant" in asked or "language" in asked
    kind, language = (
        (asked.get("variant", ""), asked.get("language", "")) if is_chosen else (values.variant, values.language)
    )
    try:
        wish = wish_checked(kind, language) if is_chosen else wish_usual()
    except ValidationFailed:
        kind = language = ""
        wish = Wish()
    gaps = episode_gaps(anime_id, wish)
    regular, others = lines_of(gaps)
    states = Counter(line.gap.state for line in regular)
    cards = anime_cards(request.user, [anime_id])
    context = {
        "anime_id": anime_id,
        "title": title,
        "card": card_view(cards[anime_id], title_language_of(request)) if anime_id in cards else None,
        "episodes": regular,
        "others": others,
        "present": states[GapState.PRESENT],
        "percent": states[GapState.PRESENT] * 100 // max(len(regular), 1),
        "fillable": sum(line.gap.is_fillable for line in regular),
        "chips": [Chip(str(one), ICONS[one], f"{one.label}: {states[one]}") for one in REASONS if states[one]],
        "seasons": sorted({gap.season for gap in gaps if gap.season is not None and gap.kind == "regular"}),
        "orders": [order_line(order) for order in follows_of(anime_id)],
        "may_fill": may(request, ADMINS),
        "error": error,
        **_choices(kind, language, values.quality),
    }
    return render(request, "downloads/missing_anime.html", context, status=422 if error else 200)


def _choices(kind: str, language: str, quality: int) -> dict[str, Any]:
    codes = {*translation_languages(), language, configuration().language} - {""}
    return {
        "variant": kind,
        "language": language,
        "quality": quality,
        "kinds": KINDS,
        "languages": sorted(((code, language_name(code)) for code in codes), key=lambda row: row[1].lower()),
        "qualities": sorted({*QUALITIES, quality} - {0}, reverse=True),
        "priorities": [("normal", pgettext("priority", "Normal")), ("high", _("High")), ("low", _("Low"))],
    }


@require_POST
@never_cache
@staff_page(ADMINS)
def missing_fill(request: HttpRequest, anime_id: int) -> HttpResponse:
    """Queue what is missing: `scope` all, season or chosen. Back to the page that asked; htmx gets the anime's line anew."""
    anime = anime_get_visible(request.user, anime_id)
    try:
        filled = _fill(request, anime.pk)
    except DomainError as refused:
        if request.headers.get("HX-Request") == "true":
            raise
        return _anime_page(request, anime.pk, anime.title, error=_error_words(refused))
    words = filled_words(filled)
    if request.headers.get("HX-Request") == "true":
        return _line_again(request, anime.pk, words, is_done=bool(filled.queued))
    (messages.success if filled.queued else messages.info)(request, words)
    return redirect(_next(request, anime.pk))


def _fill(request: HttpRequest, anime_id: int) -> Filled:
    form = request.POST
    scope = form.get("scope", "all")
    episodes = None
    if scope == "chosen":
        episodes = [int(one) for one in form.getlist("episode") if _is_number(one)]
        if not episodes:
            raise ValidationFailed({"episode": [_("Choose at least one episode.")]})
    return anime_fill(
        actor=cast(User, request.user),
        anime_id=anime_id,
        variant_kind=form.get("variant"),
        variant_language=form.get("language"),
        quality=_number(form, "quality"),
        priority=PRIORITIES.get(form.get("priority", ""), Priority.NORMAL),
        season=_number(form, "season") if scope == "season" else None,
        episodes=episodes,
    )


def _line_again(request: HttpRequest, anime_id: int, words: str, *, is_done: bool) -> HttpResponse:
    found = board_of_one(request, anime_id)
    context = {"line": found, "may_fill": True, "next": _next(request, anime_id), "words": words, "is_done": is_done}
    return render(request, "downloads/partials/missing_line_again.html", context)


def board_of_one(request: HttpRequest, anime_id: int) -> BoardLine:
    """The line of one anime as it is now."""
    row = anime_gaps(anime_id, shows_hidden=sees_hidden(request.user))
    cards = anime_cards(request.user, [anime_id])
    return board_line(row, card_view(cards[anime_id], title_language_of(request)) if anime_id in cards else None)


@require_POST
@never_cache
@staff_page(ADMINS)
def missing_follow(request: HttpRequest, anime_id: int) -> HttpResponse:
    """Set a standing order, or with `remove` end the one of this variant."""
    anime = anime_get_visible(request.user, anime_id)
    form = request.POST
    variant = {"variant_kind": form.get("variant", ""), "variant_language": form.get("language", "")}
    try:
        if form.get("remove"):
            follow_remove(anime_id=anime.pk, **variant)
            messages.success(request, _("The standing order has ended."))
        else:
            follow_set(
                actor=cast(User, request.user),
                anime_id=anime.pk,
                quality=_number(form, "quality") or 0,
                first_episode=_number(form, "first_episode") or 1,
                **variant,
            )
            messages.success(request, _("Ordered: every episode is fetched as soon as it exists in this variant."))
    except DomainError as refused:
        return _anime_page(request, anime.pk, anime.title, error=_error_words(refused))
    return redirect(reverse("downloads-missing-anime", args=[anime.pk]) + "#orders")


def _next(request: HttpRequest, anime_id: int) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/"):
        return wanted
    return reverse("downloads-missing-anime", args=[anime_id])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 9


def _number(form: QueryDict, name: str) -> int | None:
    """A whole number of a form, None where nothing is given; raises `ValidationFailed` for anything else."""
    text = form.get(name, "").strip()
    if text and not _is_number(text):
        raise ValidationFailed({name: [_("A whole number.")]})
    return int(text) if text else None


def _error_words(refused: DomainError) -> str:
    fields = (refused.extra or {}).get("fields") or {}
    said = [str(message) for texts in fields.values() for message in texts]
    return " ".join(said) or str(refused.detail or refused.title)
