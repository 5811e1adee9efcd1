"""The settings page of linked accounts, and the page that confirms a linking which an app asked for."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.access import current_session
from accounts.models import User, UserSession
from accounts.oauth import deep_links, flows
from accounts.oauth.deep_links import DeepLink
from accounts.oauth.link_tokens import link_token_make
from accounts.oauth.providers import NAMES, offered
from accounts.selectors.oauth import has_way_in, linked_accounts
from accounts.services.oauth import oauth_link, oauth_unlink
from core.errors import DomainError


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def linked_page(request: HttpRequest) -> HttpResponse:
    """Show what is linked; a POST with `provider` unlinks it."""
    user = cast(User, request.user)
    if request.method == "POST":
        provider = request.POST.get("provider", "")
        try:
            oauth_unlink(user=user, provider=provider)
            messages.success(request, _("%(provider)s is unlinked.") % {"provider": NAMES[provider]})
        except DomainError as error:
            messages.error(request, str(error.title))
        return redirect("settings_linked")
    linked = linked_accounts(user)
    session = cast(UserSession, current_session(request))
    taken = {account.provider for account in linked}
    context = {
        "linked": linked,
        "last_way_in": len(linked) == 1 and not has_way_in(user, without_provider=linked[0].provider),
        "linkable": [
            {"name": name, "url": _begin_url(session, provider)}
            for provider, name in offered().items()
            if provider not in taken
        ],
        "offers_any": bool(offered()),
    }
    return render(request, "accounts/settings/linked.html", context)


def _begin_url(session: UserSession, provider: str) -> str:
    """A link and no form: browsers refuse a form whose answer leads to another site (CSP `form-action`)."""
    token = link_token_make(session=session, provider=provider)
    return f"{reverse('auth-oauth', args=[provider])}?link={token}"


@require_http_methods(["GET", "POST"])
@never_cache
def link_confirm_page(request: HttpRequest) -> HttpResponse:
    """A browser that is signed in as nobody came back from the provider: whose account is it, and is that meant?"""
    asked, identity, owner = flows.pending_link(request)
    if request.method == "GET":
        context = {"identity": identity, "owner": owner, "provider": NAMES[asked.provider]}
        return render(request, "socialaccount/link_confirm.html", context)
    del request.session[flows.PENDING_LINK_KEY]
    if "cancel" in request.POST:
        return redirect("home")
    try:
        oauth_link(user=owner, identity=identity)
        answer: HttpResponse = flows.linked(request, asked)
    except DomainError as error:
        if not asked.mobile_redirect:
            raise
        answer = deep_links.deep_link(asked.mobile_redirect, error=error.code)
    return deep_links.to_app(request, answer) if isinstance(answer, DeepLink) else answer
