"""Samehadaku: a site with Indonesian subtitles, whose players are asked for one by one."""

from collections.abc import Iterator

from providers.adapters.contract import Ask
from providers.adapters.drafts import EpisodeDraft, MirrorDraft
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
from providers.adapters.wordpress import Parsers, WordPress

__all__ = ["Samehadaku", "parse_detail", "parse_episodes", "parse_home", "parse_mirrors", "parse_search"]

PLAYERS = "/wp-admin/admin-ajax.php"


class Samehadaku(WordPress):
    name = "samehadaku"
    label = "Samehadaku"
    base_url = "https://v2.samehadaku.how"
    variant = ("sub", "id")
    parsers = Parsers(home=parse_home, search=parse_search, detail=parse_detail)

    def mirrors(self, ask: Ask, episode: EpisodeDraft) -> tuple[MirrorDraft, ...]:
        """The players that the page offers, one request each, then what plays on the page itself."""
        page = ask.get(episode.url)
        own = parse_mirrors(page.text, page.url)

        def asked() -> Iterator[MirrorDraft | None]:
            for label, form in parse_players(page.text, page.url):
                yield parse_player(ask.post(PLAYERS, form).text, page.url, label)

        return mirrors_once((*asked(), *own))
