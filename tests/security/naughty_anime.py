"""What staff write of an anime, a row a field; as `naughty_fields`, and read back where staff compare sources."""

from collections.abc import Callable
from typing import Any

from tests.security.naughty_world import Answer, Field, World, words


def _written(name: str, wrap: Callable[[str], Any] = lambda text: text) -> Callable[[World, str], Any]:
    """Sends {name: text}, `wrap`ped as the field's shape wants it, for the world's anime."""
    return lambda w, text: w.call("PATCH", f"admin/anime/{w.anime.pk}", {name: wrap(text)}, by="staff")


def _current(name: str, unwrap: Callable[[Any], Any] = lambda value: value) -> Callable[[World, Answer], Any]:
    return lambda w, _a: unwrap(w.read(f"admin/anime/{w.anime.pk}/candidates", by="staff")[name]["current"])


def _names(name: str) -> tuple[str, ...]:
    return (f"admin_anime_create.{name}", f"admin_anime_update.{name}")


def _as_title(text: str) -> Any:
    return [{"text": text, "language": "en", "kind": "synonym"}]


def _synonym(rows: Any) -> Any:
    return next(row["text"] for row in rows if row["kind"] == "synonym")


ANIME_FIELDS: list[Field] = [
    *(
        Field(_names(name), _written(name), _current(name), words, 500, True)
        for name in ("title", "title_english", "title_native")
    ),
    *(Field(_names(name), _written(name), _current(name), words) for name in ("synopsis", "background")),
    Field(_names("titles[].text"), _written("titles", _as_title), _current("titles", _synonym), words, 500, True),
    Field(
        _names("studios[].name"),
        _written("studios", lambda text: [{"name": text, "role": "studio"}]),
        _current("studios", lambda rows: rows[0]["name"]),
        words,
        160,
        True,
    ),
]

_SHAPED = (
    "slug",
    "country",
    "colour",
    "poster_url",
    "banner_url",
    "trailer_url",
    "titles[].language",
    "genres[]",
    "tags[]",
)
ANIME_REFUSED: dict[str, str] = {
    "an address, a code, or the name of a genre or tag that there is: everything else is refused": " ".join(
        name for field in _SHAPED for name in _names(field)
    ),
}
