"""Many entries of the own list changed at once, and that taken back."""

import uuid
from collections import Counter
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from core.errors import DomainError, ValidationFailed, error_catalogue
from lists.models import ChangeSource
from lists.pages.entry_forms import score_of, tags_read
from lists.pages.returns import done, is_partial, refused
from lists.selectors.preferences import preferences_of
from lists.services.bulk import BulkDone, batch_undo, entries_change

BULK_LIMIT = 500
NO_SCORE = "none"
"""What takes the scores away; an empty field leaves them."""


@login_required
@require_POST
def bulk_edit(request: HttpRequest) -> HttpResponseBase:
    """One change of up to 500 entries; the list then tells how many changed, which were refused, and how to undo it.

    htmx is sent to the list by a header, and a refusal (422) leaves its page as it is: ticks and fields stay.
    """
    try:
        ids = ids_read(request.POST.getlist("anime"))
        changes = changes_read(request.POST, preferences_of(request.user).score_format)
        result = entries_change(user=request.user, anime_ids=ids, source=ChangeSource.SITE, **changes)
    except DomainError as error:
        return refused(request, error)
    undo = reverse("list-bulk-undo", args=[result.batch]) if result.changed else ""
    answer = done(request, result_words(result), undo=undo)
    return HttpResponse(headers={"HX-Redirect": answer["Location"]}) if is_partial(request) else answer


@login_required
@require_POST
def bulk_undo(request: HttpRequest, batch: uuid.UUID) -> HttpResponseBase:
    """Take back what one bulk edit did, where nothing newer stands on it."""
    try:
        result = batch_undo(user=request.user, batch=batch)
    except DomainError as error:
        return refused(request, error)
    words = [ngettext("%(count)s change undone", "%(count)s changes undone", result.undone) % {"count": result.undone}]
    if result.left:
        left = ngettext(
            "%(count)s has been changed since and stays", "%(count)s have been changed since and stay", result.left
        )
        words.append(left % {"count": result.left})
    return done(request, " · ".join(words))


def ids_read(raw: list[str]) -> list[int]:
    """Ids of anime from checkboxes. Raises `ValidationFailed` for none, for more than 500, and for what is no id."""
    if not raw:
        raise ValidationFailed({"anime": [_("Choose some entries first.")]})
    if len(raw) > BULK_LIMIT:
        raise ValidationFailed({"anime": [_("At most %(limit)s entries at once.") % {"limit": BULK_LIMIT}]})
    if not all(text.isascii() and text.isdigit() and len(text) <= 18 for text in raw):
        raise ValidationFailed({"anime": [_("That is no entry.")]})
    return [int(text) for text in raw]


def changes_read(data: QueryDict, score_format: str) -> dict[str, Any]:
    """What `entries_change` takes. Raises `ValidationFailed` when nothing is to be changed or a score is none."""
    if data.get("remove"):
        return {"is_removal": True}
    changes: dict[str, Any] = {}
    if status := data.get("status"):
        changes["status"] = status
    if raw := data.get("score", "").strip():
        try:
            changes["score"] = None if raw == NO_SCORE else score_of(raw, score_format)
        except ValueError as error:
            raise ValidationFailed({"score": [str(error)]}) from error
    for name in ("is_private", "is_favourite"):
        if data.get(name) in ("yes", "no"):
            changes[name] = data[name] == "yes"
    for name in ("add_tags", "remove_tags"):
        try:
            words = tags_read(data.get(name, ""))
        except ValueError as error:
            raise ValidationFailed({name: [str(error)]}) from error
        if words:
            changes[name] = words
    if not changes:
        raise ValidationFailed({"non_field_errors": [_("Choose what to change.")]})
    return changes


def result_words(result: BulkDone) -> str:
    """ "34 entries changed · 2 refused: Not found (2)"."""
    words = [
        ngettext("%(count)s entry changed", "%(count)s entries changed", result.changed) % {"count": result.changed}
    ]
    if result.unchanged:
        words.append(_("%(count)s as before") % {"count": result.unchanged})
    if result.refused:
        titles = error_catalogue()
        reasons = Counter(str(titles[code].title) if code in titles else code for code in result.refused.values())
        listed = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common())
        words.append(_("%(count)s refused: %(reasons)s") % {"count": len(result.refused), "reasons": listed})
    return " · ".join(words)
