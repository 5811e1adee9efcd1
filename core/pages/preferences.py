"""The switches in the header: theme, language of the site, language of titles, time zone."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from core.site.preferences import THEMES, TITLE_LANGUAGES, is_time_zone, preference_set


def _is_allowed(name: str, value: str) -> bool:
    if name == "tz":
        return is_time_zone(value)
    allowed = {"theme": THEMES, "titles": TITLE_LANGUAGES, "language": dict(settings.LANGUAGES)}
    return value in allowed.get(name, ())


def _way_back(request: HttpRequest) -> str:
    target = request.POST.get("next", "/")
    hosts = {request.get_host()}
    return target if url_has_allowed_host_and_scheme(target, hosts, require_https=request.is_secure()) else "/"


# Exempt from CSRF: it stores only how pages look, and without a token anonymous pages stay the same for everybody.
@csrf_exempt
@require_POST
def preference(request: HttpRequest, name: str) -> HttpResponse:
    """Store one choice (form field `value`) in a cookie and go back to `next`, a path of this site."""
    value = request.POST.get("value", "")
    if not _is_allowed(name, value):
        return HttpResponseBadRequest()
    response = HttpResponseRedirect(_way_back(request))
    cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
    preference_set(response=response, name=cookie, value=value, secure=settings.SESSION_COOKIE_SECURE)
    return response
