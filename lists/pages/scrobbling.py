"""The settings page of media servers: an address for each, how to enter it there, and what came through it."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.facade import User
from core.errors import ValidationFailed
from core.throttles import Limit, throttle_check, throttle_key
from lists.pages.scrobble_rules import waiting_shown
from lists.scrobbling.addresses import address_of
from lists.selectors.preferences import preferences_of
from lists.selectors.scrobble_rules import rules_of
from lists.selectors.scrobbles import receipts_of, servers_of
from lists.services.scrobbles import endpoint_remove, endpoint_renew, endpoint_set

WAITING_SHOWN = 6
"""Titles that wait, on this page; the rest are on their own."""
CHANGES = Limit("scrobble-addresses", 60, 3600)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def scrobbling_page(request: HttpRequest) -> HttpResponse:
    """The servers, their addresses and the latest receipts; a form makes an address or changes whose plays it takes."""
    user = cast(User, request.user)
    errors: dict[str, list[str]] = {}
    if request.method == "POST":
        throttle_check(CHANGES, throttle_key(CHANGES, request))
        try:
            endpoint_set(
                user=user, server=request.POST.get("server", ""), account_name=request.POST.get("account_name", "")
            )
        except ValidationFailed as error:
            errors = error.extra["fields"]
        else:
            messages.success(request, _("Saved."))
            return redirect("settings_scrobbling")
    servers = [
        {
            "server": shown.server,
            "endpoint": shown.endpoint,
            "address": request.build_absolute_uri(address_of(shown.endpoint)) if shown.endpoint else "",
        }
        for shown in servers_of(user)
    ]
    waiting = waiting_shown(user)
    context = {
        "waiting": waiting[:WAITING_SHOWN],
        "waiting_count": len(waiting),
        "rule_count": rules_of(user).count(),
        "servers": servers,
        "receipts": receipts_of(user),
        "errors": errors,
        "is_off": not preferences_of(user).tracks_watching,
    }
    return render(request, "lists/settings/scrobbling.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def scrobbling_renew_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Give an address a new secret; whoever only reads is led back."""
    if request.method == "POST":
        throttle_check(CHANGES, throttle_key(CHANGES, request))
        endpoint_renew(user=cast(User, request.user), endpoint_id=id)
        messages.success(request, _("This is the new address. The old one opens nothing any more."))
    return redirect("settings_scrobbling")


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def scrobbling_remove_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Remove an address and its receipts; whoever only reads is led back."""
    if request.method == "POST":
        endpoint_remove(user=cast(User, request.user), endpoint_id=id)
        messages.success(request, _("The address is gone. Your list stays as it is."))
    return redirect("settings_scrobbling")
