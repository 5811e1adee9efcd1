"""One entry of the own list: the menu on an anime's page, a row of the list, "+1", and the editor of all fields."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from catalog.facade import anime_cards, anime_get_visible, card_view
from core.errors import DomainError, ValidationFailed
from core.site.preferences import title_language_of
from lists import services
from lists.access import entries_of
from lists.models import EntryStatus, ListEntry
from lists.models.entries import NOTES_TYPED
from lists.pages.entry_forms import (
    ALL_FIELDS,
    MENU_FIELDS,
    ROW_FIELDS,
    fields_read,
    state_of,
    texts_of,
    wanted_of,
    was_of,
)
from lists.pages.entry_rows import row_html
from lists.pages.list_menu import list_menu_html
from lists.pages.returns import done, is_partial, next_of, refused, toast_html, triggering
from lists.selectors.preferences import preferences_of
from lists.services.checks import changes_check
from lists.services.states import EntryState

UNSET = "none"
PLACES = ("row", "menu")
"""Where the editor was opened from, and what is therefore drawn anew when it was saved."""


@login_required
@require_POST
def entry_save(request: HttpRequest, anime_id: int) -> HttpResponseBase:
    """The list menu's form; status "none" takes the anime off the list. htmx gets the menu back, a plain form the page."""
    if request.POST.get("status") == UNSET:
        activity = services.entry_remove(user=request.user, anime_id=anime_id)
    else:
        score_format = preferences_of(request.user).score_format
        wanted = wanted_of(request.POST, score_format=score_format, names=MENU_FIELDS)
        activity = services.entry_set(user=request.user, anime_id=anime_id, **_said(wanted)).activity
    text = _("Saved") if activity else ""
    return _menu_answer(request, anime_id, text, undo_address(activity))


@login_required
@require_POST
def entry_row_save(request: HttpRequest, anime_id: int) -> HttpResponseBase:
    """Status and score of a row. htmx gets the row back (a changed number is saved without), a plain form the list."""
    try:
        score_format = preferences_of(request.user).score_format
        wanted = wanted_of(request.POST, score_format=score_format, names=ROW_FIELDS)
        saved = services.entry_set(user=request.user, anime_id=anime_id, must_exist=True, **_said(wanted))
    except DomainError as error:
        return refused(request, error)
    undo = undo_address(saved.activity)
    if not is_partial(request):
        return done(request, _("Saved"), undo=undo)
    html = row_html(request, request.user, anime_id)
    return HttpResponse(html + (toast_html(request, _("Saved"), undo=undo, place="row") if undo else ""))


@login_required
@require_POST
def entry_next(request: HttpRequest, anime_id: int) -> HttpResponseBase:
    """Count one more episode. `expected` names the one that was shown on the button: a second press counts nothing."""
    raw = request.POST.get("expected", "")
    expected = int(raw) if raw.isascii() and raw.isdigit() and len(raw) <= 6 else None
    try:
        counted = services.episode_next(user=request.user, anime_id=anime_id, expected=expected)
    except DomainError as error:
        return refused(request, error)
    text = _("Episode %(number)s counted") % {"number": counted.episode_number}
    if counted.state.status == EntryStatus.COMPLETED:
        text = _("Episode %(number)s counted: completed") % {"number": counted.episode_number}
    undo = undo_address(counted.activity)
    if not is_partial(request):
        return done(request, text, undo=undo)
    if request.POST.get("place") == "menu":
        return _menu_answer(request, anime_id, text if undo else "", undo, is_open=True)
    html = row_html(request, request.user, anime_id)
    return HttpResponse(html + (toast_html(request, text, undo=undo, place="row") if undo else ""))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def entry_edit(request: HttpRequest, anime_id: int) -> HttpResponseBase:
    """All fields of an entry: a page, or the inside of a dialog for htmx. What is not right answers 422 with what was typed."""
    anime_get_visible(request.user, anime_id)
    entry = entries_of(request.user, request.user).filter(anime_id=anime_id).first()
    if request.method != "POST":
        return _editor(request, anime_id, entry)
    try:
        if request.POST.get("delete"):
            activity = services.entry_remove(user=request.user, anime_id=anime_id)
        else:
            wanted = _all_wanted(request, entry)
            activity = services.entry_set(user=request.user, anime_id=anime_id, **_said(wanted)).activity
    except ValidationFailed as error:
        return _editor(request, anime_id, entry, typed=request.POST, wrong=error.extra["fields"])
    return _edited(request, anime_id, undo_address(activity), is_gone=bool(request.POST.get("delete")))


