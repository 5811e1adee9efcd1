"""An `Ask` that answers from a dictionary and notes what it was asked."""

import datetime
from collections.abc import Mapping
from typing import Any

from providers.errors import TitleGone
from providers.fetching.pages import Page

TODAY = datetime.datetime(2026, 9, 23, 12, tzinfo=datetime.UTC)


class FakeAsk:
    """`answers`: address → text, or the error to raise; an address that is not there is a title that is gone. A form's answer
    is under "POST address nume".
    """

    options: Mapping[str, Any] = {}

    def __init__(self, base_url: str, answers: Mapping[str, str | Exception]) -> None:
        self.base_url = base_url
        self._answers = answers
        self.asked: list[str] = []
        self.forms: list[dict[str, str]] = []

    def get(self, address: str) -> Page:
        return self._answer(address, address)

    def post(self, address: str, form: Mapping[str, str]) -> Page:
        self.forms.append(dict(form))
        return self._answer(f"POST {address} {form.get('nume', '')}".rstrip(), address)

    def _answer(self, key: str, address: str) -> Page:
        self.asked.append(key)
        answer = self._answers.get(key, TitleGone())
        if isinstance(answer, Exception):
            raise answer
        url = address if address.startswith("http") else self.base_url + address
        return Page(url=url, text=answer, fetched_at=TODAY)
