"""The address that begins a linking: it says for whom, and works for one sign-in of theirs."""

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest

from accounts.access import current_session
from accounts.models import SessionKind, UserSession
from accounts.oauth.errors import LinkExpired
from accounts.selectors.sessions import is_alive, session_with_person
from core.secrets import token_hash

LINK_SECONDS = 15 * 60
_SALT = "accounts.oauth.link"


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """Who asked, in which of their sessions, for which provider, and where an app wants to be answered ("": the site)."""

    user: str
    session: str
    provider: str
    mobile_redirect: str = ""

    def state(self) -> dict[str, str]:
        """What waits in the browser's session while the person is at the provider."""
        return {name: getattr(self, name) for name in self.__slots__}


def link_token_make(*, session: UserSession, provider: str, mobile_redirect: str = "") -> str:
    """A signed token of 15 minutes for `session`'s person."""
    asked = LinkRequest(str(session.user_id), str(session.pk), provider, mobile_redirect)
    return signing.dumps(asked.state(), salt=_SALT)


def link_token_use(token: str, *, request: HttpRequest, provider: str) -> LinkRequest:
    """What the token says. Raises `LinkExpired`.

    One that a page of the site made works in that very sign-in only. One that an app asked for is opened in a browser
    that knows nothing of the app: it works once, and linking is confirmed there (`flows`).
    """
    try:
        asked = LinkRequest(**signing.loads(token, salt=_SALT, max_age=LINK_SECONDS))
    except (signing.BadSignature, TypeError) as error:
        raise LinkExpired() from error
    session = link_session(asked)
    if asked.provider != provider:
        raise LinkExpired()
    if session.kind == SessionKind.SITE:
        here = current_session(request)
        if here is None or here.pk != session.pk:
            raise LinkExpired()
    elif not cache.add(f"oauth-link:{token_hash(token)}", 1, timeout=LINK_SECONDS + 60):
        raise LinkExpired()
    return asked


def link_session(asked: LinkRequest) -> UserSession:
    """The session that asked, its person selected, while it lives: signing out ends linkings under way. Raises `LinkExpired`."""
    session = session_with_person(asked.session, asked.user)
    if session is None or not is_alive(session):
        raise LinkExpired()
    return session


def link_request_of(state: Any) -> LinkRequest:
    """What `LinkRequest.state` gave, read again; raises `LinkExpired` for anything else."""
    try:
        return LinkRequest(**state)
    except TypeError as error:
        raise LinkExpired() from error
