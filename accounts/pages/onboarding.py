"""The page after sign-up: names, picture, languages, theme and privacy, all of it optional."""

import contextlib
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.errors import SetupCompleted
from accounts.models import User
from accounts.pages.saving import form_save, titles_follow
from accounts.profile_forms import OnboardingForm
from accounts.services.profiles import setup_complete
from core.site.own_addresses import own_address
from core.site.preferences import THEMES, preference_set, theme_of


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def onboarding_page(request: HttpRequest) -> HttpResponse:
    """Shown once; "Skip" completes it as well. Who has done it is sent on."""
    user = cast(User, request.user)
    if user.setup_completed_at is not None:
        return redirect(_next(request))
    if request.method == "POST" and "skip" in request.POST:
        with contextlib.suppress(SetupCompleted):
            setup_complete(user=user)
        return redirect(_next(request))
    form = OnboardingForm.of(user, request.POST or None, request.FILES or None)
    form.initial["theme"] = theme_of(request)
    if request.method == "POST" and form_save(request, form, lambda changes: setup_complete(user=user, **changes)):
        messages.success(request, _("Welcome, %s.") % user.name)
        response = redirect(_next(request))
        titles_follow(request, response, user.title_language)
        if (theme := form.cleaned_data["theme"]) in THEMES:
            preference_set(response=response, name="theme", value=theme, secure=request.is_secure())
        return response
    values = {"form": form, "next": _next(request)}
    return render(request, "accounts/onboarding.html", values, status=422 if form.errors else 200)


def _next(request: HttpRequest) -> str:
    """Where the visitor was going, when it is on this site; else home."""
    return own_address(request, request.POST.get("next") or request.GET.get("next") or "") or "/"
