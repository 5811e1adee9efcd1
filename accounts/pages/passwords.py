"""Pages for forgotten, reset, set and changed passwords."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts import limits
from accounts.access import current_session
from accounts.device_cookie import cookie_read
from accounts.errors import EmailCodeInvalid
from accounts.kept_sign_in import sign_in_keep
from accounts.models import EmailCode, User
from accounts.pages.credential_forms import ChangePasswordForm, EmailForm, FirstPasswordForm, ResetForm
from accounts.pages.email import secretive
from accounts.pages.limited import form_done
from accounts.services import passwords
from accounts.services.email_codes import email_code_find
from core.proxies import client_address


@require_http_methods(["GET", "POST"])
@never_cache
def forgot_page(request: HttpRequest) -> HttpResponse:
    """Ask for a link; what follows is the same whether the address has an account or not (threat 27)."""
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = form_done(request, form, limits.FORGOT_PASSWORD, lambda data: passwords.password_forgotten(**data))
        if status == 200:
            return redirect("account_reset_password_done")
    return render(request, "account/password_reset.html", {"form": form}, status=status)


@require_GET
def forgot_done_page(request: HttpRequest) -> HttpResponse:
    """Look into your mail."""
    return render(request, "account/password_reset_done.html")


@sensitive_post_parameters("password", "token")
@require_http_methods(["GET", "POST"])
@never_cache
def reset_page(request: HttpRequest) -> HttpResponse:
    """The mail's link: opening it changes nothing, sending the form uses the token up. No session keeps the token (threat 40)."""
    form = ResetForm(request.POST or None, initial={"token": request.GET.get("token", "")[:100]})
    status = 200
    if request.method == "POST":
        status = form_done(request, form, limits.RESET_PASSWORD, lambda data: passwords.password_reset(**data))
        if status == 200:
            return redirect("account_reset_password_from_key_done")
    values = {"form": form, "is_over": not _is_live(form["token"].value())}
    return secretive(render(request, "account/password_reset_key.html", values, status=status))


def _is_live(token: str) -> bool:
    try:
        email_code_find(purpose=EmailCode.Purpose.RESET, code=token or "")
    except EmailCodeInvalid:
        return False
    return True


@require_GET
def reset_done_page(request: HttpRequest) -> HttpResponse:
    """The password is changed: sign in."""
    return render(request, "account/password_reset_key_done.html")


@sensitive_post_parameters("password", "current_password")
@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def password_page(request: HttpRequest) -> HttpResponse:
    """Change the password, or set the first one; this browser stays signed in and every other session ends."""
    user = cast(User, request.user)
    form_class = ChangePasswordForm if user.has_usable_password() else FirstPasswordForm
    form = form_class(request.POST or None)
    status = 200
    if request.method == "POST":
        address, keep, tokens = client_address(request), current_session(request), cookie_read(request)
        status = form_done(
            request,
            form,
            limits.PASSWORD,
            lambda data: passwords.password_change(user=user, **data, address=address, device_tokens=tokens, keep=keep),
        )
        if status == 200:
            sign_in_keep(request, user)
            messages.success(request, _("Your password is changed. Every other device is signed out."))
            return redirect("settings_account")
    return render(request, "accounts/settings/password.html", {"form": form}, status=status)
