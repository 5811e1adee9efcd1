"""Taking away every way into an account but its password."""

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from accounts.models import ApiKey, KnownDevice, User


def ways_in_forget(*, user: User) -> None:
    """End keys, passkeys, accounts linked elsewhere and known devices: whoever made them may not be whose address it is.

    Two-factor sign-in stays (threat 26). The caller is in a transaction and ended the sessions.
    """
    ApiKey.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    SocialAccount.objects.filter(user=user).delete()
    KnownDevice.objects.filter(user=user).delete()
