"""How allauth's passkeys use our accounts."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext

from accounts.models import User
from accounts.selectors.two_factor import is_two_factor_on


class MFAAdapter(DefaultMFAAdapter):
    """A second factor is asked for when an authenticator app is confirmed; passkeys may answer then, or sign in alone."""

    def is_mfa_enabled(self, user: Any, types: Sequence[str] | None = None) -> bool:
        if user.is_anonymous:
            return False
        if types is not None and Authenticator.Type.TOTP not in types:
            return super().is_mfa_enabled(user, types)
        return is_two_factor_on(user)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        return gettext("Passkey %(number)d") % {
            "number": Authenticator.objects.filter(user=user, type=type).count() + 1
        }

    def _get_site_name(self) -> str:
        return settings.SITE_NAME

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site's own host name: what a passkey is bound to, never what a stranger's Host header says."""
        host = urlsplit(settings.PUBLIC_URL).hostname or context.request.get_host().partition(":")[0]
        return {"id": host, "name": settings.SITE_NAME}

    def _get_user_identifier(self, user: User) -> str:
        return user.username
