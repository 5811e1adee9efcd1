"""Who calls the API: an access token in `Authorization`, or the site's session with its CSRF token."""

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.errors import InvalidToken
from accounts.models import User, UserSession
from accounts.selectors.sessions import session_by_access_token
from accounts.services.sessions import session_seen
from core.proxies import client_address

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'}


def bearer_token(request: Request) -> str | None:
    """The token of `Authorization: Bearer …`, None when there is no such header; raises `InvalidToken` when it is garbled."""
    words = get_authorization_header(request).split()
    if not words or words[0].lower() != b"bearer":
        return None
    if len(words) != 2:
        raise InvalidToken(headers=CHALLENGE)
    try:
        return words[1].decode("ascii")
    except UnicodeDecodeError as error:
        raise InvalidToken(headers=CHALLENGE) from error


class SiteSessionAuthentication(SessionAuthentication):
    """The browser's session; unsafe methods need the CSRF token."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class AccessTokenAuthentication(BaseAuthentication):
    """A JWT whose session is alive; `request.auth` is the `UserSession`.

    A token that is not right is 401 even where nobody has to sign in: the client refreshes.
    """

    def authenticate(self, request: Request) -> tuple[User, UserSession] | None:
        token = bearer_token(request)
        if token is None:
            return None
        try:
            session = session_by_access_token(token)
        except InvalidToken as error:
            raise InvalidToken(headers=CHALLENGE) from error
        session_seen(session=session, address=client_address(request))
        return session.user, session

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
