"""From the paths of a library to titles, seasons and episodes: "Show/Season 2/Show - 03.mkv"."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeAlias
from urllib.parse import quote, unquote

from providers.adapters.drafts import EpisodeDraft
from providers.adapters.parsing.documents import line_of
from providers.adapters.parsing.episodes import MAX_EPISODES
from providers.adapters.parsing.feed_titles import slug_of
from providers.adapters.parsing.library_shelves import LibraryFile, file_read, files_apart, is_shelf
from providers.adapters.parsing.links import MAX_URL
from providers.adapters.parsing.release_names import ReleaseName, release_read
from providers.adapters.parsing.release_words import EXTENSION, SEASON_MARK, VIDEO_ENDINGS

PREFIX = "library:"
_EXTRAS = re.compile(r"specials?|extras?|bonus|ova?s?|sp|season 0+|s0+", re.IGNORECASE)
_CREDITS = re.compile(
    r"nc|nced|ncop|op|ed|creditless|openings?|endings?|trailers?|pvs?|cms?|menus?|samples?", re.IGNORECASE
)
Named: TypeAlias = tuple[str, int | None, str, int | None, ReleaseName]
"""Title, year, slug, season of a file, and what its name says."""
_OVA = re.compile(r"\b(?:ova|oad)\b", re.IGNORECASE)
_UNWIELDY = re.compile(r"[%\s]")
_REFUSED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\\\ud800-\udfff]|(?:^|/)\.|//|^/|/$")


@dataclass(slots=True)
class LibraryTitle:
    """A title with its files in the order of the listing: (path, what its name says, season)."""

    slug: str
    title: str
    year: int | None = None
    files: list[tuple[str, ReleaseName, int | None]] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """A file without a number, or several copies of it, is a film, or an OVA that says so; of others the files tell nothing."""
        names = [name for _path, name, _season in self.files]
        if any(name.first is not None for name in names) or len({slug_of(name.title) for name in names}) > 1:
            return ""
        return "ova" if _OVA.search(self.title) else "movie"

    @property
    def newest(self) -> int | None:
        """The highest number of an episode in the newest season."""
        numbered = [
            (season or 1, name.last) for _path, name, season in self.files if name.last is not None and season != 0
        ]
        return max(numbered)[1] if numbered else None

    def episodes(self) -> tuple[EpisodeDraft, ...]:
        """By season and number; what has no number comes last."""
        drafts = [_episode(path, name, season) for path, name, season in self.files]
        drafts.sort(
            key=lambda draft: (draft.season == 0, draft.season or 1, draft.first is None, draft.first or 0, draft.url)
        )
        return tuple(drafts[:MAX_EPISODES])


def titles_of_paths(listing: str, *, only: str = "") -> dict[str, LibraryTitle]:
    """{slug: title} in the order of the listing (one path a line), or the one title of the slug `only`. The innermost folder
    that names no season is the title, unless it is a shelf (`library_shelves`): there, and in the library itself, each file
    is what its own name says. The last listing is remembered; what is given is not to be changed.
    """
    found = _titles(listing)
    return {slug: title for slug, title in ((only, found.get(only)),) if title} if only else found


@lru_cache(maxsize=1)
def _titles(listing: str) -> dict[str, LibraryTitle]:
    files = [file for path in listing.split("\n") if (file := _file_of(path)) is not None and file.is_episode]
    together: dict[tuple[str, ...], list[LibraryFile]] = {}
    for file in files:
        together.setdefault(file.folders, []).append(file)
    apart = {path for group in together.values() for path in files_apart(group)}
    found: dict[str, LibraryTitle] = {}
    for file in files:
        named = _title_apart(file) if file.path in apart else _title_around(file)
        if named is None:
            continue
        title, year, slug, season, name = named
        entry = found.setdefault(slug, LibraryTitle(slug, title[:300], year))
        entry.files.append((file.path, name, 0 if name.extra == "special" else season))
    return found


def _file_of(path: str) -> LibraryFile | None:
    """None for what is no video, nothing that an address can hold, or in a folder of openings and endings."""
    if not path.lower().endswith(VIDEO_ENDINGS) or _REFUSED.search(path) or len(url_of(path)) > MAX_URL:
        return None
    *folders, _name = path.split("/")
    season = None
    while folders and (told := _part_of_title(folders[-1])):
        if told[1]:
            return None
        season = told[0] if season is None else season
        folders.pop()
    return file_read(path, folders, season)


def url_of(path: str) -> str:
    """The address of a file of the library: one word, whatever is in the path."""
    return PREFIX + _UNWIELDY.sub(lambda found: quote(found[0]), path)


def path_of(url: str) -> str:
    """The path that `url_of` was given; "" for another kind of address."""
    return unquote(url.removeprefix(PREFIX)) if url.startswith(PREFIX) else ""


@lru_cache(maxsize=4096)
def _part_of_title(folder: str) -> tuple[int, bool] | None:
    """(season, holds credits) of a folder that is a part of the title around it; None for one that is a title."""
    name = folder.replace("_", " ").strip()
    if _CREDITS.fullmatch(name):
        return 0, True
    if _EXTRAS.fullmatch(name):
        return 0, False
    found = SEASON_MARK.fullmatch(name)
    if not found:
        return None
    read = release_read(f"Title {name}")
    return (read.season, False) if read.season is not None else None


@lru_cache(maxsize=4096)
def _title_of(folder: str) -> tuple[str, int | None, str]:
    """Title, year and slug that a folder's name tells."""
    name = release_read(folder)
    return _with_slug(_titled(name) or line_of(folder), name.year)


def _title_apart(file: LibraryFile) -> Named:
    """What a file's own name says it is; a film on a shelf of specials is a film."""
    title, year, slug = _with_slug(_titled(file.name), file.name.year)
    season = None if file.season == 0 and not file.is_numbered else file.season
    return title, year, slug, season if season is not None else _own_season(file.name, title), file.name


def _title_around(file: LibraryFile) -> Named | None:
    """The title of the folders around a file; of its own name when they are but shelves, None when that says nothing."""
    folders = list(file.folders)
    while folders and is_shelf(folders[-1]):
        folders.pop()
    if not folders:
        # "Movies/03 - Akira.mkv": the number counts what is on the shelf.
        name = replace(file.name, first=None, last=None, is_batch=False) if file.name.is_title_behind else file.name
        return (*_with_slug(_titled(name), name.year), None, name) if name.title else None
    title, year, slug = _title_of(folders[-1])
    season = file.season if file.season is not None else _own_season(file.name, title)
    is_from_shelf = len(folders) < len(file.folders)
    return title, year, slug, 0 if is_from_shelf else season, file.name


def _with_slug(title: str, year: int | None) -> tuple[str, int | None, str]:
    return title, year, slug_of(f"{title} {year}" if year else title)


def _titled(name: ReleaseName) -> str:
    title = line_of(name.title)
    return f"{title} Season {name.season}" if title and (name.season or 0) > 1 and name.first is None else title


def _own_season(name: ReleaseName, title: str) -> int | None:
    """The season that a file's name tells, unless the title is that season."""
    return None if name.season is not None and title.endswith(f"Season {name.season}") else name.season


def _episode(path: str, name: ReleaseName, season: int | None) -> EpisodeDraft:
    label = line_of(EXTENSION.sub("", path.rpartition("/")[2]))[:300]
    return EpisodeDraft(
        label=label or path[:300],
        url=url_of(path),
        first=name.first,
        last=name.last,
        season=season,
        is_batch=name.first != name.last,
    )
