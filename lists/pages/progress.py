"""Progress from the watch page: the beacon of a page that is being left, and "remove" on the home page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from catalog.facade import anime_ids_current
from core.errors import ValidationFailed
from lists import services
from lists.api.serializers.progress import ProgressIn


@require_POST
def progress_beacon(request: HttpRequest) -> HttpResponseBase:
    """`navigator.sendBeacon` sends a form with the CSRF token, because a beacon can carry no header. 204, or 401 signed out."""
    if not request.user.is_authenticated:
        return HttpResponse(status=401)
    form = ProgressIn(data=request.POST.dict())
    if not form.is_valid():
        raise ValidationFailed({name: [str(m) for m in messages] for name, messages in form.errors.items()})
    data = form.validated_data
    services.progress_save(
        user=request.user,
        anime_id=data["anime_id"],
        episode_number=data["episode_num"],
        position=data["timecode"],
        duration=data["duration"],
        translation_id=data["translation_id"],
    )
    return HttpResponse(status=204)


@login_required
@require_POST
def progress_remove(request: HttpRequest, anime_id: int) -> HttpResponseBase:
    """Take an anime out of "continue watching". htmx gets an empty answer, a plain form the home page."""
    services.progress_clear(user=request.user, anime_id=anime_ids_current([anime_id]).get(anime_id, anime_id))
    return HttpResponse("") if getattr(request, "htmx", False) else redirect("home")
