"""The settings page of notices: which ways each takes, the devices that get push messages, a message to try them."""

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import push_web
from accounts.models import User
from accounts.notices import NoticeKind, notice_kinds
from accounts.selectors.notices import Channels, notice_settings_of
from accounts.selectors.push import push_devices_of
from accounts.services.devices import device_remove
from accounts.services.notices import notice_settings_save
from accounts.services.push import push_send
from core.errors import RateLimited
from core.site.posted import posted_from
from core.throttles import Limit, throttle_check, throttle_key

TEST_LIMIT = Limit("push-test", 5, 60)


def _concerns(user: User, kind: NoticeKind) -> bool:
    """Whether this person ever gets such a notice."""
    return user.is_staff or not kind.is_for_staff


def _chosen(request: HttpRequest, user: User) -> dict[str, Channels]:
    """The table as it was sent: a box that is not ticked is not sent at all."""
    on = set(request.POST.getlist("on"))
    return {
        kind.code: Channels(
            by_site=f"{kind.code}:site" in on, by_push=f"{kind.code}:push" in on, by_email=f"{kind.code}:email" in on
        )
        for kind in notice_kinds()
        if _concerns(user, kind)
    }


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def notifications_page(request: HttpRequest) -> HttpResponse:
    """Show and save the table; the devices stand below it."""
    user = cast(User, request.user)
    if request.method == "POST":
        notice_settings_save(user=user, chosen=_chosen(request, user))
        messages.success(request, _("Saved."))
        return redirect("settings_notifications")
    context = {
        "notices": [row for row in notice_settings_of(user.pk) if _concerns(user, row[0])],
        "devices": list(push_devices_of(user.pk)),
        "public_key": push_web.public_key(),
    }
    return render(request, "accounts/settings/notifications.html", context)


@posted_from("settings_notifications")
@never_cache
@login_required
def device_remove_page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Forget one of one's own devices."""
    device_remove(user=cast(User, request.user), device_id=id)
    messages.success(request, _("That device gets no more push messages."))
    return redirect("settings_notifications")


@posted_from("settings_notifications")
@never_cache
@login_required
def push_test_page(request: HttpRequest) -> HttpResponse:
    """Send a message to all of one's devices."""
    try:
        throttle_check(TEST_LIMIT, throttle_key(TEST_LIMIT, request))
    except RateLimited as error:
        messages.error(request, str(error.title))
        return redirect("settings_notifications")
    push_send(
        user_ids=[cast(User, request.user).pk],
        title=_("It works"),
        body=_("This is how notices will look here."),
        url="/settings/notifications",
        data={"kind": "test"},
    )
    messages.success(request, _("A message is on its way to your devices."))
    return redirect("settings_notifications")
