"""Files that browsers do not play as they are: an app above says how each plays, and makes the pieces while they are asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from core.errors import NotFound

REMADE = frozenset({".mkv", ".webm", ".mp4", ".m4v", ".mov", ".ts", ".m2ts"})
"""Endings of files that can be cut into pieces."""
MASTER = "master.m3u8"


@dataclass(frozen=True, slots=True)
class MadeText:
    """A text inside of a file: `name` is its address below the source's pieces, `format` vtt or ass, `language` BCP 47 or ""."""

    name: str
    format: str
    language: str
    label: str
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Playable:
    """How one file plays. Types are as `canPlayType` takes them, "" where it is not known.

    `direct`: of the file itself, None when no browser plays it; `made`: (name of a playlist, type), best first;
    `is_made_better`: the pieces offer what the file itself does not (a choice of audio). `texts` are those inside; once tracks of
    the episode lie below `texts_kept` they have been taken out and are not offered twice.
    """

    direct: str | None = None
    made: tuple[tuple[str, str], ...] = ()
    is_made_better: bool = False
    texts: tuple[MadeText, ...] = ()
    texts_kept: str = ""


@dataclass(frozen=True, slots=True)
class Remaker:
    """`known(paths)`: what is known of stored paths, in one query. `piece(path, name)`: the file of a piece, made now if need be,
    and for how many seconds it stays what it is; raises `NotFound` for a name that is none, other `DomainError`s as it goes.
    """

    known: Callable[[Sequence[str]], Mapping[str, Playable]]
    piece: Callable[[str, str], tuple[Path, int]]


_remaker: list[Remaker] = []


def remade_register(remaker: Remaker) -> None:
    """Have files remade by `remaker`; there is one."""
    _remaker[:] = [remaker]


def is_remade(suffix: str) -> bool:
    """Whether a file with this ending can be cut into pieces here."""
    return bool(_remaker) and suffix.lower() in REMADE


def playables(paths: Sequence[str]) -> Mapping[str, Playable]:
    """What is known of these stored paths; without any, nothing is asked."""
    return _remaker[0].known(paths) if _remaker and paths else {}


def piece_file(path: str, name: str) -> tuple[Path, int]:
    """The file of a piece of a stored path, and its age at most (seconds). Raises `NotFound` for a file that is not cut."""
    if not is_remade(PurePosixPath(path).suffix):
        raise NotFound()
    return _remaker[0].piece(path, name)
