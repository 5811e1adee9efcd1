"""Pages that verify and change the e-mail address."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.device_cookie import cookie_read
from accounts.models import User
from accounts.pages.account import account_render
from accounts.pages.credential_forms import ChangeEmailForm, CodeForm, CredentialForm
from accounts.pages.limited import form_done
from accounts.services import email_addresses
from core.proxies import client_address
from core.site.posted import posted_from


def secretive(response: HttpResponse) -> HttpResponse:
    """The address of a page that a mail leads to holds a code: no other site learns it.

    Not `no-referrer`: browsers would send `Origin: null` with the page's form, which the CSRF check refuses.
    """
    response["Referrer-Policy"] = "same-origin"
    return response


@require_http_methods(["GET", "POST"])
@never_cache
def verify_email_page(request: HttpRequest) -> HttpResponse:
    """The form for the code; the mail's link fills it in, and only the click on its button uses the code up.

    Mail scanners open links, so opening one must not change anything.
    """
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    status = 200
    if request.method == "POST":
        status = form_done(request, form, limits.VERIFY_EMAIL, lambda data: email_addresses.email_verify(**data))
        if status == 200:
            messages.success(request, _("Your e-mail address is confirmed."))
            return redirect("settings_account" if request.user.is_authenticated else "account_login")
    return secretive(render(request, "account/verify_email.html", {"form": form}, status=status))


@posted_from("settings_account")
@login_required
def verification_resend(request: HttpRequest) -> HttpResponse:
    """The button of the account page."""
    user, form = cast(User, request.user), CredentialForm({})
    status = form_done(
        request, form, limits.RESEND_VERIFICATION, lambda _data: email_addresses.email_verification_resend(user=user)
    )
    if status == 200:
        messages.success(request, _("A code is on its way to %(email)s.") % {"email": user.email})
    else:
        messages.error(request, " ".join(form.non_field_errors()))
    return redirect("settings_account")


@posted_from("settings_account")
@login_required
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for another address: the code goes there."""
    user, form = cast(User, request.user), ChangeEmailForm(request.POST)
    status = form_done(
        request,
        form,
        limits.CHANGE_EMAIL,
        lambda data: email_addresses.email_change_ask(
            user=user, **data, address=client_address(request), device_tokens=cookie_read(request)
        ),
    )
    if status != 200:
        return account_render(request, change_form=form, status=status)
    messages.success(request, _("A code is on its way to %(email)s.") % {"email": form.cleaned_data["email"]})
    return redirect("settings_account_confirm")


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def email_change_confirm(request: HttpRequest) -> HttpResponse:
    """The form for the code that went to the new address."""
    user = cast(User, request.user)
    form = CodeForm(request.POST or None, initial={"code": request.GET.get("code", "")[:40]})
    status = 200
    if request.method == "POST":
        status = form_done(
            request,
            form,
            limits.CONFIRM_EMAIL,
            lambda data: email_addresses.email_change_confirm(user=user, **data),
        )
        if status == 200:
            messages.success(request, _("Your e-mail address is %(email)s now.") % {"email": user.email})
            return redirect("settings_account")
    return secretive(render(request, "accounts/settings/email_confirm.html", {"form": form}, status=status))
