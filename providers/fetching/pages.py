"""A page as it was read."""

import datetime
from dataclasses import dataclass
from typing import Any

import orjson

from providers.errors import PageUnreadable


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page. `url` is where it came from after redirects; `is_unchanged`: the provider says it is the one we
    had (304), the text is the remembered one.
    """

    url: str
    text: str
    fetched_at: datetime.datetime
    status: int = 200
    content_type: str = ""
    is_unchanged: bool = False

    def json(self) -> Any:
        """The text as JSON; raises `PageUnreadable` when it is none."""
        try:
            return orjson.loads(self.text)
        except orjson.JSONDecodeError as error:
            raise PageUnreadable("The answer is not JSON.") from error
