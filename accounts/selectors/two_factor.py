"""What is known of a person's second factor."""

from accounts.models import RecoveryCode, TotpDevice, User


def is_two_factor_on(user: User) -> bool:
    """Whether a code is asked for after the password; passkeys alone do not switch that on."""
    return TotpDevice.objects.filter(user_id=user.pk, confirmed_at__isnull=False).exists()


def recovery_codes_left(user: User) -> int:
    """How many recovery codes still work."""
    return RecoveryCode.objects.filter(user_id=user.pk, used_at__isnull=True).count()
