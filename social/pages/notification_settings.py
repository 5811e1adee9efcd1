"""Choosing what one is told: how often the digest comes, which variants of new episodes; leaving the digest by its own link."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from django.views.decorators.vary import vary_on_headers

from accounts.facade import User
from catalog.facade import anime_adult_check, anime_get_visible, anime_path
from core.errors import NotFound, RateLimited, ValidationFailed
from core.site.posted import posted_from
from core.throttles import throttle_check, throttle_key
from social.limits import UNSUBSCRIBES
from social.models import DigestFrequency
from social.pages.notification_pieces import wishes_context, wishes_posted
from social.services.digests import digest_preference_set, digest_reader_note, unsubscribe_person
from social.services.episode_wishes import episode_wishes_set

FORM = "settings_notifications"


@posted_from(FORM)
@never_cache
@login_required
def digest_save(request: HttpRequest) -> HttpResponse:
    """Keep how often the digest comes."""
    user, frequency = cast(User, request.user), request.POST.get("frequency", "")
    if frequency not in DigestFrequency.values:
        messages.error(request, _("Choose how often."))
        return redirect(FORM)
    digest_preference_set(user=user, frequency=frequency)
    digest_reader_note(user=user, time_zone=request.COOKIES.get("tz", ""), language=get_language() or "")
    messages.success(request, _("Saved."))
    return redirect(FORM)


@posted_from(FORM)
@never_cache
@login_required
def wishes_save(request: HttpRequest) -> HttpResponse:
    """Keep the variants for everything one watches."""
    try:
        wishes = [] if request.POST.get("which") != "some" else wishes_posted(request.POST.getlist("wish"))
        episode_wishes_set(user=cast(User, request.user), wishes=wishes)
    except ValidationFailed:
        messages.error(request, _("These are no variants of episodes."))
    else:
        messages.success(request, _("Saved."))
    return redirect(FORM)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@vary_on_headers("HX-Request")
def anime_wishes(request: HttpRequest, anime_id: int) -> HttpResponse:
    """The variants of one anime: as for everything, nothing, or some. Scripts get the form alone."""
    anime = anime_get_visible(request.user, anime_id)
    anime_adult_check(request.user, anime.is_adult)
    if request.method == "POST":
        return _anime_wishes_save(request, anime.pk, anime_path(anime.pk, anime.slug))
    context = {**wishes_context(request, anime.pk), "anime": anime, "anime_path": anime_path(anime.pk, anime.slug)}
    piece = "social/notifications/anime_form.html"
    is_piece = bool(getattr(request, "htmx", None))
    return render(request, piece if is_piece else "social/notifications/anime_wishes.html", context)


def _anime_wishes_save(request: HttpRequest, anime_id: int, back: str) -> HttpResponse:
    which = request.POST.get("which", "")
    try:
        wishes = wishes_posted(request.POST.getlist("wish")) if which == "some" else []
        episode_wishes_set(user=cast(User, request.user), wishes=wishes, anime_id=anime_id, is_muted=which == "nothing")
    except ValidationFailed:
        messages.error(request, _("These are no variants of episodes."))
    else:
        messages.success(request, _("Saved."))
    return redirect(back)


@csrf_exempt  # mail programs send it (RFC 8058); the signed address is what allows it, and it only ends mails
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def digest_unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """End one's digest by the link in it, signed in or not. Opening it changes nothing: scanners of mails do that."""
    try:
        throttle_check(UNSUBSCRIBES, throttle_key(UNSUBSCRIBES, request))
    except RateLimited as error:
        return render(request, "error.html", {"error": error}, status=error.status)
    user = unsubscribe_person(token)
    if user is None:
        raise NotFound()
    if request.method == "POST":
        digest_preference_set(user=user, frequency=DigestFrequency.NEVER)
    return render(request, "social/notifications/unsubscribe.html", {"is_done": request.method == "POST"})
