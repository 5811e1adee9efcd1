"""The settings page of API keys: make one, see it once, look at all of them, revoke."""

import uuid
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.api.views.api_keys import CREATE_LIMIT
from accounts.models import ApiKey, User
from accounts.pages.credential_forms import CredentialForm
from accounts.pages.limited import form_done
from accounts.selectors.api_keys import api_keys_of
from accounts.services.api_keys import KEYS_PER_USER, NAME_LENGTH, NewKey, api_key_create, api_key_revoke
from core.api.scopes import Scope
from core.site.posted import posted_from

_TEMPLATE = "accounts/settings/api_keys.html"
_LIVES = [
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("A year")),
    ("", gettext_lazy("Until it is revoked")),
]


class ApiKeyForm(CredentialForm):
    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.ChoiceField(label=gettext_lazy("How long it lives"), choices=_LIVES, required=False)


def _shown(key: ApiKey) -> dict[str, Any]:
    """A key with its scopes in words; scopes that are no more go by their names."""
    labels = [Scope(value).label if value in Scope.values else value for value in key.scopes]
    return {"key": key, "labels": labels, "is_over": key.expires_at is not None and key.expires_at <= timezone.now()}


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def api_keys_page(request: HttpRequest) -> HttpResponse:
    """The list and the form. A new key is shown in the answer to the form alone, and kept nowhere."""
    user = cast(User, request.user)
    form = ApiKeyForm(request.POST or None, initial={"days": "90"})
    made: list[NewKey] = []

    def make(data: dict[str, Any]) -> None:
        until = timezone.now() + timedelta(days=int(data["days"])) if data["days"] else None
        made.append(api_key_create(user=user, name=data["name"], scopes=data["scopes"], expires_at=until))

    status = form_done(request, form, CREATE_LIMIT, make) if request.method == "POST" else 200
    context = {
        "form": ApiKeyForm(initial={"days": "90"}) if made else form,
        "made": made[0] if made else None,
        "keys": [_shown(key) for key in api_keys_of(user.pk)],
        "scopes": list(Scope),
        "chosen": [] if made else form["scopes"].value() or [],
        "limit": KEYS_PER_USER,
    }
    return render(request, _TEMPLATE, context, status=status)


@posted_from("settings_api_keys")
@never_cache
@login_required
def api_key_revoke_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Revoke one of one's own keys and go back to the list."""
    api_key_revoke(user=cast(User, request.user), key_id=id)
    messages.success(request, _("The key is revoked. What used it is shut out now."))
    return redirect("settings_api_keys")
