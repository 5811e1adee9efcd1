"""The settings page on which people end their account.

No fresh sign-in is asked for: the code goes to the account's mailbox, which somebody at an open screen does not read, and
for seven days one click takes it back.
"""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts import limits
from accounts.access import current_session
from accounts.errors import NoDeletionPending
from accounts.models import User
from accounts.pages.credential_forms import CodeForm, CredentialForm
from accounts.pages.email import secretive
from accounts.pages.limited import form_done
from accounts.selectors.deletions import deletion_status
from accounts.services import deletions
from core.site.posted import posted_from


def _page(request: HttpRequest, form: CredentialForm, status: int = 200) -> HttpResponse:
    values = {"form": form, "deletion": deletion_status(cast(User, request.user)), "days": deletions.GRACE.days}
    return secretive(render(request, "accounts/settings/deletion.html", values, status=status))


@require_GET
@never_cache
@login_required
def deletion_page(request: HttpRequest) -> HttpResponse:
    """What goes and what stays; the mail's link fills the code in, only the button confirms."""
    return _page(request, CodeForm(initial={"code": request.GET.get("code", "")[:40]}))


@posted_from("settings_deletion")
@login_required
def deletion_request(request: HttpRequest) -> HttpResponse:
    """Step 1: mail the code."""
    user, form = cast(User, request.user), CredentialForm({})
    status = form_done(request, form, limits.DELETION_REQUEST, lambda _data: deletions.deletion_request(user=user))
    if status == 200:
        messages.success(request, _("A code is on its way to %(email)s.") % {"email": user.email})
    else:
        messages.error(request, " ".join(map(str, form.non_field_errors())))
    return redirect("settings_deletion")


@posted_from("settings_deletion")
@login_required
def deletion_confirm(request: HttpRequest) -> HttpResponse:
    """Step 2: the code."""
    user, form, keep = cast(User, request.user), CodeForm(request.POST), current_session(request)
    status = form_done(
        request,
        form,
        limits.DELETION_CONFIRM,
        lambda data: deletions.deletion_confirm(user=user, code=data["code"], keep=keep),
    )
    return redirect("settings_deletion") if status == 200 else _page(request, form, status)


@posted_from("settings_deletion")
@login_required
def deletion_cancel(request: HttpRequest) -> HttpResponse:
    """The change of mind; a second click changes nothing."""
    try:
        deletions.deletion_cancel(user=cast(User, request.user))
        messages.success(request, _("Your account stays."))
    except NoDeletionPending as error:
        messages.error(request, str(error.title))
    return redirect("settings_deletion")
