"""Two sites on this machine, made of real titles in the page structures of two providers: for benchmarks and demonstrations.

`python -m bench.provider_site --port 8901 --count 500` serves animasu's pages on 8901 and samehadaku's on 8902.
"""
# ruff: noqa: E501 — markup reads worse when its lines are broken

import argparse
import html
import io
import os
import re
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from PIL import Image, ImageDraw

from bench.provider_titles import Work, works_read
from providers.tests.standin.covers import cover_made

HOME = 40
"""Cards on a home page."""
KINDS = {"TV": "TV", "Movie": "Movie", "OVA": "OVA", "ONA": "ONA", "Special": "Special"}


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
    """A site's own slug: words and the end of an id, so that two works never share one."""
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "title"
    return f"{words}-{mal_id % 97}"


class Site(ABC):
    """The pages of one provider; `base` is where it lives, `pick` which of a work's names it uses."""

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
        if path == "/" or path == "":
            asked = query.get("s", [""])[0]
            return self.search(self.found(asked)) if asked else self.home(self.listed()[:HOME])
        if found := re.fullmatch(r"/daftar-anime-2/?", path):
            return self.search(self.found(query.get("title", [""])[0]))
        if (found := re.fullmatch(r"/anime/([^/]+)/?", path)) and found[1] in self.titles:
            return self.detail(Listed(found[1], self.names[found[1]], self.titles[found[1]]))
        return None

    def cover(self, work: Work) -> str:
        return f"{self.base}/covers/{work.mal_id}.jpg"

    @abstractmethod
    def home(self, titles: list[Listed]) -> str: ...

    @abstractmethod
    def search(self, titles: list[Listed]) -> str: ...

    @abstractmethod
    def detail(self, one: Listed) -> str: ...


class Animasu(Site):
    def _cards(self, titles: list[Listed]) -> str:
        return "".join(
            f'<div class="bs"><div class="bsx"><a href="{self.base}/anime/{one.slug}/" title="{html.escape(one.name)}">'
            f'<div class="limit"><div class="typez">{KINDS.get(one.work.record.get("type", ""), "TV")}</div><div class="bt">'
            f'<span class="epx">Episode {one.work.episodes}</span></div><img class="lazy" data-src="{self.cover(one.work)}"></div>'
            f'<div class="tt">{html.escape(one.name)}</div></a></div></div>'
            for one in titles
        )

    def home(self, titles: list[Listed]) -> str:
        return f'<html><body><div class="bixbox"><div class="releases"><h3><span>Sedang Tayang</span></h3></div><div class="listupd">{self._cards(titles)}</div></div></body></html>'

    def search(self, titles: list[Listed]) -> str:
        return f'<html><body><div class="bixbox"><div class="listupd">{self._cards(titles)}</div><div class="pagination"><span class="page-numbers current">1</span></div></div></body></html>'

    def detail(self, one: Listed) -> str:
        record = one.work.record
        episodes = "".join(
            f'<li><span class="lchx"><a href="{self.base}/nonton-{one.slug}-episode-{number}/">{html.escape(one.name)} Episode {number}</a></span></li>'
            for number in range(one.work.episodes, 0, -1)
        )
        return (
            f'<html><body><div class="bigcontent"><div class="thumb"><img data-src="{self.cover(one.work)}"></div><div class="infox">'
            f'<h1>{html.escape(one.name)} Sub Indo</h1><div class="spe"><span><b>Genre:</b> '
            + " ".join(f"<a>{html.escape(genre['name'])}</a>" for genre in record.get("genres", []))
            + f"</span><span><b>Status:</b> <font>Selesai</font></span><span><b>Jenis:</b> {KINDS.get(record.get('type') or '', 'TV')}</span>"
            f"<span><b>Rilis:</b> Okt 3, {record.get('year') or ''}</span><span><b>Durasi:</b> 24 min</span></div></div></div>"
            f'<div class="sinopsis"><p>…</p></div><div class="bixbox"><ul id="daftarepisode">{episodes}</ul></div></body></html>'
        )


class Samehadaku(Site):
    def _cards(self, titles: list[Listed]) -> str:
        return "".join(
            f'<article class="animpost"><div class="animepost"><div class="animposx"><a rel="{one.work.mal_id}" href="{self.base}/anime/{one.slug}/" '
            f'title="{html.escape(one.name)}"><div class="content-thumb"><img class="anmsa" src="{self.cover(one.work)}"><div class="type">TV</div></div>'
            f'<div class="data"><div class="title"><h2>{html.escape(one.name)}</h2></div><div class="type">Completed</div></div></a></div></div></article>'
            for one in titles
        )

    def home(self, titles: list[Listed]) -> str:
        rows = "".join(
            f'<li><div class="thumb"><a href="{self.base}/anime/{one.slug}/"><img src="{self.cover(one.work)}"></a></div><div class="dtla"><h2 class="entry-title">'
            f'<a href="{self.base}/anime/{one.slug}/">{html.escape(one.name)}</a></h2><span>Episode <author>{one.work.episodes}</author></span>'
            f'<span class="author">x</span><span>Released on: 3 hours yang lalu</span></div></li>'
            for one in titles
        )
        return f'<html><body><div class="post-show"><ul>{rows}</ul></div></body></html>'

    def search(self, titles: list[Listed]) -> str:
        return f'<html><body><main class="site-main relat">{self._cards(titles)}</main><div class="pagination"><span>Page 1 of 1</span></div></body></html>'

    def detail(self, one: Listed) -> str:
        record = one.work.record
        episodes = "".join(
            f'<li><div class="epsright"><span class="eps"><a href="{self.base}/{one.slug}-episode-{number}/">{number}</a></span></div><div class="epsleft">'
            f'<span class="lchx"><a href="{self.base}/{one.slug}-episode-{number}/">{html.escape(one.name)} Episode {number}</a></span><span class="date">25 July 2026</span></div></li>'
            for number in range(one.work.episodes, 0, -1)
        )
        return (
            f'<html><body><header class="info_episode"><h1 class="entry-title">{html.escape(one.name)} Sub Indo</h1></header><div class="infoanime widget_senction">'
            f'<div class="thumb"><img class="anmsa" src="{self.cover(one.work)}"></div><div class="infox"><h2 class="entry-title">{html.escape(one.name)}</h2>'
            f'<div class="desc"><div class="entry-content entry-content-single"><p>…</p></div></div><div class="genre-info">'
            + " ".join(f"<a>{html.escape(genre['name'])}</a>" for genre in record.get("genres", []))
            + f'</div></div></div><h3 class="anim-detail">Detail Anime</h3><div class="anim-senct"><div class="right-senc"><div class="spe"><span><b>Status</b> Completed</span>'
            f"<span><b>Type</b> {record.get('type') or 'TV'}</span><span><b>Total Episode</b> {record.get('episodes') or '?'}</span>"
            f"<span><b>Released</b> Jan 7, {record.get('year') or 2000}</span></div></div></div>"
            f'<div class="whites lsteps"><div class="lstepsiode listeps"><ul>{episodes}</ul></div></div></body></html>'
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
    works = works_read(Path(os.environ["HIROBA_DATA"]), options.count)
    for name, server in servers_start(works, port=options.port).items():
        print(f"{name} {server.site.base}: {len(works)} titles", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
