"""The settings page of the profile."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.pages.saving import form_save, titles_follow
from accounts.profile_forms import ProfileForm
from accounts.services.avatars import avatar_remove
from accounts.services.profiles import profile_update


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """Show and save the profile; after saving, the page is opened anew. "Remove the picture" is a button of its own."""
    user = cast(User, request.user)
    if request.method == "POST" and "remove_avatar" in request.POST:
        avatar_remove(user=user)
        messages.success(request, _("The picture is gone."))
        return redirect("settings")
    form = ProfileForm.of(user, request.POST or None, request.FILES or None)
    if request.method == "POST" and form_save(request, form, lambda changes: profile_update(user=user, **changes)):
        messages.success(request, _("Saved."))
        response = redirect("settings")
        titles_follow(request, response, user.title_language)
        return response
    return render(request, "accounts/settings.html", {"form": form}, status=422 if form.errors else 200)
