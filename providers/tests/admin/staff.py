"""Somebody of the staff in the admin, and what the pages must never hold."""

import re
from html import unescape
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory

PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(1)</script>"
_ADDRESSES = re.compile(r'(?:src|href|action|srcset|poster)="([^"]*)"')


class Staff:
    """A client signed in with a role; pages are named as in the admin's own addresses."""

    def __init__(self, role: str) -> None:
        self.user = UserFactory.create(role=role)
        self._client = Client()
        self._client.force_login(self.user)

    def get(self, name: str, /, *args: Any, **query: str) -> Any:
        return self._client.get(reverse(f"admin:{name}", args=args), query)

    def post(self, name: str, /, *args: Any, **form: Any) -> Any:
        return self._client.post(reverse(f"admin:{name}", args=args), form)


def addresses_elsewhere(answer: Any) -> list[str]:
    """What a page loads from or links to on other hosts."""
    found = map(unescape, _ADDRESSES.findall(answer.content.decode()))
    return [address for address in found if re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", address, re.IGNORECASE)]


def messages_of(answer: Any) -> str:
    """All messages that wait for the person who got this answer."""
    from django.contrib.messages import get_messages

    return " · ".join(str(message) for message in get_messages(answer.wsgi_request))
