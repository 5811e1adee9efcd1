"""Which folders of a library are titles, and which are shelves whose files are titles of their own."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from providers.adapters.parsing.feed_titles import slug_of
from providers.adapters.parsing.release_names import ReleaseName, release_read

_SHELF_WORDS = """
movie movies film films ova ovas oad oads ona onas special specials short shorts extra extras
anime animes animation animations donghua cartoon cartoons series serie serial serials show shows tv television
video videos media library collection downloads download torrents complete completed finished ongoing airing
watching watched unwatched unsorted new old misc other others batch batches seasonal current archive
filme kinofilme serien spielfilme danimation séries dessins animés películas peliculas filmes filmy filmler seriale
аниме фильм фильмы мультфильм мультфильмы мультики сериал сериалы спешл спешлы спецвыпуски ова видео загрузки полнометражные
映画 劇場版 劇場 アニメ アニメ映画 動画 テレビ テレビアニメ 特典 その他
电影 電影 剧场版 动画 動畫 动漫 動漫 番剧 动画电影 其他 영화 극장판 애니 애니메이션 드라마 أفلام أنمي
"""
_FILLING_WORDS = "and the my all hd uhd sd 4k of und et y e и と"
_SHELVES, _FILLING = frozenset(_SHELF_WORDS.split()), frozenset(_FILLING_WORDS.split())
# Folders of a year, of what aired in one of its seasons, of a letter: titles are in them rather than called so.
_LOOSE = re.compile(
    r"(?:(?:winter|spring|summer|fall|autumn)-)?(?:19|20)\d\d(?:s|-(?:19|20)?\d\d)?(?:-(?:winter|spring|summer|fall|autumn))?"
    r"|[^\W_](?:-[^\W_])?"
)
_NAMES_NOTHING = re.compile(r"(?:video|movie|film|main|title|feature|episode|file|untitled|vts)(?:[-_]?\d+)*")
_NO_EPISODE = re.compile(r"(?:^|-)(?:nc(?:op|ed)\d*|creditless-\w+|pv\d*|trailer\d*|teaser\d*|sample)$")
_PART = re.compile(r"(?:ovas?|oads?|specials?|sp|extras?|bonus|omake|end|final)(?:-\d+)?")
_NUMERALS = re.compile(r"\d+|(?<![^-])[ivx]+(?![^-])")
_NEARLY_SAME = 90
"""Of 100: spellings of a name, by one team and by another."""


@dataclass(frozen=True, slots=True)
class LibraryFile:
    """A video: `folders` lead to what may be its title, `season` is what folders below that tell (0: extras)."""

    path: str
    folders: tuple[str, ...]
    season: int | None
    name: ReleaseName
    key: str
    """What its own name calls the title, without case and punctuation; "" when it names none."""

    @property
    def is_numbered(self) -> bool:
        return self.name.first is not None

    @property
    def is_episode(self) -> bool:
        """False for openings, endings, trailers and samples, whatever folder they are in."""
        return self.name.extra not in ("credits", "trailer") and not _NO_EPISODE.search(self.key)


def file_read(path: str, folders: Sequence[str], season: int | None) -> LibraryFile:
    """What a path tells, apart from the files around it."""
    name = release_read(path.rpartition("/")[2], is_file=True)
    key = "" if name.is_title_behind or not name.title else slug_of(name.title)
    return LibraryFile(path, tuple(folders), season, name, "" if _NAMES_NOTHING.fullmatch(key) else key)


@lru_cache(maxsize=4096)
def is_shelf(folder: str) -> bool:
    """Whether a folder is called as shelves are ("Movies", "Anime [1080p]", "Фильмы"), so that it is never a title."""
    words = slug_of(release_read(folder).title or folder).split("-")
    return any(word in _SHELVES for word in words) and all(
        word in _SHELVES or word in _FILLING or (word.isdigit() and len(word) < 3) for word in words
    )


def files_apart(files: Sequence[LibraryFile]) -> set[str]:
    """The paths of those of a folder's files that are titles of their own; the others are of the folder's title.

    On a shelf that is each that names one. In a folder whose files agree on one name that is what has another one (a film
    among the episodes of a series); where they agree on none the folder is a shelf, whatever it is called.
    """
    folders = files[0].folders
    if not folders or is_shelf(folders[-1]):
        return {file.path for file in files if file.key}
    folder = release_read(folders[-1])
    title = slug_of(folder.title or folders[-1])
    if len(files) == 1:
        return {files[0].path} if _is_apart_alone(files[0], title, folder.year) else set()
    # Files that only count are of whatever the folder is called; so are seasons.
    is_claimed = any(file.season or (file.is_numbered and not file.key) for file in files)
    known, others = _names_parted(files, title, is_claimed=is_claimed)
    is_shelf_of_extras = len(others) > 1 and not known and not is_claimed
    return {
        file.path
        for file in files
        if file.key
        and (
            (file.season is None and (file.key in others or not _years_agree(file, folder.year)))
            or (file.season == 0 and is_shelf_of_extras)
        )
    }


def _names_parted(files: Sequence[LibraryFile], title: str, *, is_claimed: bool) -> tuple[set[str], set[str]]:
    """The names of files that are the folder's, and those that are not."""
    direct = [file for file in files if file.season is None and file.key]
    names = {file.key for file in direct}
    of_seasons = {file.key for file in files if file.season}
    ours = {title}
    if not any(name in of_seasons or _is_one(name, title) for name in names):
        ours |= {_main_of(direct, is_claimed=is_claimed)} - {""}
    known = {
        name for name in names if name in of_seasons or any(_is_one(name, our) or _is_part(name, our) for our in ours)
    }
    return known, names - known


def _is_apart_alone(file: LibraryFile, title: str, year: int | None) -> bool:
    """A folder of one file is its title, unless the file names another and the folder does not look like a film's."""
    if not file.key or file.is_numbered or file.season is not None or _is_one(file.key, title):
        return False
    return _LOOSE.fullmatch(title) is not None or (file.name.year is not None and year is None)


def _main_of(files: Sequence[LibraryFile], *, is_claimed: bool) -> str:
    """The name that those of all these files begin with, as most episodes are called; "" where there is none. The name of a
    film counts where the folder is not claimed by episodes.
    """
    counted = Counter(file.key for file in files if file.is_numbered)
    if not counted and not is_claimed:
        counted = Counter(file.key for file in files)
    if not counted:
        return ""
    main = min(counted, key=lambda name: (-counted[name], len(name), name))
    is_family = all(_is_one(file.key, main) or file.key.startswith(f"{main}-") for file in files)
    # Films of a series, none of them called as the series is, have nothing in common but a shelf.
    return main if is_family else ""


def _is_one(name: str, other: str) -> bool:
    """Whether two names are spellings of one; numbers must be the same."""
    return name == other or (
        fuzz.ratio(name, other, score_cutoff=_NEARLY_SAME) > 0 and _NUMERALS.findall(name) == _NUMERALS.findall(other)
    )


def _is_part(name: str, title: str) -> bool:
    """Whether a name is a title's with nothing but "OVA" or the like behind it."""
    return name.startswith(f"{title}-") and _PART.fullmatch(name.removeprefix(f"{title}-")) is not None


def _years_agree(file: LibraryFile, year: int | None) -> bool:
    return file.is_numbered or file.name.year is None or year is None or abs(file.name.year - year) <= 1
