"""What is asked of the matcher."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Query:
    """A title as a provider has it, with what else its page says.

    `kind` is a value of `AnimeKind` or empty, `episodes` how many there are (None: not known), `cover_hash` 64 bits as a
    signed integer. `alternative_titles` are other names that the page gives.
    """

    title: str
    alternative_titles: tuple[str, ...] = ()
    year: int | None = None
    kind: str = ""
    episodes: int | None = None
    cover_hash: int | None = None
    provider: str = ""
