"""A page as it was read."""

import datetime
from dataclasses import dataclass


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
