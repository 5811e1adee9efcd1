"""What a file's name says of what is inside."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ParsedName:
    """`episodes` is (first, last), equal for a single one, None where the name tells no number; `absolute` whether they are
    likely to count through the seasons (no season named, above what a season has). `crc` in upper-case hex; `version` 1 unless
    the name says "v2". `kind` is a catalog episode kind (regular, special, credits, trailer, parody, other).
    `resolution` is the height in pixels as the name has it ("1080p" → 1080), None for none. `title` is "" when there is none.

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

    def as_json(self) -> dict[str, Any]:
        """The fields as JSON has them: `episodes` a list or null."""
        return asdict(self)


__all__ = ["ParsedName"]
