"""People with two-factor sign-in for tests, and the codes that their apps show."""

import time

from accounts import totp
from accounts.models import User
from accounts.services.two_factor import totp_enable, totp_setup


def code_now(secret: str, ahead: int = 0) -> str:
    """What the app shows now, or `ahead` steps of 30 seconds later; one ahead is accepted as well."""
    return totp.code_at(secret, int(time.time() // totp.PERIOD) + ahead)


def two_factor_on(user: User) -> tuple[str, list[str]]:
    """Switch it on: the app's secret and the recovery codes. The app's code of now is spent by it, the next one not."""
    secret = totp_setup(user=user).secret
    return secret, totp_enable(user=user, code=code_now(secret))
