"""The settings page."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.forms import ProfileForm
from accounts.models import User
from accounts.services.profiles import profile_update
from core.errors import ValidationFailed


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show and save the profile; after saving, the page is opened anew."""
    user = cast(User, request.user)
    form = ProfileForm.of(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            profile_update(user=user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("settings")
        except ValidationFailed as error:
            form.refuse(error)
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)
