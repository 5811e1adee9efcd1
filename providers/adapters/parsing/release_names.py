"""Reads what a release or a file of one is called: "[Group] Show - 07 (1080p)" is episode 7 of "Show"."""

import re
import unicodedata
from dataclasses import dataclass

from providers.adapters.parsing.release_words import (
    ENDS_TITLE,
    EXTENSION,
    EXTRA_NUMBERS,
    ORDINALS,
    SEASON_MARK,
    TECHNICAL,
    VOLUME,
)

MAX_LENGTH = 300
"""Longer names are cut: no release has one, and each pattern below runs over the whole."""
_ONE = r"\d{1,4})(?P<%s>\.\d)?(?:[a-d](?![a-z]))?\s?(?:v\d)?"
_RANGE = rf"(?P<first>{_ONE % 'first_part'}(?:\s?(?:[-~&+–]|\bto\b)\s?(?:ep?\s?|#)?(?P<last>{_ONE % 'last_part'})?"
_END = r"(?:\s?\(?(?:end|fin|final)\b\)?)?(?=$|[\s\[(\]):,_.!\-–])"
_EPISODES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (  # the surest first
        rf"(?<![a-z0-9])s(?P<season>\d{{1,2}})[\s._-]?e{_RANGE}",
        rf"(?<![a-z0-9])(?P<season>\d{{1,2}})x(?=\d\d){_RANGE}{_END}",
        rf"第\s?{_RANGE}\s?[話话集回]",
        rf"(?<![\d.]){_RANGE}\s?[話话]",
        rf"(?<![a-z])(?:[eé]pis[oó]d(?:es?|ios?)|capitulo|folge|eps?|e(?=\d\d)|серия|эпизод)[\s._-]{{0,2}}{_RANGE}{_END}",
        rf"(?:^|[\s\])])#\s?{_RANGE}{_END}",
        rf"(?:^|[\s\])])[-–‒—]\s?\(?{_RANGE}\)?{_END}",
        rf"\[{_RANGE}\s?(?:[（(]?\s?(?:end|fin)\s?[)）]?|of\s\d{{1,4}})?\]",
        rf"\((?!(?:19|20)\d\d\)){_RANGE}(?:\sof\s\d{{1,4}})?\)",
        rf"^{_RANGE}(?=\s?[-–.]\s|\s?\.?\s?¦|\s?$)",
    )
)
_TRAILING = re.compile(rf"(?<=[\s\]]){_RANGE}{_END}\s*$", re.IGNORECASE)
_NO_EPISODE = re.compile(
    r"(?:\b(?:movies?|film|(?<!st\s)(?<!nd\s)(?<!rd\s)(?<!th\s)season|part|cour|vol|volume|stage|no)\.?|[&+×])\s?$",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_LAST_BRACKET = re.compile(r"(?<=[^\s])\s*\[[^\[\]]*\]\s*$")
_BRACKET = re.compile(r"\[([^\[\]]*)\]|\(([^()]*)\)|\{([^{}]*)\}")
_YEAR = re.compile(r"(?:19|20)\d\d")
_RESOLUTION = re.compile(r"(?<!\d)(\d{3,4})[pi]\b|(?<!\d)\d{3,4}\s?[x×]\s?(\d{3,4})(?!\d)", re.IGNORECASE)
_NUMBERS = re.compile(
    r"\s*(?:ep?\.?\s?|#|第)?\d{1,4}(?:v\d)?(?:\s?(?:[-~+&]|of)\s?\d{1,4})?(?:v\d)?\s?[話话集]?\s?[（(]?(?:end|fin)?[)）]?\s*",
    re.IGNORECASE,
)
_HOLDS_MANY = re.compile(r"\b(?:batch|complete)\b|\bvol(?:ume)?s?\.?\s?\d", re.IGNORECASE)
_PADDED = re.compile(r"(?<=\s)(?P<first>0\d{1,2})(?P<first_part>)(?P<last>)(?P<last_part>)(?=\s)")
_DOT_BEHIND_NUMBER = re.compile(r"(?<=\d)\.$")
_EDGES = " \t-–‒—_,|/+★"


@dataclass(frozen=True, slots=True)
class ReleaseName:
    """`first` and `last` are episode numbers (equal for one), None where the name has none or a part of one ("7.5").

    `season` is None when the name tells none. `extra`: "special" (SP, OVA in a series), "credits" (OP, ED), "trailer".
    `resolution` is pixels of height, 0 unknown. `is_batch`: it holds several episodes. `is_title_behind`: the title was found
    behind the number, where that of an episode may stand ("03 - The Rain").
    """

    title: str
    first: int | None = None
    last: int | None = None
    season: int | None = None
    year: int | None = None
    group: str = ""
    extra: str = ""
    resolution: int = 0
    is_batch: bool = False
    is_title_behind: bool = False


@dataclass(slots=True)
class _Parts:
    """The name taken apart at its episode number."""

    before: str
    after: str = ""
    first: int | None = None
    last: int | None = None
    season: int | None = None
    extra: str = ""


def release_read(name: str, *, is_file: bool = False) -> ReleaseName:
    """What a name says. `is_file`: a lone digit at its end is an episode ("Show 2.mkv"), not a sequel."""
    text = _spaced(unicodedata.normalize("NFC", name)[:MAX_LENGTH])
    resolution = _RESOLUTION.search(text)
    group, text = _group_taken(text)
    year, text = _brackets_cleared(text)
    if (ends := ENDS_TITLE.search(text)) and text[: ends.start()].strip(_EDGES + "¦"):
        text = f"{text[: ends.start()]} ¦ {text[ends.end() :]}"
    parts = _numbers_taken(text, is_file=is_file)
    title, season = _season_taken(_ended(parts.before))
    is_title_behind = not title and bool(parts.after)
    if is_title_behind:
        title, season = _season_taken(_ended(parts.after).split(" - ")[0])
    season = parts.season if parts.season is not None else season
    is_batch = parts.first != parts.last or (parts.first is None and _HOLDS_MANY.search(name) is not None)
    return ReleaseName(
        title=title or (group if parts.first is not None and not parts.before.strip(_EDGES) else ""),
        first=parts.first,
        last=parts.last,
        season=season,
        year=year,
        group=group,
        extra=parts.extra,
        resolution=int(resolution[1] or resolution[2]) if resolution else 0,
        is_batch=is_batch,
        is_title_behind=is_title_behind and bool(title),
    )


def _spaced(name: str) -> str:
    """The name without its ending, its words parted by single spaces, all brackets of the plain kinds."""
    text = EXTENSION.sub("", name.translate(str.maketrans("【】（）［］＃", "[]()[]#")))
    outside = _BRACKET.sub("", text)
    if "_" in outside:
        text = text.replace("_", " ")
    elif " " not in outside.strip():
        text = re.sub(r"(?<!\d)\.|\.(?!\d)|\+", " ", text) if outside.count("-") < 2 else re.sub(r"[.+-]", " ", text)
    return " ".join(text.replace("_", " ").split())


def _group_taken(text: str) -> tuple[str, str]:
    """The team in brackets at the start, and the rest."""
    found = re.match(r"\[+([^\[\]]*)\]+", text)
    if not found or not found[1].strip() or _NUMBERS.fullmatch(found[1]):
        return "", text
    return found[1].strip(), text[found.end() :].strip(_EDGES + ".")


def _brackets_cleared(text: str) -> tuple[int | None, str]:
    """The year that stands in brackets, and the name with "¦" for technical brackets; those of words and numbers stay."""
    year: int | None = None

    def cleared(found: re.Match[str]) -> str:
        nonlocal year
        content = (found[1] or found[2] or found[3] or "").strip()
        if found[2] and _YEAR.fullmatch(content):
            year = year or int(content)
            return " "
        if _NUMBERS.fullmatch(content):
            return found[0]
        words = len(_WORD.findall(TECHNICAL.sub(" ", content)))
        is_first = found[1] is not None and not text[: found.start()].strip()
        if not content or (words < (2 if is_first else 99) and TECHNICAL.search(content)):
            return " ¦ "
        if content.casefold() == "tv":
            return " "
        # Names all in brackets: the first that is neither a team nor a number is the title.
        return f" {content} " if is_first else found[0]

    left = " ".join(_BRACKET.sub(cleared, text).split())
    return year, left


def _numbers_taken(text: str, *, is_file: bool) -> _Parts:
    """The name taken apart at the surest of the places that look like an episode number."""
    if extra := EXTRA_NUMBERS.search(text):
        word = extra["extra"].casefold()
        number = int(extra["number"])
        kind = "credits" if word.endswith(("op", "ed")) else "trailer" if word in ("pv", "cm") else "special"
        if kind != "special" or not any(pattern.search(text[: extra.start()]) for pattern in _EPISODES[:6]):
            return _Parts(text[: extra.start()], text[extra.end() :], number, number, extra=kind)
    for pattern in _EPISODES:
        for found in pattern.finditer(text):
            if not _NO_EPISODE.search(text[: found.start()]):
                return _parts_of(text, found)
    head = _LAST_BRACKET.sub("", text.partition("¦")[0]).strip()
    last = _TRAILING.search(head) or (_PADDED.search(head) if is_file else None)
    if last and _is_episode(head, last, is_file=is_file):
        return _parts_of(head, last)
    return _Parts(text)


def _is_episode(head: str, found: re.Match[str], *, is_file: bool) -> bool:
    """Whether a number at the end of a title counts episodes: neither a year nor the number of a sequel or a film."""
    digits = found["first"]
    if found["last"]:
        return True
    if _NO_EPISODE.search(head[: found.start()]) or _YEAR.fullmatch(digits):
        return False
    return len(digits) > 1 or is_file


def _parts_of(text: str, found: re.Match[str]) -> _Parts:
    named = found.groupdict()
    first, last = int(named["first"]), int(named["last"] or named["first"])
    parts = _Parts(
        text[: found.start()], text[found.end() :], season=int(named["season"]) if named.get("season") else None
    )
    if not named["first_part"] and not named["last_part"]:
        # "12-3" is no range: the first number counts.
        parts.first, parts.last = first, last if last >= first else first
    return parts


def _ended(text: str) -> str:
    """A title up to the first technical thing in it, without what clings to its ends."""
    head = next((piece for piece in text.split("¦") if piece.strip(_EDGES)), "")
    return VOLUME.sub("", _LAST_BRACKET.sub("", head.strip(_EDGES))).strip(_EDGES)


def _season_taken(title: str) -> tuple[str, int | None]:
    """The title without the words that tell its season, and the season."""
    found = SEASON_MARK.search(title)
    if not found or (not title[: found.start()].strip() and not title[found.end() :].strip()):
        return _trimmed(title), None
    word = found["word"]
    number = ORDINALS[word.casefold()] if word else int(next(digits for digits in found.groups() if digits))
    return _trimmed(f"{title[: found.start()]} {title[found.end() :]}"), number


def _trimmed(title: str) -> str:
    title = _DOT_BEHIND_NUMBER.sub("", " ".join(title.split()).strip(_EDGES))
    return title[:-1].rstrip() if title.endswith((" [", " (", "[", "(")) else title
