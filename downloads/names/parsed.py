"""What a file's name says of what is inside."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ParsedName:
    """`episodes` is (first, last), equal for a single one, None where the name tells no number; `absolute` whether they are
    likely to count through the seasons (no season named, above what a season has). `crc` in upper-case hex; `version` 1 unless
    the name says "v2". `kind` is a catalog episode kind (regular, special, credits, trailer, parody, other).
    `resolution` is the height in pixels as the name has it ("1080p" → 1080), None for none. `title` is "" when there is none.

    `series` is the title without what tells a season, a part or a kind at its end: "Overlord" of "Overlord II", "Show" of
    "Show - NCOP"; the same as `title` where there is nothing of that. `number` is the number's text where it is no whole one:
    "7.5" (`episodes` is (7, 7), `kind` special: it is not the seventh episode) or "9a". `alternative` is a second count of the
    same episode, the greater one: 51 in "S3 - 01 (51)".

    `language` (BCP 47) and `variant` (dub, sub, raw) where the name says so, else "".
    """

    name: str
    title: str = ""
    season: int | None = None
    episodes: tuple[int, int] | None = None
    absolute: bool = False
    year: int | None = None
    group: str = ""
    resolution: int | None = None
    crc: str = ""
    version: int = 1
    kind: str = "regular"
    episode_title: str = ""
    part: int | None = None
    language: str = ""
    variant: str = ""
    source: str = ""
    extension: str = ""
    series: str = ""
    number: str = ""
    alternative: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON has them: `episodes` a list or null."""
        return {**asdict(self), "episodes": list(self.episodes) if self.episodes else None}


__all__ = ["ParsedName"]
