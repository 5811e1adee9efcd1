"""MyAnimeList's XML (version 1.1.0 of its export), and Shikimori's in its shape."""

import re
from collections.abc import Iterator
from typing import Any

import orjson

from accounts.facade import User
from catalog.facade import Site
from lists.exporting.entries import ExportedEntry, entries_exported, extras_of, tags_of
from lists.exporting.hiroba import entry_line
from lists.exporting.xml_text import comment, element, element_cdata
from lists.importing.fields import score_written
from lists.importing.readers.kinds import kind_mal
from lists.importing.readers.mal_xml import DEFAULTS, OURS
from lists.importing.xml_lines import LEFTOVER
from lists.models import EntryStatus

SITES_MAL = (Site.MAL.value, Site.SHIKIMORI.value)
SITES_SHIKIMORI = (Site.SHIKIMORI.value, Site.MAL.value)
"""The two count alike."""
_STATUSES = {
    EntryStatus.WATCHING: "Watching",
    EntryStatus.COMPLETED: "Completed",
    EntryStatus.ON_HOLD: "On-Hold",
    EntryStatus.DROPPED: "Dropped",
    EntryStatus.PLANNED: "Plan to Watch",
    EntryStatus.REWATCHING: "Completed",
}
_NAME = re.compile(r"\Amy_[a-z][a-z_]{0,36}\Z")
_HEAD = '<?xml version="1.0" encoding="UTF-8" ?>\n'


def write(user: User) -> Iterator[bytes]:
    """Scores 1–10 (0 none); a rewatch is "Completed" with `my_rewatching`; what MAL has not is in comments at the end, as ours."""
    yield from _document(user, SITES_MAL, _mal_fields, {"user_id": "0", "user_name": user.username})


def write_shikimori(user: User) -> Iterator[bytes]:
    """`shiki_status` tells a rewatch; no dates and no tags."""
    yield from _document(user, SITES_SHIKIMORI, _shikimori_fields, {})


def _document(user: User, sites: tuple[str, ...], fields: Any, owner: dict[str, str]) -> Iterator[bytes]:
    info = "".join(element(name, value) for name, value in {**owner, "user_export_type": "1"}.items())
    yield f"{_HEAD}<myanimelist>\n<myinfo>{info}</myinfo>\n".encode()
    missing: list[str] = []
    for entry in entries_exported(user, sites=sites):
        if entry.site_id:
            lines = "\n\t".join(fields(entry))
            yield f"<anime>\n\t{lines}\n</anime>\n".encode()
        else:
            missing.append(comment(f"{LEFTOVER} {orjson.dumps(entry_line(entry)).decode()}"))
    if missing:
        yield b"<!-- Without an id there; kept for Hiroba: -->\n"
    for line in missing:
        yield f"{line}\n".encode()
    yield b"</myanimelist>\n"


def _mal_fields(entry: ExportedEntry) -> Iterator[str]:
    state, extras = entry.state, extras_of(entry, "mal")
    is_again = state.status == EntryStatus.REWATCHING
    seen: object = state.episodes_watched
    if is_again:
        seen = extras.get("my_watched_episodes") or entry.episode_count or 0
    kept = {**DEFAULTS, **{name: value for name, value in extras.items() if _is_kept(name, value)}}
    started = state.started_on or _known(extras, "my_start_date")
    finished = state.finished_on or _known(extras, "my_finish_date")
    yield element("series_animedb_id", entry.site_id)
    yield element_cdata("series_title", entry.title)
    yield element("series_type", kind_mal(entry.kind))
    yield element("series_episodes", entry.episode_count or 0)
    yield element("my_id", kept.pop("my_id"))
    yield element("my_watched_episodes", seen)
    yield element("my_start_date", _date(started))
    yield element("my_finish_date", _date(finished))
    yield element("my_score", score_written(state.score, step=10))
    yield element("my_status", _STATUSES[EntryStatus(state.status)])
    yield element_cdata("my_comments", state.notes)
    yield element("my_times_watched", state.rewatch_count)
    yield element_cdata("my_tags", ", ".join(tag.replace(",", ";") for tag in tags_of(entry, "mal")))
    yield element("my_rewatching", int(is_again))
    yield element("my_rewatching_ep", state.episodes_watched if is_again else 0)
    for name, value in sorted(kept.items()):
        yield element(name, value)
    yield element("update_on_import", 1)


def _shikimori_fields(entry: ExportedEntry) -> Iterator[str]:
    state = entry.state
    status = _STATUSES[EntryStatus(state.status)]
    yield element("series_title", entry.title)
    yield element("series_type", entry.kind)
    yield element("series_episodes", entry.episode_count or 0)
    yield element("series_animedb_id", entry.site_id)
    yield element("my_watched_episodes", state.episodes_watched)
    yield element("my_times_watched", state.rewatch_count)
    yield element("my_score", score_written(state.score, step=10))
    yield element("my_status", status)
    yield element("shiki_status", "Rewatching" if state.status == EntryStatus.REWATCHING else status)
    yield element("my_comments", state.notes)
    yield element("update_on_import", 1)


def _is_kept(name: object, value: object) -> bool:
    return isinstance(name, str) and bool(_NAME.match(name)) and name not in OURS and isinstance(value, str)


def _known(extras: dict[str, Any], name: str) -> str:
    found = extras.get(name)
    return found if isinstance(found, str) else ""


def _date(partial: str) -> str:
    """0000-00-00 for none, zeros for the part that is not known."""
    return partial + "-00" * (3 - len(partial.split("-"))) if partial else "0000-00-00"
