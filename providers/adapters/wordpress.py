"""What sites made with WordPress have in common: where their pages are, and that a title's page holds its whole list."""

import dataclasses
import datetime
from abc import abstractmethod
from collections.abc import Callable
from typing import ClassVar, NamedTuple, Protocol
from urllib.parse import urlencode

from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.links import slug_quoted


class DetailParser(Protocol):
    """`today` is what "3 days ago" counts from."""

    def __call__(self, text: str, url: str, *, today: datetime.date | None = None) -> Detail: ...


class Parsers(NamedTuple):
    """The parsing functions of a site; those of lists get the text and the site's base address."""

    home: Callable[[str, str], CardPage]
    search: Callable[[str, str], CardPage]
    detail: DetailParser


class WordPress(Adapter):
    """Home at "/", search at "/?s=" with its further pages at "/page/<n>/?s=", titles at "/anime/<slug>/".

    A site gives its `parsers` and says how its episodes are played.
    """

    capabilities = frozenset(Capability)
    parsers: ClassVar[Parsers]

    def home(self, ask: Ask) -> CardPage:
        return self.parsers.home(ask.get("/").text, ask.base_url)

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        path = "/" if page < 2 else f"/page/{page}/"
        return self.parsers.search(ask.get(f"{path}?{urlencode({'s': query})}").text, ask.base_url)

    def detail(self, ask: Ask, slug: str) -> Detail:
        page = ask.get(f"/anime/{slug_quoted(slug)}/")
        return dataclasses.replace(self.parsers.detail(page.text, page.url, today=page.fetched_at.date()), slug=slug)

    @abstractmethod
    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        """Ways to play an episode, those that the page offers before what plays on it."""
