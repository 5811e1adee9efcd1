"""Two sites on this machine, made of real titles in the page structures of two providers: for benchmarks and demonstrations.

`python -m bench.provider_site --port 8901 --count 500` serves animasu's pages on 8901 and samehadaku's on 8902.
"""
# ruff: noqa: E501 — markup reads worse when its lines are broken

import argparse
import html
import io
import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageDraw

from bench.provider_titles import Work, works_read
from bench.real_data import data_folder_needed
from providers.tests.standin.covers import cover_made

HOME = 40
"""Cards on a home page."""
PLAIN_KINDS = frozenset({"TV", "Movie", "OVA", "ONA", "Special"})
"""The types that a site with few of them tells apart."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A work as one site lists it."""

    slug: str
    name: str
    work: Work


def cover_degraded(mal_id: int) -> bytes:
    """The cover as a provider shows it: smaller, encoded again, with its mark in a corner."""
    picture = Image.open(io.BytesIO(cover_made(mal_id)))
    small = picture.resize((picture.width // 2, picture.height // 2), Image.Resampling.BILINEAR)
    ImageDraw.Draw(small).rectangle((4, 4, 44, 20), fill=(255, 255, 255))
    out = io.BytesIO()
    small.save(out, "JPEG", quality=60)
    return out.getvalue()


def slug_of(name: str, mal_id: int) -> str:
    """A site's own slug: words, and a number that keeps apart most works of the same name without telling their id."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "title"
    return f"{words}-{mal_id % 97}"


class Site:
    """The pages of one provider; `base` is where it lives, `pick` which of a work's names it uses.

    A site is its markup: `card`, `row` (a card of its home page) and `episode` for each of many, and the pages around them.
    `told` says what may stand in braces.
    """

    card: ClassVar[str]
    row: ClassVar[str]
    episode: ClassVar[str]
    home_page: ClassVar[str]
    search_page: ClassVar[str]
    detail_page: ClassVar[str]

    def __init__(self, base: str, works: Iterable[Work], pick: Callable[[Work], str]) -> None:
        self.base = base
        self.titles = {slug_of(pick(work), work.mal_id): work for work in works}
        self.names = {slug: pick(work) for slug, work in self.titles.items()}

    def listed(self) -> list[Listed]:
        return [Listed(slug, self.names[slug], work) for slug, work in self.titles.items()]

    def found(self, query: str) -> list[Listed]:
        """What its search finds: names that share a word of four letters or more with the query."""
        words = set(re.findall(r"\w{4,}", query.lower()))
        return [one for one in self.listed() if words & set(re.findall(r"\w{4,}", one.name.lower()))][:20]

    def answer(self, path: str, query: dict[str, list[str]]) -> str | None:
        """The page at a path below the base, None: 404."""
        if path in ("", "/"):
            asked = query.get("s", [""])[0]
            return self.search(self.found(asked)) if asked else self.home(self.listed()[:HOME])
        if re.fullmatch(r"/daftar-anime-2/?", path):
            return self.search(self.found(query.get("title", [""])[0]))
        if (found := re.fullmatch(r"/anime/([^/]+)/?", path)) and found[1] in self.titles:
            return self.detail(Listed(found[1], self.names[found[1]], self.titles[found[1]]))
        return None

    def home(self, titles: list[Listed]) -> str:
        return self.home_page.format(cards="".join(self.row.format(**self.told(one)) for one in titles))

    def search(self, titles: list[Listed]) -> str:
        return self.search_page.format(cards="".join(self.card.format(**self.told(one)) for one in titles))

    def detail(self, one: Listed) -> str:
        told = self.told(one)
        episodes = "".join(self.episode.format(**told, number=number) for number in range(one.work.episodes, 0, -1))
        return self.detail_page.format(**told, episodes=episodes)

    def told(self, one: Listed) -> dict[str, object]:
        """What the markup may name of a title; the year is "" where nobody knows it."""
        record = one.work.record
        kind = record.get("type") or "TV"
        return {
            "base": self.base,
            "slug": one.slug,
            "name": html.escape(one.name),
            "cover": f"{self.base}/covers/{one.work.mal_id}.jpg",
            "mal_id": one.work.mal_id,
            "kind": kind,
            "plain_kind": kind if kind in PLAIN_KINDS else "TV",
            "year": record.get("year") or "",
            "newest": one.work.episodes,
            "announced": record.get("episodes") or "?",
            "genres": " ".join(f"<a>{html.escape(genre['name'])}</a>" for genre in record.get("genres", [])),
        }


class Animasu(Site):
    card = row = (
        '<div class="bs"><div class="bsx"><a href="{base}/anime/{slug}/" title="{name}">'
        '<div class="limit"><div class="typez">{plain_kind}</div><div class="bt">'
        '<span class="epx">Episode {newest}</span></div><img class="lazy" data-src="{cover}"></div>'
        '<div class="tt">{name}</div></a></div></div>'
    )
    episode = '<li><span class="lchx"><a href="{base}/nonton-{slug}-episode-{number}/">{name} Episode {number}</a></span></li>'
    home_page = '<html><body><div class="bixbox"><div class="releases"><h3><span>Sedang Tayang</span></h3></div><div class="listupd">{cards}</div></div></body></html>'
    search_page = '<html><body><div class="bixbox"><div class="listupd">{cards}</div><div class="pagination"><span class="page-numbers current">1</span></div></div></body></html>'
    detail_page = (
        '<html><body><div class="bigcontent"><div class="thumb"><img data-src="{cover}"></div><div class="infox">'
        '<h1>{name} Sub Indo</h1><div class="spe"><span><b>Genre:</b> {genres}</span>'
        "<span><b>Status:</b> <font>Selesai</font></span><span><b>Jenis:</b> {plain_kind}</span>"
        "<span><b>Rilis:</b> Okt 3, {year}</span><span><b>Durasi:</b> 24 min</span></div></div></div>"
        '<div class="sinopsis"><p>…</p></div><div class="bixbox"><ul id="daftarepisode">{episodes}</ul></div></body></html>'
    )


class Samehadaku(Site):
    card = (
        '<article class="animpost"><div class="animepost"><div class="animposx"><a rel="{mal_id}" href="{base}/anime/{slug}/" '
        'title="{name}"><div class="content-thumb"><img class="anmsa" src="{cover}"><div class="type">TV</div></div>'
        '<div class="data"><div class="title"><h2>{name}</h2></div><div class="type">Completed</div></div></a></div></div></article>'
    )
    row = (
        '<li><div class="thumb"><a href="{base}/anime/{slug}/"><img src="{cover}"></a></div><div class="dtla"><h2 class="entry-title">'
        '<a href="{base}/anime/{slug}/">{name}</a></h2><span>Episode <author>{newest}</author></span>'
        '<span class="author">x</span><span>Released on: 3 hours yang lalu</span></div></li>'
    )
    episode = (
        '<li><div class="epsright"><span class="eps"><a href="{base}/{slug}-episode-{number}/">{number}</a></span></div><div class="epsleft">'
        '<span class="lchx"><a href="{base}/{slug}-episode-{number}/">{name} Episode {number}</a></span><span class="date">25 July 2026</span></div></li>'
    )
    home_page = '<html><body><div class="post-show"><ul>{cards}</ul></div></body></html>'
    search_page = '<html><body><main class="site-main relat">{cards}</main><div class="pagination"><span>Page 1 of 1</span></div></body></html>'
    detail_page = (
        '<html><body><header class="info_episode"><h1 class="entry-title">{name} Sub Indo</h1></header><div class="infoanime widget_senction">'
        '<div class="thumb"><img class="anmsa" src="{cover}"></div><div class="infox"><h2 class="entry-title">{name}</h2>'
        '<div class="desc"><div class="entry-content entry-content-single"><p>…</p></div></div><div class="genre-info">{genres}</div></div></div>'
        '<h3 class="anim-detail">Detail Anime</h3><div class="anim-senct"><div class="right-senc"><div class="spe"><span><b>Status</b> Completed</span>'
        "<span><b>Type</b> {kind}</span><span><b>Total Episode</b> {announced}</span><span><b>Released</b> Jan 7, {year}</span></div></div></div>"
        '<div class="whites lsteps"><div class="lstepsiode listeps"><ul>{episodes}</ul></div></div></body></html>'
    )


class ProviderServer(ThreadingHTTPServer):
    """Serves one site and its covers on a port of its own, as providers have a host of their own."""

    daemon_threads = True

    def __init__(self, kind: type[Site], works: list[Work], pick: Callable[[Work], str], *, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.site = kind(f"http://127.0.0.1:{self.server_address[1]}", works, pick)


def servers_start(works: list[Work], *, port: int = 0) -> dict[str, ProviderServer]:
    """Both sites, on `port` and the one after it (0: any)."""
    made = {
        "animasu": ProviderServer(Animasu, works, lambda work: work.names[0], port=port),
        "samehadaku": ProviderServer(Samehadaku, works, lambda work: work.names[-1], port=port and port + 1),
    }
    for server in made.values():
        threading.Thread(target=server.serve_forever, daemon=True).start()
    return made


class _Handler(BaseHTTPRequestHandler):
    server: ProviderServer
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if found := re.fullmatch(r"/covers/(\d+)\.jpg", parts.path):
            self._send(200, cover_degraded(int(found[1])), "image/jpeg")
            return
        page = self.server.site.answer(parts.path, parse_qs(parts.query))
        if page is None:
            self._send(404, b"Not found", "text/plain")
        else:
            self._send(200, page.encode(), "text/html; charset=utf-8")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Quiet."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8901)
    parser.add_argument("--count", type=int, default=500)
    options = parser.parse_args()
    works = works_read(data_folder_needed(), options.count)
    for name, server in servers_start(works, port=options.port).items():
        print(f"{name} {server.site.base}: {len(works)} titles", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
