"""What all providers share on top of allauth's: our callback address, movable hosts, little kept, no faults from odd answers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest

from accounts.oauth.providers import callback_url, moved

NAME_MAX = 100  # characters of a name that are kept
_ADDRESSES = ("authorize_url", "access_token_url", "profile_url", "identity_url")


@contextmanager
def readable_answers() -> Iterator[None]:
    """An answer of another shape than promised is the provider's failure, not a fault of ours."""
    try:
        yield
    except (LookupError, ValueError, TypeError, AttributeError, ImproperlyConfigured) as error:
        raise OAuth2Error("unreadable answer") from error


class OurAddresses:
    """Mixed into allauth's OAuth2 adapters."""

    provider_id: str

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)  # type: ignore[call-arg]
        for name in _ADDRESSES:
            if hasattr(self, name):
                setattr(self, name, moved(self.provider_id, getattr(self, name)))

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return callback_url(request, self.provider_id)

    def get_access_token_data(self, *args: Any, **kwargs: Any) -> Any:
        with readable_answers():
            return super().get_access_token_data(*args, **kwargs)  # type: ignore[misc]

    def parse_token(self, data: Any) -> Any:
        with readable_answers():
            return super().parse_token(data)  # type: ignore[misc]

    def complete_login(self, *args: Any, **kwargs: Any) -> SocialLogin:
        with readable_answers():
            return super().complete_login(*args, **kwargs)  # type: ignore[misc]


class KeepsNames(ABC):
    """Mixed into allauth's providers: of all that a provider tells we keep how the person is called there, no more.

    `name` is shown to its owner in the settings; `nickname` may become a username, so it is never a real name and never
    part of an e-mail address.
    """

    @abstractmethod
    def shown_name(self, data: dict[str, Any]) -> Any:
        """What the provider calls the person, from its answer."""

    def nickname(self, data: dict[str, Any]) -> Any:
        return ""

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, str]:
        return {"name": _plain(self.shown_name(data)), "nickname": _plain(self.nickname(data))}

    def extract_uid(self, data: dict[str, Any]) -> str:
        uid = super().extract_uid(data)  # type: ignore[misc]
        if not uid.isascii() or not uid.isprintable() or uid == "None":
            raise ValueError("not an id")
        return uid


def _plain(name: Any) -> str:
    """One line without characters that cannot be seen; PostgreSQL takes no NUL."""
    text = name if isinstance(name, str) else ""
    return " ".join("".join(c for c in text if c.isprintable()).split())[:NAME_MAX]
