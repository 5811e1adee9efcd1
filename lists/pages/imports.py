"""The wizard that brings a list in: upload, look through, choose a rule, apply, report, undo."""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.facade import User
from catalog.facade import page_number, pages_of
from core.errors import DomainError, ValidationFailed
from core.site.preferences import time_zone_of, title_language_of
from core.throttles import throttle_check, throttle_key
from lists.exporting import FORMATS
from lists.importing.rules import SKIP
from lists.limits import IMPORT_UPLOADS
from lists.models import ImportRule, ImportState, ListImport, ListImportRow, RowOutcome
from lists.pages.import_lines import LineView, line_views
from lists.selectors.imports import ImportShown, import_get, import_rows, imports_of, imports_shown
from lists.selectors.preferences import preferences_of
from lists.services import imports as services
from lists.services.import_reading import candidates_complete

HISTORY = 30
LINES = 50
TABS = (
    (RowOutcome.CONFLICT, "shield-alert", gettext_lazy("Conflicts")),
    (RowOutcome.UNKNOWN, "circle-help", gettext_lazy("Unknown titles")),
    (RowOutcome.CHANGED, "pencil", gettext_lazy("Changed")),
    (RowOutcome.NEW, "plus", gettext_lazy("New")),
    (RowOutcome.SAME, "check", gettext_lazy("The same")),
    (RowOutcome.ERROR, "circle-x", gettext_lazy("Not taken")),
)
RULES = (
    (ImportRule.NEWEST, gettext_lazy("Newest"), gettext_lazy("Whichever was changed last counts, as a whole.")),
    (
        ImportRule.HIGHEST,
        gettext_lazy("Furthest along"),
        gettext_lazy("Whoever has seen more brings the progress; other differences stay mine."),
    ),
    (ImportRule.MINE, gettext_lazy("Mine"), gettext_lazy("What both say stays mine. The file fills the gaps.")),
    (ImportRule.THEIRS, gettext_lazy("The file’s"), gettext_lazy("The file counts. What it leaves empty stays mine.")),
)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def imports_page(request: HttpRequest) -> HttpResponse:
    """The upload, how to get a file from each site, and what was brought before."""
    user, error = cast(User, request.user), ""
    if request.method == "POST":
        try:
            return redirect("settings_import", id=_upload(request).pk)
        except DomainError as refused:
            error = str(refused.detail or refused.title)
    shown = imports_shown(imports_of(user, limit=HISTORY))
    context = {
        "imports": shown,
        "error": error,
        "formats": FORMATS.values(),
        "chosen": request.POST.get("format", "auto"),
    }
    with timezone.override(time_zone_of(request)):
        return render(request, "lists/imports/index.html", context, status=422 if error else 200)


def _upload(request: HttpRequest) -> ListImport:
    throttle_check(IMPORT_UPLOADS, throttle_key(IMPORT_UPLOADS, request))
    file = request.FILES.get("file")
    if file is None:
        raise ValidationFailed({"file": [_("Choose a file.")]}, _("Choose a file first."))
    wanted = request.POST.get("format", "auto")
    return services.import_start(
        user=cast(User, request.user),
        file=file,
        file_name=file.name or "",
        format=wanted if wanted in FORMATS else "auto",
    )


@require_GET
@never_cache
@login_required
def import_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """One import at the step that it has come to."""
    user = cast(User, request.user)
    shown = imports_shown([import_get(user, id)])[0]
    context: dict[str, Any] = {
        "shown": shown,
        "import": shown.row,
        "steps": _steps(shown),
        "format_label": FORMATS[shown.row.format].label if shown.row.format in FORMATS else "",
        "has_takeable": any(count for name, count in _tallies(shown.row) if name != RowOutcome.ERROR),
    }
    if shown.is_kept and not shown.is_working:
        context |= _lines(request, user, shown.row)
    if shown.state == ImportState.PREVIEWED:
        context |= {"rules": _rules(shown.row), "own_choices": import_rows(shown.row).exclude(choice="").count()}
    with timezone.override(time_zone_of(request)):
        return render(request, "lists/imports/import.html", context)


def _steps(shown: ImportShown) -> list[dict[str, Any]]:
    """The three steps on top of the page; `is_now` marks the one that the import has come to."""
    now = {"reading": 0, "failed": 0, "previewed": 1}.get(shown.state, 2)
    names = (_("Upload"), _("Look through"), _("Done"))
    return [{"name": name, "is_done": place < now, "is_now": place == now} for place, name in enumerate(names)]