def undo_address(activity: Any) -> str:
    """Where to POST to take a change back; "" when nothing changed."""
    return reverse("history-undo", args=[activity.pk]) if activity else ""


def _said(wanted: dict[str, Any]) -> dict[str, Any]:
    """Without a status that was left open: a new entry is planned then, another keeps its own."""
    return {name: value for name, value in wanted.items() if name != "status" or value}


def _all_wanted(request: HttpRequest, entry: ListEntry | None) -> dict[str, Any]:
    """What the editor sent. Raises `ValidationFailed` with all that is wrong, what the services would refuse included."""
    wanted, wrong = fields_read(request.POST, score_format=preferences_of(request.user).score_format)
    if not wrong:
        return wanted
    try:
        changes_check(_said(wanted), before=state_of(entry), episode_count=entry.anime.episode_count if entry else None)
    except ValidationFailed as error:
        wrong = {**error.extra["fields"], **wrong}
    raise ValidationFailed(wrong)


def _edited(request: HttpRequest, anime_id: int, undo: str, *, is_gone: bool) -> HttpResponseBase:
    text = _("Taken off the list") if is_gone else _("Saved")
    place = request.POST.get("place", "")
    if not is_partial(request) or place not in PLACES:
        return done(request, text, undo=undo)
    toast = toast_html(request, text, undo=undo, place=place)
    if place == "menu":
        response = HttpResponse(list_menu_html(request, anime_id=anime_id) + toast)
        response["HX-Retarget"], response["HX-Reswap"] = "#list-menu", "outerHTML"
    else:
        response = HttpResponse(row_html(request, request.user, anime_id) + toast)
        response["HX-Retarget"] = f"#entry-{anime_id}"
        response["HX-Reswap"] = "delete" if is_gone else "outerHTML"
    return triggering(response, lists_saved=anime_id)


def _menu_answer(
    request: HttpRequest, anime_id: int, text: str, undo: str, *, is_open: bool = False
) -> HttpResponseBase:
    if not is_partial(request):
        return redirect("anime", anime_id=anime_id)
    html = list_menu_html(request, anime_id=anime_id, is_open=is_open)
    return HttpResponse(html + (toast_html(request, text, undo=undo, place="menu") if text else ""))


def _editor(
    request: HttpRequest,
    anime_id: int,
    entry: ListEntry | None,
    *,
    typed: QueryDict | None = None,
    wrong: dict[str, list[str]] | None = None,
) -> HttpResponse:
    """The form with the entry as it stands, or with what was `typed` and what is `wrong` in it (422)."""
    score_format = preferences_of(request.user).score_format
    texts = texts_of(state_of(entry) or EntryState(), score_format)
    if typed is not None:
        texts = {name: typed.get(name, "") for name in ALL_FIELDS}
        was = typed.get("was", "")
    else:
        was = was_of(texts if entry else {**texts, "status": ""}, ALL_FIELDS)
    card = anime_cards(request.user, [anime_id]).get(anime_id)
    place = request.POST.get("place") or request.GET.get("place") or ""
    context = {
        "anime_id": anime_id,
        "item": card_view(card, title_language_of(request)) if card else None,
        "total": (card or {}).get("episode_count"),
        "entry": entry,
        "texts": texts,
        "was": was,
        "wrong": wrong or {},
        "score_format": score_format,
        "statuses": EntryStatus.choices,
        "notes_limit": max(NOTES_TYPED, len(entry.notes) if entry else 0),
        "place": place if place in PLACES else "",
        "next": next_of(request, reverse("anime", args=[anime_id])),
    }
    template = "lists/partials/entry_form.html" if is_partial(request) else "lists/entry.html"
    return render(request, template, context, status=422 if wrong else 200)
