"""The queue: how it stands, what runs, waits and is over, and everything that can be done with it. For keepers alone."""

import json
import uuid
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.facade import User
from catalog.facade import Pages, page_number, pages_of
from core.errors import DomainError, NotFound, ValidationFailed
from core.health.registry import NoAnswer, answer_within
from core.health.report import report_make
from downloads.access import get_download
from downloads.configuration.store import configuration
from downloads.health import waits_surely
from downloads.models import Download, DownloadState, Priority, QueueMode
from downloads.pages.queue_health import health_lines
from downloads.pages.queue_lines import queue_lines, speed_words
from downloads.pages.queue_moves import MOVES, download_shift
from downloads.pages.staff import staff_page
from downloads.placing.space import space_free
from downloads.queue.control import ACTIONS, download_delete, download_set_priority, queue_set_mode
from downloads.queue.selectors import QueueFigures, downloads_live, downloads_over, queue_figures
from downloads.serving.tickets import ticket_issue

LIVE_PAGE, OVER_PAGE = 50, 20
MODES = {"start": QueueMode.RUNNING, "stop": QueueMode.STOPPED, "pause": QueueMode.PAUSED}
PRIORITIES = {"low": Priority.LOW, "normal": Priority.NORMAL, "high": Priority.HIGH}
OVER = (DownloadState.DONE, DownloadState.FAILED, DownloadState.CANCELLED)
WAITS = {
    "quiet_hours": gettext_lazy("Quiet hours: nothing is fetched now."),
    "disk_full": gettext_lazy("The disk is full: nothing starts until there is room."),
    "folder_unavailable": gettext_lazy("The folder for downloads cannot be used. Is its disk connected?"),
}
SAID = {
    "pause": gettext_lazy("Paused: %(name)s."),
    "resume": gettext_lazy("Goes on: %(name)s."),
    "retry": gettext_lazy("Tried again: %(name)s."),
    "cancel": gettext_lazy("Cancelled: %(name)s."),
    "delete": gettext_lazy("Deleted: %(name)s."),
    "priority": gettext_lazy("Priority changed: %(name)s."),
    "move": gettext_lazy("Moved: %(name)s."),
}
_MODES_SAID = {
    "start": gettext_lazy("The queue is running."),
    "stop": gettext_lazy("The queue has stopped: what runs comes to its end."),
    "pause": gettext_lazy("The queue is paused, and what ran with it."),
}


@require_safe
@never_cache
@vary_on_headers("HX-Request", "HX-Target")
@staff_page()
def queue_page(request: HttpRequest) -> HttpResponse:
    """`?queue=` page of what waits, `over` a state and `page` of what is over, `health` to look at the site's parts.

    For htmx only the part that it asks for.
    """
    target = request.headers.get("HX-Target", "") if request.headers.get("HX-Request") == "true" else ""
    if target == "queue-health":
        return render(request, "downloads/partials/queue_health.html", {"health": health_lines(report_make())})
    if target == "queue":
        return render(request, "downloads/partials/queue_whole.html", _context(request))
    context = _context(request)
    if request.GET.get("health"):
        context["health"] = health_lines(report_make())
    return render(request, "downloads/queue.html", context)


def _context(request: HttpRequest) -> dict[str, Any]:
    figures, over = queue_figures(), _over_state(request.GET)
    live_page, over_page = _number(request.GET, "queue"), _number(request.GET, "page")
    live = list(_piece(downloads_live(), live_page, LIVE_PAGE))
    done = list(_piece(downloads_over().filter(state=over) if over else downloads_over(), over_page, OVER_PAGE))
    lines = queue_lines(request, [*live, *done])
    counts = {state: getattr(figures, state) for state in OVER}
    waits = waits_surely()
    return {
        "figures": figures,
        "chips": _chips(figures),
        "speed": speed_words(figures.speed),
        "free": _free_words(),
        "waits": WAITS.get(waits, waits),
        "groups": [
            (state, state.label, [lines[one.pk] for one in live if one.state == state])
            for state in (DownloadState.RUNNING, DownloadState.QUEUED, DownloadState.PAUSED)
        ],
        "has_live": bool(live),
        "over_lines": [lines[one.pk] for one in done],
        "over": over,
        "over_tabs": [("", _("All"), sum(counts.values()))]
        + [(str(state), str(state.label), counts[state]) for state in OVER],
        "live_pages": _pages(request, "queue", live_page, figures.running + figures.queued + figures.paused, LIVE_PAGE),
        "over_pages": _pages(request, "page", over_page, counts[over] if over else sum(counts.values()), OVER_PAGE),
        "kept": _kept(request.GET),
    }


