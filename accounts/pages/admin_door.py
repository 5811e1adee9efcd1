"""The admin's way in: the site's own sign-in, so that nobody comes round the second factor."""

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from core.site.own_addresses import own_address


@never_cache
def admin_door(request: HttpRequest, extra_context: object = None) -> HttpResponse:
    """Send strangers to sign in and staff to where they wanted to go; others may not enter."""
    target = own_address(request, request.GET.get(REDIRECT_FIELD_NAME, "")) or reverse("admin:index")
    if not request.user.is_authenticated:
        return redirect_to_login(target, settings.LOGIN_URL)
    if not request.user.is_staff:
        raise PermissionDenied
    return redirect(target)