def _tallies(found: ListImport) -> list[tuple[str, int]]:
    """How many lines came out how."""
    return [(outcome.value, found.counts.get(outcome.value, 0)) for outcome, *_words in TABS]


def _rules(found: ListImport) -> list[dict[str, Any]]:
    tallies = found.counts.get("rules", {})
    return [
        {
            "value": rule.value,
            "name": name,
            "words": words,
            "is_chosen": rule == found.rule,
            **tallies.get(rule.value, {}),
        }
        for rule, name, words in RULES
    ]


def _lines(request: HttpRequest, user: User, found: ListImport) -> dict[str, Any]:
    tabs = [(outcome, icon, name, found.counts.get(outcome.value, 0)) for outcome, icon, name in TABS]
    first = next((outcome.value for outcome, *_, count in tabs if count), RowOutcome.NEW.value)
    asked = request.GET.get("outcome", first)
    outcome = asked if asked in RowOutcome.values else first
    current = page_number(request.GET)
    count = found.counts.get(outcome, 0)
    path = reverse("settings_import", args=[found.pk])
    rows = list(import_rows(found, outcome=outcome)[(current - 1) * LINES : current * LINES])
    candidates_complete(user=user, rows=rows)
    return {
        "lines": _views(request, rows),
        "outcome": outcome,
        "tabs": [
            {"value": value, "icon": icon, "name": name, "count": number, "href": f"{path}?outcome={value}#lines"}
            for value, icon, name, number in tabs
        ],
        "pages": pages_of(
            current=current, count=count, size=LINES, href=lambda n: f"{path}?outcome={outcome}&page={n}#lines"
        ),
    }


def _views(request: HttpRequest, rows: list[ListImportRow]) -> list[LineView]:
    user = cast(User, request.user)
    score_format = preferences_of(user).score_format
    return line_views(user, rows, language=title_language_of(request), score_format=score_format)


@require_GET
@never_cache
@login_required
def import_status(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """The bar while a job works; htmx asks every second, and loads the page anew once the job is done."""
    shown = imports_shown([import_get(cast(User, request.user), id)])[0]
    response = render(request, "lists/imports/partials/progress.html", {"shown": shown, "import": shown.row})
    if not shown.is_working:
        response.headers["HX-Refresh"] = "true"
    return response


@require_POST
@login_required
def import_row_save(request: HttpRequest, id: uuid.UUID, position: int) -> HttpResponse:
    """What becomes of one line: `choice`, or `title` (an anime's id, "new", "skip"). htmx gets the line back."""
    found = import_get(cast(User, request.user), id)
    row = services.row_choose(list_import=found, position=position, **_wanted(request))
    if getattr(request, "htmx", False):
        line = _views(request, [row])[0]
        return render(request, "lists/imports/partials/line.html", {"line": line, "import": found, "is_open": True})
    return redirect(f"{reverse('settings_import', args=[id])}?outcome={row.outcome}#line-{row.position}")


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """Arguments for `row_choose`. Raises `ValidationFailed`."""
    title = request.POST.get("title")
    if title is None:
        return {"choice": request.POST.get("choice", "")}
    if title in ("new", SKIP):
        return {"choice": SKIP if title == SKIP else "", "anime_id": None, "is_anime_said": True}
    if not title.isascii() or not title.isdigit() or len(title) > 9:
        raise ValidationFailed({"title": [_("Choose one of the titles.")]})
    return {"choice": "", "anime_id": int(title), "is_anime_said": True}


def _act(request: HttpRequest, id: uuid.UUID, act: Callable[[ListImport], object]) -> HttpResponse:
    """Do something with an import of the caller's; what is refused is said on its page."""
    try:
        act(import_get(cast(User, request.user), id))
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, str(error.title))
    return redirect("settings_import", id=id)


@require_POST
@login_required
def import_apply(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Apply under the chosen rule, or go on with what stopped half-way."""
    rule = request.POST.get("rule", "")
    if rule not in ImportRule.values:
        raise ValidationFailed({"rule": [_("Choose a rule.")]})
    return _act(request, id, lambda found: services.import_apply(list_import=found, rule=rule))


@require_POST
@login_required
def import_undo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Take it back, or go on with what stopped half-way."""
    return _act(request, id, lambda found: services.import_undo(list_import=found))


@require_POST
@login_required
def import_discard(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Forget it; the list stays as it is."""
    try:
        services.import_discard(list_import=import_get(cast(User, request.user), id))
    except DomainError as error:
        if error.status == 404:
            raise
        messages.error(request, str(error.title))
        return redirect("settings_import", id=id)
    return redirect("settings_imports")
