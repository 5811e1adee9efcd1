"""Which codes are on their way."""

from django.utils import timezone

from accounts.models import EmailCode, User


def email_pending(user: User) -> str:
    """The address that waits to become this person's, "" when there is none."""
    live = EmailCode.objects.filter(
        user=user, purpose=EmailCode.Purpose.CHANGE, used_at__isnull=True, expires_at__gt=timezone.now()
    )
    return live.values_list("email", flat=True).first() or ""
