"""Small MyAnimeList exports for the tests of imports."""

from collections.abc import Iterable
from typing import Any
from xml.sax.saxutils import escape


def mal_file(lines: Iterable[dict[str, Any]]) -> bytes:
    """One `<anime>` a line; each says `id` and what differs from an anime that is planned."""
    return f"<myanimelist><myinfo><user_export_type>1</user_export_type></myinfo>{''.join(map(_line, lines))}</myanimelist>".encode()


def _line(said: dict[str, Any]) -> str:
    fields = {
        "series_animedb_id": said["id"],
        "series_title": said.get("title", f"Title {said['id']}"),
        "series_type": "TV",
        "series_episodes": said.get("count", 12),
        "my_watched_episodes": said.get("episodes", 0),
        "my_start_date": said.get("start", "0000-00-00"),
        "my_finish_date": said.get("finish", "0000-00-00"),
        "my_score": said.get("score", 0),
        "my_status": said.get("status", "Plan to Watch"),
        "my_comments": said.get("notes", ""),
        "my_times_watched": said.get("rewatches", 0),
        "my_tags": said.get("tags", ""),
        "update_on_import": 1,
    }
    return f"<anime>{''.join(f'<{name}>{escape(str(value))}</{name}>' for name, value in fields.items())}</anime>"
