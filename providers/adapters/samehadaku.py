"""Samehadaku: a site with Indonesian subtitles, whose players are asked for one by one."""

import dataclasses
from collections.abc import Iterator
from urllib.parse import urlencode

from providers.adapters.contract import Adapter, Ask, Capability
from providers.adapters.drafts import CardPage, Detail, EpisodeDraft, MirrorDraft
from providers.adapters.parsing.links import slug_quoted
from providers.adapters.parsing.mirrors import mirrors_once
from providers.adapters.parsing.samehadaku import (
    parse_detail,
    parse_episodes,
    parse_home,
    parse_mirrors,
    parse_player,
    parse_players,
    parse_search,
)

__all__ = ["Samehadaku", "parse_detail", "parse_episodes", "parse_home", "parse_mirrors", "parse_search"]

PLAYERS = "/wp-admin/admin-ajax.php"


class Samehadaku(Adapter):
    name = "samehadaku"
    label = "Samehadaku"
    base_url = "https://v2.samehadaku.how"
    variant = ("sub", "id")
    capabilities = frozenset(Capability)

    def home(self, ask: Ask) -> CardPage:
        return parse_home(ask.get("/").text, ask.base_url)

    def search(self, ask: Ask, query: str, page: int = 1) -> CardPage:
        path = "/" if page < 2 else f"/page/{page}/"
        return parse_search(ask.get(f"{path}?{urlencode({'s': query})}").text, ask.base_url)

    def detail(self, ask: Ask, slug: str) -> Detail:
        page = ask.get(f"/anime/{slug_quoted(slug)}/")
        return dataclasses.replace(parse_detail(page.text, page.url, today=page.fetched_at.date()), slug=slug)

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        """The players that the page offers, one request each, then what plays on the page itself."""
        page = ask.get(episode.url)
        own = parse_mirrors(page.text, page.url)

        def asked() -> Iterator[MirrorDraft | None]:
            for label, form in parse_players(page.text, page.url):
                yield parse_player(ask.post(PLAYERS, form).text, page.url, label)

        return mirrors_once((*asked(), *own))
