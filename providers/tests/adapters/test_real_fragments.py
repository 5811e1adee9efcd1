"""The pieces of real pages in the data folder are read as they should be."""

import os
from pathlib import Path

import pytest

from providers.adapters import animasu, aniworld, samehadaku
from providers.adapters.parsing.samehadaku import parse_players

pytestmark = pytest.mark.data


def fragment(name: str) -> str:
    return (Path(os.environ["HIROBA_DATA"]) / "providers" / name).read_text(encoding="utf-8")


def test_animasu() -> None:
    base, text = "https://v1.animasu.app", fragment("animasu-fragments/captured.html")
    cards = animasu.parse_home(text, base).cards
    assert [(card.slug, card.episode) for card in cards] == [("op-indonesia", 1158), ("animasu-anime", 1)]
    detail = animasu.parse_detail(text, f"{base}/anime/slime/")
    assert (detail.title, detail.episodes[0].first) == ("Tensei shitara Slime Datta Ken", 1)


def test_the_stock_theme() -> None:
    base, folder = "https://v1.animasu.app", "animestream-theme-asyaanimeleri"
    cards = animasu.parse_search(fragment(f"{folder}/search.html"), base).cards
    assert [(card.slug, card.kind, card.status) for card in cards] == [
        ("one-piece-live-action", "special", "finished"),
        ("one-piece", "", "airing"),
        ("one-piece-film-red", "movie", "finished"),
    ]
    film = animasu.parse_detail(fragment(f"{folder}/series-movie.html"), f"{base}/series/one-piece-film-red/")
    assert [(episode.first, str(episode.released_on)) for episode in film.episodes] == [(None, "2023-03-09")]
    mirrors = animasu.parse_mirrors(fragment(f"{folder}/episode.html"), f"{base}/x/")
    assert [mirror.label for mirror in mirrors] == ["Gdrive", "Sibnet", "Ok.ru"]


def test_samehadaku() -> None:
    base, text = "https://v2.samehadaku.how", fragment("samehadaku-fragments/captured.html")
    assert [card.slug for card in samehadaku.parse_search(text, base).cards] == ["naruto-kecil"]
    numbers = [episode.first for episode in samehadaku.parse_episodes(text, f"{base}/anime/naruto-kecil/")]
    assert numbers == [None, 1, 220]
    labels = [player.label for player in parse_players(text, base)]
    assert labels == ["Blogspot", "Wibufile 480p", "Wibufile 720p", "Wibufile 1080p"]


def test_aniworld() -> None:
    base = "https://aniworld.to"
    cards = aniworld.parse_search(fragment("aniworld-ani-tui/aniworld-search.json"), base).cards
    assert [card.slug for card in cards] == ["attack-on-titan", "attack-and-defense"]
    title = f"{base}/anime/stream/attack-on-titan"
    detail = aniworld.parse_detail(fragment("aniworld-ani-tui/aniworld-detail.html"), title)
    assert detail.more_urls == (f"{title}/staffel-1", f"{title}/staffel-2", f"{title}/filme")
    episodes = aniworld.parse_episodes(fragment("aniworld-season/season.html"), f"{title}/staffel-1")
    assert [(episode.first, len(episode.variants)) for episode in episodes] == [(1, 3), (2, 3)]
