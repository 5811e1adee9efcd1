"""Programs that call with a key in `X-API-Key`."""

from collections.abc import Collection
from dataclasses import dataclass

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.errors import AmbiguousCredentials, InvalidApiKey
from accounts.models import ApiKey, User
from accounts.selectors.api_keys import api_key_by_token, is_use_unrecorded
from accounts.services.api_keys import api_key_use_record
from core.api.scopes import HEADER, ProgramCredential

CHALLENGE = {"WWW-Authenticate": 'ApiKey realm="api", error="invalid_api_key"'}


@dataclass(frozen=True, slots=True)
class KeyCredential(ProgramCredential):
    """`request.auth` of a request that came with a key."""

    key: ApiKey

    @property
    def scopes(self) -> Collection[str]:
        return self.key.scopes


class ApiKeyAuthentication(BaseAuthentication):
    """A key in `X-API-Key`; wrong, expired or revoked is 401 everywhere, on public routes too.

    With `Authorization` as well it is 400: which of the two the caller meant decides what they may do, so nobody guesses.
    A site session's cookie beside a key counts for nothing: the key is the narrower right.
    """

    def authenticate(self, request: Request) -> tuple[User, KeyCredential] | None:
        token = request.META.get(HEADER)
        if token is None:
            return None
        if get_authorization_header(request):
            raise AmbiguousCredentials()
        try:
            key = api_key_by_token(token)
        except InvalidApiKey as error:
            raise InvalidApiKey(headers=CHALLENGE) from error
        if is_use_unrecorded(key):
            api_key_use_record(key=key)
        return key.user, KeyCredential(key)

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
