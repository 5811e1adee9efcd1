"""The own history: what changed and what was seen, by day, with undo; and forgetting it."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from catalog.facade import CardView, card_view
from core.errors import DomainError
from core.site.preferences import time_zone_of, title_language_of
from lists import services
from lists.models import ActivityKind, ChangeSource, ListActivity
from lists.pages.entry_rows import row_html
from lists.pages.history_words import activity_words, batch_words
from lists.pages.list_menu import list_menu_html
from lists.pages.returns import done, is_partial, refused
from lists.selectors.history_lines import HistoryLine, HistoryPage, batch_lines, history_lines, watched_lines
from lists.selectors.preferences import preferences_of


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `item` the anime (None: a batch, or no longer shown), `words` what happened, `when` in the viewer's zone."""

    id: Any
    when: datetime
    item: CardView | None
    words: list[str]
    source: str
    is_batch: bool = False
    is_undone: bool = False
    can_undo: bool = False

    @property
    def source_label(self) -> str:
        return str(ChangeSource(self.source).label) if self.source in ChangeSource.values else self.source


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    lines: list[Line]


@login_required
@require_safe
@never_cache
@vary_on_headers("HX-Request")
def my_history(request: HttpRequest) -> HttpResponse:
    """Changes (or with ?tab=episodes the watched episodes); ?batch= only one batch's; ?after= continues below."""
    tab = "episodes" if request.GET.get("tab") == "episodes" else "changes"
    batch = _batch_of(request)
    found = lines_found(request, tab, batch)
    context = {
        "tab": tab,
        "batch": batch,
        "days": days_of(found.lines),
        "more": _more(tab, batch, found.after),
        "is_further": bool(request.GET.get("after")),
    }
    template = "lists/partials/history_days.html" if is_partial(request) else "lists/history.html"
    with timezone.override(time_zone_of(request)):  # or a time of day in UTC stands under the day of the viewer's zone
        return render(request, template, context)


def lines_found(request: HttpRequest, tab: str, batch: uuid.UUID | None) -> HistoryPage[Line]:
    """One page of lines as they are drawn."""
    after = request.GET.get("after", "")
    zone, language = time_zone_of(request), title_language_of(request)
    score_format = preferences_of(request.user).score_format
    if tab == "episodes":
        seen = watched_lines(request.user, after=after)
        cards = {key: card_view(card, language) for key, card in seen.cards.items()}
        lines = [
            Line(row.pk, row.watched_at.astimezone(zone), cards.get(row.anime_id), [_episode_words(row)], row.source)
            for row in seen.lines
        ]
        return HistoryPage(lines, seen.after, {})
    page = batch_lines(request.user, batch, after=after) if batch else history_lines(request.user, after=after)
    cards = {key: card_view(card, language) for key, card in page.cards.items()}
    return HistoryPage([_line(line, cards, zone, score_format) for line in page.lines], page.after, {})


def _line(line: HistoryLine, cards: dict[int, CardView], zone: Any, score_format: str) -> Line:
    when = line.when.astimezone(zone)
    if line.activity is None:
        is_left = line.undone < line.count and line.source != ChangeSource.IMPORT
        words = [batch_words(line.source, line.count)]
        if line.undone:
            words.append(ngettext("%(count)s undone", "%(count)s undone", line.undone) % {"count": line.undone})
        return Line(line.id, when, None, words, line.source, True, line.undone >= line.count, is_left)
    activity = line.activity
    words = activity_words(activity, score_format)
    is_undone = activity.undone_at is not None
    return Line(line.id, when, cards.get(activity.anime_id), words, activity.source, False, is_undone, not is_undone)


def _episode_words(row: Any) -> str:
    if row.viewing:
        return _("episode %(number)s, time round %(round)s") % {"number": row.episode_number, "round": row.viewing + 1}
    return _("episode %(number)s") % {"number": row.episode_number}


def days_of(lines: Iterable[Line]) -> list[Day]:
    """Lines by the day they happened on, where the viewer is."""
    return [Day(day, list(found)) for day, found in groupby(lines, key=lambda line: line.when.date())]


def _batch_of(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("batch", ""))
    except ValueError:
        return None


def _more(tab: str, batch: uuid.UUID | None, after: str) -> str:
    if not after:
        return ""
    about = f"batch={batch}&" if batch else "tab=episodes&" if tab == "episodes" else ""
    return f"?{about}after={after}"


@login_required
@require_POST
def history_undo(request: HttpRequest, activity_id: uuid.UUID) -> HttpResponseBase:
    """Take one change back. htmx gets what `place` names drawn anew (a row, the menu, the line), a plain form goes back."""
    try:
        activity = services.activity_undo(user=request.user, activity_id=activity_id)
    except DomainError as error:
        return refused(request, error)
    if not is_partial(request):
        return done(request, _("Undone"))
    return _undone(request, activity)


def _undone(request: HttpRequest, activity: ListActivity) -> HttpResponse:
    place = request.POST.get("place", "")
    if place == "menu":
        return HttpResponse(list_menu_html(request, anime_id=activity.anime_id, is_beside=True))
    if place == "row" and activity.kind != ActivityKind.REMOVED:
        return HttpResponse(row_html(request, request.user, activity.anime_id, is_beside=True))
    response = HttpResponse()
    response["HX-Refresh"] = "true"
    messages.success(request, _("Undone"))
    return response


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def history_clear(request: HttpRequest) -> HttpResponseBase:
    """Forget the history of changes, or where one stopped in every episode: asked on a page of its own."""
    if request.method != "POST":
        return render(request, "lists/history_clear.html")
    if request.POST.get("what") == "progress":
        services.progress_clear(user=request.user)
        messages.success(request, _("Watch progress cleared"))
    elif request.POST.get("what") == "changes":
        count = services.activities_clear(user=request.user)
        messages.success(
            request, ngettext("%(count)s line forgotten", "%(count)s lines forgotten", count) % {"count": count}
        )
    return redirect("my-history")
