"""The second factor: an authenticator app and recovery codes. Every code works once (threat 25)."""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import totp
from accounts.errors import InvalidCode, TwoFactorAlreadyOn, TwoFactorNotSetUp, TwoFactorOff
from accounts.models import RecoveryCode, SignInChallenge, TotpDevice, User
from accounts.notices import SecurityChange
from accounts.selectors.two_factor import is_two_factor_on
from accounts.services import lockout
from accounts.services.known_devices import known_device
from accounts.services.notices import notice_send
from accounts.services.sign_in import password_confirm
from core.errors import ValidationFailed
from core.secrets import SecretUnreadable, code_hash, code_make, secret_open, secret_seal

SETUP_TIME = timedelta(minutes=15)
RECOVERY_CODES = 10

log = structlog.get_logger("accounts.two_factor")
_TOTP_CODE = re.compile(r"[0-9]{6}")
_SPACES = re.compile(r"[\s-]+")


@dataclass(frozen=True, slots=True)
class TotpSetup:
    """What an authenticator app needs, shown once: the secret in base 32 and the same as an `otpauth` address."""

    secret: str
    uri: str


def _secret_of(device: TotpDevice) -> str | None:
    try:
        return secret_open(device.secret, purpose="totp")
    except SecretUnreadable:
        log.error("totp_secret_unreadable", user=str(device.user_id), hint="SECRET_KEY changed: SECRET_KEY_FALLBACKS")
        return None


def _setup_of(user: User, secret: str) -> TotpSetup:
    return TotpSetup(secret, totp.provisioning_uri(secret, account=user.username, issuer=settings.SITE_NAME))


def totp_setup(*, user: User) -> TotpSetup:
    """A new secret, kept sealed for 15 minutes until `totp_enable`; an older pending one is void.

    Raises `TwoFactorAlreadyOn`.
    """
    secret = totp.secret_make()
    sealed, now = secret_seal(secret, purpose="totp"), timezone.now()
    with transaction.atomic():
        TotpDevice.objects.bulk_create([TotpDevice(user=user, secret=sealed)], ignore_conflicts=True)
        pending = TotpDevice.objects.filter(user=user, confirmed_at__isnull=True)
        if not pending.update(secret=sealed, created_at=now, last_step=0):
            raise TwoFactorAlreadyOn()
    return _setup_of(user, secret)


def totp_pending(*, user: User) -> TotpSetup | None:
    """The setup that still waits for its first code, for the page that shows it again after a mistyped one."""
    device = TotpDevice.objects.filter(
        user=user, confirmed_at__isnull=True, created_at__gt=timezone.now() - SETUP_TIME
    ).first()
    secret = _secret_of(device) if device else None
    return _setup_of(user, secret) if secret else None


def totp_enable(*, user: User, code: str) -> list[str]:
    """Switch two-factor sign-in on with a first code; returns ten recovery codes, in clear this once.

    Raises `TwoFactorAlreadyOn`, `TwoFactorNotSetUp` (nothing set up within 15 minutes) or `ValidationFailed` (`code`).
    """
    device = TotpDevice.objects.filter(user=user).first()
    if device is not None and device.confirmed_at:
        raise TwoFactorAlreadyOn()
    now = timezone.now()
    secret = _secret_of(device) if device and device.created_at > now - SETUP_TIME else None
    if device is None or secret is None:
        raise TwoFactorNotSetUp()
    steps = totp.steps_matching(secret, _SPACES.sub("", code), time.time())
    if not steps:
        raise ValidationFailed({"code": [_("The code is not right. Check the clock of your phone.")]})
    with transaction.atomic():
        # The secret is named: a setup begun anew in the meantime is another app's.
        pending = TotpDevice.objects.filter(pk=device.pk, secret=device.secret, confirmed_at__isnull=True)
        if not pending.update(confirmed_at=now, last_step=steps[-1]):
            raise TwoFactorAlreadyOn() if is_two_factor_on(user) else TwoFactorNotSetUp()
        codes = _recovery_codes_make(user)
        notice_send(user=user, kind="security_change", context={"change": SecurityChange.TWO_FACTOR_ON.value})
    return codes


def _recovery_codes_make(user: User) -> list[str]:
    """Ten new codes in the place of the old ones. The caller is in a transaction."""
    codes = [code_make() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user=user, code_hash=code_hash(code, purpose="recovery")) for code in codes
    )
    return codes


def recovery_codes_regenerate(*, user: User) -> list[str]:
    """Ten new recovery codes, in clear this once; the old ones are dead. Raises `TwoFactorOff`."""
    with transaction.atomic():
        if not TotpDevice.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first():
            raise TwoFactorOff()
        codes = _recovery_codes_make(user)
        notice_send(user=user, kind="security_change", context={"change": SecurityChange.RECOVERY_CODES.value})
    return codes


def two_factor_disable(
    *, user: User, password: str = "", code: str = "", address: str, device_tokens: Sequence[str] = ()
) -> None:
    """Switch two-factor sign-in off: with the password, or a current code where the account has no password.

    Raises `TwoFactorOff`, `ValidationFailed` (`password` or `code`) or `TooManyFailures`.
    """
    if not is_two_factor_on(user):
        raise TwoFactorOff()
    if user.has_usable_password():
        password_confirm(user=user, password=password, address=address, device_tokens=device_tokens)
    else:
        try:
            code_confirm(user=user, code=code, address=address, device_tokens=device_tokens)
        except InvalidCode as error:
            raise ValidationFailed({"code": [error.title]}) from error
    with transaction.atomic():
        if not TotpDevice.objects.filter(user=user, confirmed_at__isnull=False).delete()[0]:
            raise TwoFactorOff()
        RecoveryCode.objects.filter(user=user).delete()
        SignInChallenge.objects.filter(user=user).delete()
        notice_send(user=user, kind="security_change", context={"change": SecurityChange.TWO_FACTOR_OFF.value})


def code_confirm(*, user: User, code: str, address: str, device_tokens: Sequence[str] = ()) -> None:
    """Spend a code of the app or a recovery code of `user`. Counted like sign-ins, by counters of its own.

    Raises `InvalidCode` (wrong or used) or `TooManyFailures` (10 in 15 minutes per address and per account).
    """
    device = known_device(user=user, tokens=device_tokens)
    attempt = lockout.attempt_begin(
        address=address, account=str(user.pk), device=device.pk if device else None, at="code"
    )
    if not _code_spend(user, code):
        raise InvalidCode()
    lockout.attempt_succeeded(attempt)


def _code_spend(user: User, code: str) -> bool:
    code = _SPACES.sub("", code[:64])
    return _totp_spend(user, code) if _TOTP_CODE.fullmatch(code) else _recovery_code_spend(user, code)


def _totp_spend(user: User, code: str) -> bool:
    """One conditional update lets `last_step` rise: of parallel callers with one code exactly one wins."""
    device = TotpDevice.objects.filter(user=user, confirmed_at__isnull=False).first()
    secret = _secret_of(device) if device else None
    if device is None or secret is None:
        return False
    return any(
        TotpDevice.objects.filter(pk=device.pk, last_step__lt=step).update(last_step=step) == 1
        for step in totp.steps_matching(secret, code, time.time())
    )


def _recovery_code_spend(user: User, code: str) -> bool:
    with transaction.atomic():
        unused = RecoveryCode.objects.filter(
            user=user, code_hash=code_hash(code, purpose="recovery"), used_at__isnull=True
        )
        if unused.update(used_at=timezone.now()) != 1:
            return False
        notice_send(user=user, kind="security_change", context={"change": SecurityChange.RECOVERY_CODE_USED.value})
    return True
