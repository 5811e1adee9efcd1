"""The switches in the header: theme, language of the site, language of titles, time zone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.site.own_addresses import own_address
from core.site.preferences import THEMES, TITLE_LANGUAGES, is_time_zone, preference_set


def _is_allowed(name: str, value: str) -> bool:
    if name == "tz":
        return is_time_zone(value)
    allowed = {"theme": THEMES, "titles": TITLE_LANGUAGES, "language": dict(settings.LANGUAGES)}
    return value in allowed.get(name, ())


# Exempt from CSRF: it stores only how pages look, and without a token anonymous pages stay the same for everybody.
@csrf_exempt
@require_POST
def preference(request: HttpRequest, name: str) -> HttpResponse:
    """Store one choice (form field `value`) in a cookie and go back to `next`, a path of this site."""
    value = request.POST.get("value", "")
    if not _is_allowed(name, value):
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(own_address(request, request.POST.get("next", "")) or "/")
    cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
    preference_set(response=response, name=cookie, value=value, secure=settings.SESSION_COOKIE_SECURE)
    return response
