"""The sign-up step of somebody whose provider gave no e-mail address that can be trusted."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.oauth import deep_links, flows
from accounts.oauth.providers import NAMES
from accounts.services.oauth import oauth_sign_up
from core.errors import DomainError, ValidationFailed
from core.proxies import client_address
from core.throttles import Limit, throttle_check

SIGN_UP_LIMIT = Limit("oauth-sign-up", 20, 3600)  # as register: an address that is taken is said openly


class AddressForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=254,
        help_text=_("We send you a code to confirm it."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def oauth_sign_up_page(request: HttpRequest) -> HttpResponse:
    """Ask for an address, make the account, go on (into the app when one began it)."""
    login = flows.pending_sign_up(request)
    if login is None:
        return redirect("account_login")
    given = next((address.email for address in login.email_addresses), "")
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"email": given})
    if request.method == "POST":
        throttle_check(SIGN_UP_LIMIT, client_address(request))
        if form.is_valid():
            email = form.cleaned_data["email"]
            try:
                user = oauth_sign_up(identity=flows.identity_of(login), email=email, is_verified=False)
                return flows.signed_up(request, login, user)
            except ValidationFailed as error:
                form.add_error("email", error.extra["fields"]["email"])
            except DomainError as error:
                return deep_links.to_app(request, flows.refused(login.state, error))
    context = {"form": form, "provider": NAMES[login.account.provider]}
    return render(request, "socialaccount/signup.html", context, status=422 if form.errors else 200)