def _number(query: QueryDict, name: str) -> int:
    return page_number(QueryDict(urlencode({"page": query.get(name, "")})))


def _piece(rows: Any, page: int, size: int) -> Any:
    return rows.prefetch_related("attempts")[(page - 1) * size : page * size]


def _chips(figures: QueueFigures) -> list[tuple[str, str, int]]:
    shown = (DownloadState.RUNNING, DownloadState.QUEUED, DownloadState.PAUSED, DownloadState.FAILED)
    return [(str(state), str(state.label), getattr(figures, state)) for state in shown]


def _over_state(query: QueryDict) -> DownloadState | None:
    wanted = query.get("over", "")
    return next((state for state in OVER if state == wanted), None)


def _kept(query: QueryDict) -> str:
    """What of the address goes along with every action: which pages one looks at."""
    kept = {name: query[name][:20] for name in ("queue", "over", "page") if query.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _pages(request: HttpRequest, name: str, current: int, count: int, size: int) -> Pages:
    here, kept = reverse("downloads-queue"), QueryDict(_kept(request.GET)[1:]).dict()
    anchor = "#queue-list" if name == "queue" else "#history"
    return pages_of(
        current=current,
        count=count,
        size=size,
        href=lambda number: f"{here}?{urlencode({**kept, name: number})}{anchor}",
    )


def _free_words() -> str:
    """What is free where the library lies; "" when that cannot be asked."""
    try:
        folder = Path(configuration().anime_directory)
        return filesizeformat(answer_within("free", lambda: space_free(folder), 1.0))
    except (OSError, NoAnswer):
        return ""


@require_POST
@never_cache
@staff_page()
def queue_mode_set(request: HttpRequest) -> HttpResponse:
    """`action` start, stop or pause."""
    action = request.POST.get("action", "")
    if action not in MODES:
        return _answer(request, str(NotFound.title), is_well=False)
    queue_set_mode(actor=cast(User, request.user), mode=MODES[action])
    return _answer(request, str(_MODES_SAID[action]))


@require_POST
@never_cache
@staff_page()
def queue_act(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """`action` pause, resume, retry, cancel, delete, priority-low …, top, up, down, or before and after with `other`."""
    download = get_download(request.user, id)
    action, _dash, value = request.POST.get("action", "").partition("-")
    try:
        said = _act(request, download, action, value)
    except DomainError as refused:
        return _answer(request, str(refused.detail or refused.title), is_well=False)
    number = download.episode_number
    return _answer(request, str(SAID[said]) % {"name": f"{download.anime.title} · {number}"})


def _act(request: HttpRequest, download: Download, action: str, value: str) -> str:
    """Do it; which of the sentences says so."""
    actor = cast(User, request.user)
    if action in ACTIONS:
        ACTIONS[action](download=download)
        return action
    if action == "delete":
        download_delete(actor=actor, download=download)
        return action
    if action == "priority" and value in PRIORITIES:
        download_set_priority(download=download, priority=PRIORITIES[value])
        return action
    if action in MOVES:
        download_shift(actor=actor, download=download, to=action, other_id=_other(request.POST))
        return "move"
    raise ValidationFailed({"action": [_("There is no such action.")]})


def _other(form: QueryDict) -> uuid.UUID | None:
    try:
        return uuid.UUID(form.get("other", ""))
    except ValueError:
        return None


def _answer(request: HttpRequest, words: str, *, is_well: bool = True) -> HttpResponse:
    """For htmx the queue as it is now, with a message in the corner; else back to the page, which shows the message."""
    if request.headers.get("HX-Request") == "true":
        answer = render(request, "downloads/partials/queue_whole.html", _context(request))
        kind = "success" if is_well else "error"
        answer["HX-Trigger"] = json.dumps({"site:toast": {"text": words, "kind": kind}})
        return answer
    (messages.success if is_well else messages.error)(request, words)
    return redirect(reverse("downloads-queue") + _kept(request.GET))


@require_POST
@never_cache
@staff_page()
def queue_file(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Issue a ticket for the file and go to it."""
    download = get_download(request.user, id)
    try:
        ticket, _expires = ticket_issue(actor=cast(User, request.user), download=download)
    except DomainError as refused:
        return _answer(request, str(refused.detail or refused.title), is_well=False)
    return redirect(f"{reverse('api-download-file', args=[download.pk])}?{urlencode({'ticket': ticket})}")
