"""Who may open the pages of downloads."""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

from accounts.facade import Role
from downloads.access import KEEPERS

ADMINS = KEEPERS
READERS = KEEPERS | {Role.MODERATOR}
"""Who may look at what is missing, without changing anything."""

PageView = Callable[..., HttpResponse]


def may(request: HttpRequest, roles: Collection[str]) -> bool:
    """Whether whoever asks has one of these roles."""
    return request.user.is_authenticated and request.user.role in roles


def staff_page(roles: Collection[str] = ADMINS) -> Callable[[PageView], PageView]:
    """Only for these roles: strangers are sent to sign in, for everybody else there is no such page (404)."""

    def decorate(view: PageView) -> PageView:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request, roles):
                raise Http404
            return view(request, *args, **kwargs)

        return checked

    return decorate
