"""Handing a person's form to a service and showing what it refuses."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from accounts.api.views.profile import AVATAR_LIMIT
from accounts.profile_forms import PersonForm
from core.errors import DomainError
from core.site.preferences import preference_set
from core.throttles import throttle_check, throttle_key


def form_save(request: HttpRequest, form: PersonForm, save: Callable[[dict[str, Any]], object]) -> bool:
    """Whether the form was right and is saved; else its errors say why. Pictures share the API's limit."""
    if not form.is_valid():
        return False
    try:
        if form.cleaned_data.get("avatar"):
            throttle_check(AVATAR_LIMIT, throttle_key(AVATAR_LIMIT, request))
        save(form.changes())
    except DomainError as error:
        form.refuse(error)
        return False
    return True


def titles_follow(request: HttpRequest, response: HttpResponse, language: str) -> None:
    """A language of titles that was chosen in this browser before gives way to the one just saved for the account."""
    if request.COOKIES.get("titles") not in (None, language):
        preference_set(response=response, name="titles", value=language, secure=request.is_secure())
