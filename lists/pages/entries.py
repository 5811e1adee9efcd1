"""The list menu's form."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from core.errors import ValidationFailed
from lists import services
from lists.slots import list_menu_html

UNSET = "none"


@login_required
@require_POST
def entry_save(request: HttpRequest, anime_id: int) -> HttpResponseBase:
    """Status and score of one anime; status "none" takes it off the list. htmx gets the menu back, a plain form the page."""
    status, score = request.POST.get("status", ""), request.POST.get("score")
    if status == UNSET:
        services.entry_remove(user=request.user, anime_id=anime_id)
    else:
        changes = {} if score is None else {"score": _percent(score)}
        services.entry_set(user=request.user, anime_id=anime_id, **({"status": status} if status else {}), **changes)
    if getattr(request, "htmx", False):
        return HttpResponse(list_menu_html(request, anime_id=anime_id))
    return redirect("anime", anime_id=anime_id)


def _percent(raw: str) -> int | None:
    """ "" takes the score away; otherwise 0–100. Raises `ValidationFailed`."""
    if raw == "":
        return None
    if not raw.isascii() or not raw.isdigit() or len(raw) > 3:
        raise ValidationFailed({"score": ["A whole number from 0 to 100."]})
    return int(raw)
