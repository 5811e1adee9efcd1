"""The library's files: what was not recognised, what it may be, scans, the recycle bin. For keepers alone."""

import json
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.facade import User
from catalog.facade import AnimeKind, AnimeOutline, Pages, anime_outlines, page_number, pages_of, titles_search
from core.errors import DomainError, ValidationFailed
from downloads.library.deciding import file_assign, file_forget_decision, file_ignore
from downloads.library.jobs import scan_request
from downloads.library.listing import Scanning, file_get, files_in, scanning
from downloads.library.restoring import file_restore
from downloads.library.selectors import files_counts
from downloads.models import FileState, LibraryFile
from downloads.pages.files_lines import KINDS, episode_words, file_lines, scan_counts
from downloads.pages.staff import staff_page
from downloads.placing.recycling import Recycled, recycled_list

PAGE = 20
FOUND = 8
"""So many anime are offered for a search."""
RECYCLED = "recycled"
KIND_LABELS = dict(AnimeKind.choices)
_TABS = (
    (FileState.UNMATCHED.value, gettext_lazy("Not recognised")),
    (FileState.MATCHED.value, gettext_lazy("Known")),
    (FileState.IGNORED.value, gettext_lazy("Ignored")),
    (FileState.BROKEN.value, gettext_lazy("Cannot be read")),
    (FileState.GONE.value, gettext_lazy("Gone")),
    (RECYCLED, gettext_lazy("Recycle bin")),
)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
@staff_page()
def files_page(request: HttpRequest) -> HttpResponse:
    """`?state=`, `q`, `page`. For htmx only the list."""
    asked = request.GET.get("state", "")
    state = asked if asked in dict(_TABS) else FileState.UNMATCHED.value
    q, page = request.GET.get("q", "").strip()[:200], page_number(request.GET)
    here = reverse("downloads-files")
    kept = {"state": state} | ({"q": q} if q else {})
    context: dict[str, Any] = {"state": state, "q": q, "next": f"{here}?{urlencode({**kept, 'page': page})}"}
    if state == RECYCLED:
        context |= _recycled(page, q)
    else:
        rows = files_in(state, q=q)
        found = rows.count()
        page = min(page, max(1, -(-found // PAGE)))
        context |= {"lines": file_lines(list(rows[(page - 1) * PAGE : page * PAGE])), "count": found, "page": page}
    context["pages"] = _pages(here, kept, context["page"], context["count"])
    context["kinds"] = KINDS
    if request.headers.get("HX-Request") == "true":
        return render(request, "downloads/partials/files_list.html", context)
    return render(request, "downloads/files.html", context | _scan_context() | _tabs(state))


def _recycled(page: int, q: str) -> dict[str, Any]:
    found: list[Recycled] = []
    error = ""
    try:
        words = q.casefold().split()
        found = [one for one in recycled_list() if all(word in one.path.casefold() for word in words)]
    except DomainError as refused:
        error = str(refused.detail or refused.title)
    page = min(page, max(1, -(-len(found) // PAGE)))
    return {"recycled": found[(page - 1) * PAGE : page * PAGE], "count": len(found), "page": page, "error": error}


def _pages(here: str, kept: dict[str, str], page: int, count: int) -> Pages:
    return pages_of(
        current=page, count=count, size=PAGE, href=lambda number: f"{here}?{urlencode({**kept, 'page': number})}"
    )


def _tabs(state: str) -> dict[str, Any]:
    counts: dict[str, int | None] = {**files_counts(), RECYCLED: None}
    return {"tabs": [(name, label, counts[name], name == state) for name, label in _TABS]}


def _scan_context(found: Scanning | None = None) -> dict[str, Any]:
    found = found or scanning()
    return {
        "scan": found,
        "scan_percent": round(found.progress) if found.progress is not None else None,
        "scan_counts": scan_counts(found.running or found.last),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@staff_page()
def files_scan(request: HttpRequest) -> HttpResponse:
    """Posted, a scan is asked for. For htmx how far it is, asked again every two seconds until it is done."""
    is_part = request.headers.get("HX-Request") == "true"
    if request.method == "POST":
        scan_request(cast(User, request.user), is_sure=request.POST.get("sure") == "1")
        if not is_part:
            messages.success(request, _("The library is being read."))
    if not is_part:
        return redirect("downloads-files")
    found = scanning()
    # Whoever watched a scan to its end gets the counts of the tabs anew, and a way to what is new.
    has_ended = request.method != "POST" and not found.is_busy
    context = _scan_context(found) | {"has_ended": has_ended}
    if has_ended:
        context |= _tabs(request.GET.get("state", ""))
    return render(request, "downloads/partials/files_scan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@vary_on_headers("HX-Request")
@staff_page()
def file_page(request: HttpRequest, file_id: int) -> HttpResponse:
    """One file and a search of anime by `?title=`; for htmx only what is found. Posted, it is decided what the file is."""
    file = file_get(file_id)
    if request.method == "POST":
        return _file_decide(request, file)
    is_part = request.headers.get("HX-Request") == "true"
    title = request.GET.get("title", "" if is_part else str(file.parsed.get("title", ""))).strip()[:200]
    context = _file_context(request, file) | {"title": title, "found": _titles(title)}
    return render(request, "downloads/partials/files_titles.html" if is_part else "downloads/files_one.html", context)


def _file_context(request: HttpRequest, file: LibraryFile) -> dict[str, Any]:
    (line,) = file_lines([file])
    return {"line": line, "kinds": KINDS, "next": _next(request.GET.get("next", ""))}


def _titles(title: str) -> list[tuple[AnimeOutline, str]]:
    """What a search of the catalogue finds, best first, with the kind in words."""
    hits = titles_search(title, limit=FOUND, include_adult=True, include_hidden=True) if title else []
    outlines = anime_outlines([hit.anime_id for hit in hits]) if hits else {}
    found = (outlines[hit.anime_id] for hit in hits if hit.anime_id in outlines)
    return [(one, str(KIND_LABELS.get(one.kind, one.kind))) for one in found]


def _file_decide(request: HttpRequest, file: LibraryFile) -> HttpResponse:
    """Do what the form says. For htmx the line with what became of it; else back, with the same words and a way to undo."""
    is_part = request.headers.get("HX-Request") == "true"
    form, error, words = request.POST, "", ""
    try:
        words = _decide(cast(User, request.user), file, form)
    except DomainError as refused:
        error = _error_words(refused)
    now = file_get(file.pk)
    if is_part:
        return _line_again(request, now, words, error)
    if error:
        messages.error(request, error)
    else:
        undo = f"undo:{reverse('downloads-file-undo', args=[now.pk])}" if now.matched_by == "person" else ""
        messages.success(request, words, extra_tags=undo)
    return redirect(_next(form.get("next", "")))


def _decide(actor: User, file: LibraryFile, form: QueryDict) -> str:
    """Assign (a button with the anime's id was pressed), ignore or forget; what was done in words."""
    said = {"name": file.path.rpartition("/")[2]}
    if form.get("do") == "ignore":
        file_ignore(actor=actor, file=file)
        return _("Ignored: %(name)s.") % said
    if form.get("do") == "forget":
        file_forget_decision(actor=actor, file=file)
        return _("Taken back: %(name)s.") % said
    anime_id, first = _number(form, "anime_id"), _number(form, "first")
    if anime_id is None or first is None:
        raise ValidationFailed({"first": [_("Say which anime it is, and which episode.")]})
    kind, last = form.get("kind", "regular"), _number(form, "last")
    row = file_assign(actor=actor, file=file, anime_id=anime_id, kind=kind, first=first, last=last)
    outline = anime_outlines([anime_id])[anime_id]
    return _("Known now: %(title)s, %(episode)s.") % {"title": outline.title, "episode": episode_words(row)}


def _line_again(request: HttpRequest, file: LibraryFile, words: str, error: str) -> HttpResponse:
    (line,) = file_lines([file])
    next_page = _next(request.POST.get("next", ""))
    context = {"line": line, "kinds": KINDS, "next": next_page, "error": error, "is_new": True}
    answer = render(request, "downloads/partials/files_line.html", context)
    toast = {"text": error or words, "kind": "error" if error else "success"}
    answer["HX-Trigger"] = json.dumps({"site:toast": toast})
    return answer


@require_POST
@never_cache
@staff_page()
def file_undo(request: HttpRequest, file_id: int) -> HttpResponse:
    """Take back what a person said of a file: the button of a message."""
    file_forget_decision(actor=cast(User, request.user), file=file_get(file_id))
    messages.success(request, _("Taken back."))
    return redirect("downloads-files")


@require_POST
@never_cache
@staff_page()
def files_recycled(request: HttpRequest, name: str) -> HttpResponse:
    """Put a file of the recycle bin back where it was."""
    try:
        path = file_restore(actor=cast(User, request.user), name=name)
        messages.success(request, _("Back in its place: %(path)s.") % {"path": path})
    except DomainError as refused:
        if refused.status == 404:
            raise
        messages.error(request, _error_words(refused))
    return redirect(f"{reverse('downloads-files')}?state={RECYCLED}")


def _next(wanted: str) -> str:
    """Where to go back to: a page of this list."""
    here = reverse("downloads-files")
    is_ours = wanted == here or wanted.startswith(f"{here}?")
    return wanted if is_ours and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else here


def _number(form: QueryDict, name: str) -> int | None:
    text = form.get(name, "").strip()
    if text and not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise ValidationFailed({name: [_("A whole number.")]})
    return int(text) if text else None


def _error_words(refused: DomainError) -> str:
    fields = (refused.extra or {}).get("fields") or {}
    said = [str(message) for texts in fields.values() for message in texts]
    return " ".join(said) or str(refused.detail or refused.title)
