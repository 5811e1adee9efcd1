"""Reporting something (a page that a script opens as a dialog), and what became of one's reports."""

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.facade import User
from catalog.facade import page_number, pages_of
from core.errors import DomainError, NotFound, RateLimited
from core.throttles import Limit, throttle_check, throttle_done, throttle_key
from social.access_reports import Named, Reported, get_reported
from social.errors import WithOneself
from social.limits import EPISODE_REPORTS, REPORT_ATTEMPTS, REPORTS, USER_REPORTS
from social.models import ReportTarget
from social.models.reports import MESSAGE_LENGTH, TRANSLATION_LENGTH
from social.pages.comment_answers import is_fetch
from social.pages.report_views import report_views
from social.selectors.reports import reports_of
from social.services.report_reasons import reasons_for
from social.services.reports import ReportDraft, report_file

PAGE_SIZE = 20
HIGHEST = 2**63 - 1
FIELDS = ("target", "id", "number", "source", "translation", "second")
LIMITS: dict[ReportTarget, Limit] = {
    ReportTarget.USER: USER_REPORTS,
    ReportTarget.POST: REPORTS,
    ReportTarget.COMMENT: REPORTS,
    ReportTarget.COLLECTION: REPORTS,
    ReportTarget.EPISODE: EPISODE_REPORTS,
}


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def report_new(request: HttpRequest) -> HttpResponse:
    """`?target=&id=` (of an episode its anime's id and `number`; `source`, `translation` and `second` of the player).

    A script asks for the form alone (`X-Requested-With: fetch`) and gets 204 when the report is filed.
    """
    given = request.POST if request.method == "POST" else request.GET
    named, actor = named_of(given), cast(User, request.user)
    try:
        found = get_reported(actor, named)
    except WithOneself as error:
        return _form(request, given, named, None, error)
    if request.method != "POST":
        return _form(request, given, named, found)
    try:
        throttle_check(REPORT_ATTEMPTS, throttle_key(REPORT_ATTEMPTS, request))
        with throttle_done(LIMITS[named.target], throttle_key(LIMITS[named.target], request)):
            report_file(actor=actor, named=named, draft=draft_of(given))
    except NotFound:
        raise
    except DomainError as error:
        return _form(request, given, named, found, error)
    if is_fetch(request):
        return HttpResponse(status=204)
    messages.success(request, _("Thank you. You will be told what becomes of it."))
    return redirect(found.path)


@require_safe
@never_cache
@login_required
def my_reports(request: HttpRequest) -> HttpResponse:
    """What one reported, newest first, and what became of it."""
    rows, page = reports_of(cast(User, request.user)), page_number(request.GET)
    pages = pages_of(
        current=page,
        count=rows.count(),
        size=PAGE_SIZE,
        href=lambda number: f"{request.path}?page={number}" if number > 1 else request.path,
    )
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return render(request, "social/reports/mine.html", {"reports": report_views(shown), "pages": pages})


def named_of(given: QueryDict) -> Named:
    """What the address or the form names. Raises `NotFound` for what is no name of anything."""
    try:
        target = ReportTarget(given.get("target", ""))
        if target != ReportTarget.EPISODE:
            return Named(target, id=uuid.UUID(given.get("id", "")))
    except ValueError:
        raise NotFound() from None
    anime_id, number = _whole(given.get("id", "")), _whole(given.get("number", ""))
    if anime_id is None or number is None:
        raise NotFound()
    return Named(target, anime_id=anime_id, number=number, source_id=_whole(given.get("source", "")))


def draft_of(given: QueryDict) -> ReportDraft:
    """What the form says; a second that is none is left out."""
    try:
        second = round(float(given.get("second", "")), 1)
    except ValueError:
        second = None
    return ReportDraft(
        reason=given.get("reason", ""),
        message=given.get("message", "").replace("\r\n", "\n"),
        translation_code=given.get("translation", "")[:TRANSLATION_LENGTH],
        position_seconds=second,
    )


def words_of(error: DomainError) -> str:
    """One sentence of what was refused: of the first field that is wrong, else of the whole."""
    if isinstance(error, RateLimited):
        return _("That were many reports in a short time. Try again later.")
    if "reason" in error.extra.get("fields", {}):
        return _("Choose what is wrong.")
    fields = error.extra.get("fields") or {}
    return str(next((message for texts in fields.values() for message in texts), error.detail or error.title))


def _whole(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if is_number and int(text) <= HIGHEST else None


def _form(
    request: HttpRequest, given: QueryDict, named: Named, found: Reported | None, error: DomainError | None = None
) -> HttpResponse:
    """The form as it was filled in; the dialog's alone for a script. `found` None: nothing can be reported here."""
    context: dict[str, Any] = {
        "found": found,
        "target": named.target,
        "reasons": reasons_for(named.target),
        "reason": given.get("reason", ""),
        "message": given.get("message", ""),
        "message_limit": MESSAGE_LENGTH,
        "kept": [(name, given[name]) for name in FIELDS if given.get(name)],
        "refused": words_of(error) if error else "",
        "is_dialog": is_fetch(request),
    }
    template = "social/reports/form.html" if is_fetch(request) else "social/reports/new.html"
    response = render(request, template, context, status=error.status if error else 200)
    if isinstance(error, RateLimited):
        response["Retry-After"] = error.headers["Retry-After"]
    return response
