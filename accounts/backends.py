"""Django's door to our accounts: whoever calls `authenticate` (the admin's form too) meets the same check and lock-out."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.errors import AccountInactive, InvalidCredentials, TooManyFailures
from accounts.models import User
from accounts.services.sign_in import credentials_check
from core.proxies import client_address


class AccountBackend(BaseBackend):
    """Name or e-mail address and password. Rights come from `User.has_perm`, not from here."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **other: Any
    ) -> User | None:
        identifier = username or other.get("email")
        if not identifier or password is None:
            return None
        address = client_address(request) if request is not None else ""
        try:
            return credentials_check(identifier=identifier, password=password, address=address)
        except (InvalidCredentials, AccountInactive):
            return None
        except TooManyFailures as error:
            raise PermissionDenied(str(error)) from error

    def get_user(self, user_id: Any) -> User | None:
        """The person of a site session, or None when suspended since: their next request is anonymous (threat 24)."""
        return User.objects.filter(pk=user_id, is_active=True).first()
