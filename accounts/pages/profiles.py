"""The page of a person."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import Role, User
from accounts.selectors.users import person_by_username


@require_safe
@never_cache
def profile_page(request: HttpRequest, username: str) -> HttpResponse:
    """What this person shows to the viewer; the address is spelt as they spell their name. 404 like the API."""
    viewer = cast(User, request.user)
    seen = person_by_username(viewer, username)
    if seen.user.username != username:
        return redirect("profile", seen.user.username)
    is_own = seen.is_self
    values = {
        "person": seen.user,
        "seen": seen,
        "is_own": is_own,
        "role": seen.user.get_role_display() if seen.user.role != Role.USER else "",
    }
    return render(request, "accounts/profile.html", values)
