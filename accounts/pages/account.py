"""The settings page of the account itself: name, e-mail address, password."""

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.pages.credential_forms import ChangeEmailForm, CodeForm
from accounts.selectors.email_codes import email_pending


def account_render(
    request: HttpRequest, *, change_form: ChangeEmailForm | None = None, status: int = 200
) -> HttpResponse:
    """The page, with the form for another address as it was sent."""
    user = cast(User, request.user)
    values: dict[str, Any] = {
        "change_form": change_form or ChangeEmailForm(),
        "code_form": CodeForm(auto_id="verify_%s"),
        "pending": email_pending(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/settings/account.html", values, status=status)


@require_GET
@never_cache
@login_required
def account_page(request: HttpRequest) -> HttpResponse:
    """What the account is called, where its mails go, and how to change that."""
    return account_render(request)
