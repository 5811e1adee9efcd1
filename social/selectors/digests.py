"""How often somebody gets the digest."""

from accounts.facade import User
from social.models import DigestFrequency, DigestPreference


def digest_frequency(user: User) -> str:
    """A value of `DigestFrequency`; who never said gets it daily. One query."""
    found = DigestPreference.objects.filter(user=user).values_list("frequency", flat=True).first()
    return found or DigestFrequency.DAILY.value
