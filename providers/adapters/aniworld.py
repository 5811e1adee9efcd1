"""AniWorld: a German catalogue with episode lists in seasons; how to play its episodes is not read."""

import dataclasses
from urllib.parse import urlencode

from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import CardPage, Detail, EpisodeDraft
from providers.adapters.parsing.aniworld import parse_detail, parse_episodes, parse_search, seasons_ordered
from providers.adapters.parsing.links import slug_quoted
from providers.errors import PageUnreadable

__all__ = ["Aniworld", "parse_detail", "parse_episodes", "parse_search"]


class Aniworld(Adapter):
    name = "aniworld"
    label = "AniWorld"
    base_url = "https://aniworld.to"
    variant = ("sub", "de")
    capabilities = frozenset({Capability.SEARCH, Capability.DETAIL, Capability.EPISODES})

    def home(self, ask: Ask) -> CardPage:
        """Nothing: the site tells no list of what airs."""
        return CardPage()

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        """All titles found; the answer has one page. The form is asked when the quicker address gives no list."""
        if page > 1:
            return CardPage()
        try:
            return parse_search(ask.get(f"/ajax/seriesSearch?{urlencode({'keyword': query})}").text, ask.base_url)
        except PageUnreadable:
            return parse_search(ask.post("/ajax/search", {"keyword": query}).text, ask.base_url)

    def detail(self, ask: Ask, slug: str) -> Detail:
        page = ask.get(f"/anime/stream/{slug_quoted(slug)}")
        return dataclasses.replace(parse_detail(page.text, page.url), slug=slug)

    def episodes(self, ask: Ask, detail: Detail) -> tuple[EpisodeDraft, ...]:
        """Every season's page, one request each; films are the last."""
        found = list(detail.episodes or ())
        for url in detail.more_urls:
            page = ask.get(url)
            found += parse_episodes(page.text, page.url)
        return seasons_ordered(found)
