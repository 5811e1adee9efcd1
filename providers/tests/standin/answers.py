"""What each address of the stand-in answers when nothing is wrong."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import orjson

from providers.tests.standin import shapes
from providers.tests.standin.covers import cover_made
from providers.tests.standin.records import Records

PAGE = 100
NOT_FOUND = orjson.dumps({"status": 404, "type": "BadResponseException", "message": "Resource does not exist"})
LAST_MODIFIED = "Sat, 01 Nov 2025 12:00:00 GMT"
_FULL = re.compile(r"/v4/anime/(\d+)(?:/full)?")
_EPISODES = re.compile(r"/v4/anime/(\d+)/episodes")
_COVER = re.compile(r"/covers/(\d+)\.jpg")
_KITSU = re.compile(r"/api/edge/anime/(\d+)")
_SHIKIMORI = re.compile(r"/api/animes/(\d+)")


@dataclass(frozen=True, slots=True)
class Said:
    """An answer; 200s have an ETag and, where the service sends one, `Last-Modified`."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def etag(self) -> str:
        return f'"{hashlib.blake2b(self.body, digest_size=12).hexdigest()}"'


MISSING = Said(404, NOT_FOUND)


class Answers:
    """`origin` is set where pictures of Jikan's records shall lead to this server's own covers."""

    def __init__(self, records: Records, *, recorded: Path | None = None, origin: str = "") -> None:
        self.records = records
        self.origin = origin
        self._recorded = _recorded_read(recorded) if recorded and recorded.exists() else {}

    def get(self, target: str) -> Said:
        """The answer to a GET of a path with its query."""
        parts = urlsplit(target)
        path, query = parts.path, dict(parse_qsl(parts.query))
        if said := self._recorded.get((path, tuple(sorted(query.items())))):
            return said
        if match := _FULL.fullmatch(path):
            return self._jikan(int(match[1]))
        if match := _EPISODES.fullmatch(path):
            return self._episodes(int(match[1]), int(query.get("page", "1")))
        if path == "/v4/anime":
            found = self.records.search(query.get("q", ""), int(query.get("limit", "25")))
            return Said(200, b'{"pagination":{},"data":[' + b",".join(self._pictured(item) for item in found) + b"]}")
        if match := _COVER.fullmatch(path):
            return Said(200, cover_made(int(match[1])), "image/jpeg") if self.records.anime(int(match[1])) else MISSING
        return self._elsewhere(path, query)

    def graphql(self, body: bytes) -> Said:
        """AniList's answer; one that knows nothing comes with 404, as there."""
        variables = orjson.loads(body).get("variables", {})
        if "search" in variables:
            found = [orjson.loads(item) for item in self.records.search(variables["search"], variables["limit"])]
            media = [shapes.anilist_media(item, self._anilist_id(item["mal_id"])) for item in found]
            return _json({"data": {"Page": {"media": media}}})
        own = variables.get("id")
        mal_id = variables.get("idMal") or self.records.elsewhere.get(("anilist", str(own)), 0)
        if not (record := self.records.anime(mal_id)):
            said = _json({"errors": [{"message": "Not Found.", "status": 404}], "data": {"Media": None}})
            return Said(404, said.body)
        return _json({"data": {"Media": shapes.anilist_media(orjson.loads(record), own or self._anilist_id(mal_id))}})

    def _jikan(self, mal_id: int) -> Said:
        if not (record := self.records.anime(mal_id)):
            return MISSING
        return Said(200, b'{"data":' + self._pictured(record) + b"}", headers={"Last-Modified": LAST_MODIFIED})

    def _pictured(self, record: bytes) -> bytes:
        if not self.origin:
            return record
        read = orjson.loads(record)
        url = f"{self.origin}/covers/{read['mal_id']}.jpg"
        return orjson.dumps(read | {"images": {"jpg": {"image_url": url, "large_image_url": url}}})

    def _episodes(self, mal_id: int, page: int) -> Said:
        if not self.records.anime(mal_id):
            return MISSING
        episodes = self.records.episodes(mal_id)
        last = max(1, -(-len(episodes) // PAGE))
        return _json(
            {
                "pagination": {"last_visible_page": last, "has_next_page": page < last},
                "data": episodes[(page - 1) * PAGE : page * PAGE],
            }
        )

    def _elsewhere(self, path: str, query: Mapping[str, str]) -> Said:
        """Kitsu and Shikimori."""
        if match := _KITSU.fullmatch(path):
            record = self.records.anime(self.records.elsewhere.get(("kitsu", match[1]), 0))
            return _json(shapes.kitsu_anime(orjson.loads(record), int(match[1]))) if record else MISSING
        if match := _SHIKIMORI.fullmatch(path):
            record = self.records.anime(int(match[1]))
            return _json(shapes.shikimori_anime(orjson.loads(record))) if record else MISSING
        if path == "/api/edge/anime":
            found = self._found(query.get("filter[text]", ""), query.get("page[limit]", "10"))
            kitsu = {mal_id: own for (site, own), mal_id in self.records.elsewhere.items() if site == "kitsu"}
            return _json(
                {"data": [shapes.kitsu_anime(item, int(kitsu.get(item["mal_id"], 0)))["data"] for item in found]}
            )
        if path == "/api/animes":
            found = self._found(query.get("search", ""), query.get("limit", "10"))
            return _json([shapes.shikimori_anime(item) for item in found])
        return MISSING

    def _found(self, words: str, limit: str) -> list[dict[str, Any]]:
        return [orjson.loads(item) for item in self.records.search(words, int(limit))]

    def _anilist_id(self, mal_id: int) -> int:
        external = orjson.loads(self.records.anime(mal_id)).get("external") or ()
        return next((int(item["url"]) for item in external if item.get("name") == "anilist"), mal_id)


def _json(value: Any) -> Said:
    return Said(200, orjson.dumps(value))


def _recorded_read(folder: Path) -> dict[tuple[str, tuple[tuple[str, str], ...]], Said]:
    """Recorded answers by path and query; addresses that ask for one anime whole come from the records instead."""
    found = {}
    for item in orjson.loads((folder / "INDEX.json").read_bytes()):
        file, parts = folder / item["file"], urlsplit(item["url"])
        if file.exists() and not _FULL.fullmatch(parts.path):
            found[(parts.path, tuple(sorted(parse_qsl(parts.query))))] = Said(item["status"], file.read_bytes())
    return found
