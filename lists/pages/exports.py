"""The page on which people take their list with them."""

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.facade import User
from core.errors import NotFound
from core.throttles import throttle_check, throttle_key
from lists.exporting import FORMATS, ListFormat
from lists.exporting.answers import export_answer
from lists.limits import EXPORTS
from lists.selectors.exports import ExportOutlook, export_outlooks

_FIELDS: dict[str, str | Promise] = {
    "status": gettext_lazy("status"),
    "score": gettext_lazy("score"),
    "episodes_watched": gettext_lazy("episodes"),
    "rewatch_count": gettext_lazy("rewatches"),
    "started_on": gettext_lazy("start date"),
    "finished_on": gettext_lazy("finish date"),
    "notes": gettext_lazy("notes"),
    "is_private": gettext_lazy("what is private"),
    "is_favourite": gettext_lazy("favourites"),
    "tags": gettext_lazy("tags"),
}


@dataclass(frozen=True, slots=True)
class ShownFormat:
    """A format with what gets lost in it, in words."""

    outlook: ExportOutlook
    losses: list[str]

    @classmethod
    def of(cls, outlook: ExportOutlook) -> "ShownFormat":
        return cls(outlook, losses_of(outlook.format))


def losses_of(format: ListFormat) -> list[str]:
    """What the format cannot say, a phrase each."""
    found = [str(_FIELDS[name]) for name in format.unsaid]
    if format.score_step > 1:
        found.append(_("scores finer than %(steps)s steps") % {"steps": 100 // format.score_step})
    if not format.has_partial_dates and "started_on" in format.said:
        found.append(_("dates without a day"))
    return found


@require_safe
@never_cache
@login_required
def export_page(request: HttpRequest) -> HttpResponse:
    """Every format with what it cannot say and how many entries the site has no anime for."""
    outlooks = export_outlooks(cast(User, request.user))
    context = {"formats": [ShownFormat.of(outlook) for outlook in outlooks], "entries": outlooks[0].entries}
    return render(request, "lists/export.html", context)


@require_safe
@login_required
def export_file(request: HttpRequest, format: str) -> HttpResponseBase:
    """The list in one format. 404 for an unknown one."""
    if format not in FORMATS:
        raise NotFound()
    throttle_check(EXPORTS, throttle_key(EXPORTS, request))
    return export_answer(cast(User, request.user), format)
