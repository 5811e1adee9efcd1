"""The settings page of privacy."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages.saving import form_save
from accounts.profile_forms import PrivacyForm
from accounts.services.profiles import profile_update


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def privacy_page(request: HttpRequest) -> HttpResponse:
    """Who sees the profile, the activity and the online status: everyone, friends or nobody."""
    user = cast(User, request.user)
    form = PrivacyForm.of(user, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form_save(request, form, lambda changes: profile_update(user=user, **changes)):
        messages.success(request, _("Saved."))
        return redirect("settings_privacy")
    return render(request, "accounts/settings/privacy.html", {"form": form}, status=422 if form.errors else 200)
