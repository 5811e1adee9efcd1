"""Settings → security: two-factor sign-in, recovery codes, passkeys, the password."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import limits
from accounts.device_cookie import cookie_read
from accounts.errors import TooManyFailures, TwoFactorAlreadyOn, TwoFactorNotSetUp, TwoFactorOff
from accounts.forms import TotpEnableForm, TwoFactorOffForm
from accounts.models import User
from accounts.qr import qr_svg
from accounts.selectors.passkeys import passkeys_of
from accounts.selectors.two_factor import is_two_factor_on, recovery_codes_left
from accounts.services import two_factor
from core.errors import DomainError, ValidationFailed
from core.proxies import client_address
from core.site.posted import posted_from
from core.throttles import Limit, throttle_check, throttle_key


def _show_errors(form: TotpEnableForm | TwoFactorOffForm, error: DomainError) -> None:
    """The service's messages at their fields; what concerns no field above them."""
    for name, found in error.extra.get("fields", {None: [str(error.title)]}).items():
        form.add_error(name if name in form.fields else None, found)


def _count(request: HttpRequest, limit: Limit) -> None:
    """One use, counted together with the API's; raises `RateLimited`."""
    throttle_check(limit, throttle_key(limit, request))


@require_http_methods(["GET"])
@never_cache
@login_required
def security_page(request: HttpRequest) -> HttpResponse:
    """What is on, and the ways to change it."""
    user = cast(User, request.user)
    is_on = is_two_factor_on(user)
    context = {
        "is_two_factor_on": is_on,
        "codes_left": recovery_codes_left(user) if is_on else 0,
        "passkeys": passkeys_of(user),
        "has_password": user.has_usable_password(),
    }
    return render(request, "accounts/settings/security.html", context)


@posted_from("settings_security")
@login_required
def two_factor_begin(request: HttpRequest) -> HttpResponse:
    """Make a secret, then show it."""
    _count(request, limits.TWO_FACTOR_SETUP)
    try:
        two_factor.totp_setup(user=cast(User, request.user))
    except TwoFactorAlreadyOn:
        return redirect("settings_security")
    return redirect("settings_two_factor")


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def two_factor_setup(request: HttpRequest) -> HttpResponse:
    """The QR code of the pending secret; a right code switches two-factor sign-in on and shows the recovery codes."""
    user = cast(User, request.user)
    form = TotpEnableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _count(request, limits.TWO_FACTOR_ENABLE)
        try:
            codes = two_factor.totp_enable(user=user, code=form.cleaned_data["code"])
            return _codes_shown(request, codes, is_new=True)
        except ValidationFailed as error:
            _show_errors(form, error)
        except (TwoFactorAlreadyOn, TwoFactorNotSetUp) as error:
            messages.error(request, str(error.title))
    pending = two_factor.totp_pending(user=user)
    if pending is None:
        return redirect("settings_security")
    groups = [pending.secret[at : at + 4] for at in range(0, len(pending.secret), 4)]
    # Ours: paths of digits and nothing that anybody typed.
    picture = mark_safe(qr_svg(pending.uri))  # noqa: S308
    context = {"form": form, "setup": pending, "groups": groups, "qr": picture}
    return render(request, "accounts/settings/security_setup.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def two_factor_off(request: HttpRequest) -> HttpResponse:
    """Switch it off with the password, or a code where there is no password."""
    user = cast(User, request.user)
    form = TwoFactorOffForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        _count(request, limits.TWO_FACTOR_DISABLE)
        try:
            two_factor.two_factor_disable(
                user=user, **form.cleaned_data, address=client_address(request), device_tokens=cookie_read(request)
            )
            messages.success(request, _("Two-factor sign-in is off."))
            return redirect("settings_security")
        except (ValidationFailed, TooManyFailures) as error:
            _show_errors(form, error)
        except TwoFactorOff:
            return redirect("settings_security")
    elif not is_two_factor_on(user):
        return redirect("settings_security")
    return render(request, "accounts/settings/security_off.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@never_cache
@login_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """Ask before the old codes die, then show the new ones."""
    user = cast(User, request.user)
    if request.method == "POST":
        _count(request, limits.RECOVERY_CODES)
        try:
            return _codes_shown(request, two_factor.recovery_codes_regenerate(user=user), is_new=False)
        except TwoFactorOff:
            return redirect("settings_security")
    if not is_two_factor_on(user):
        return redirect("settings_security")
    return render(request, "accounts/settings/security_codes_ask.html", {"codes_left": recovery_codes_left(user)})


def _codes_shown(request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    """The only time that they are seen: nothing keeps them in clear, so reloading the page does not bring them back."""
    return render(request, "accounts/settings/security_codes.html", {"codes": codes, "is_new": is_new})
