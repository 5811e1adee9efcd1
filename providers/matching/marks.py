"""What a title says besides its name: season, part, type, year, language of the sound or of the subtitles."""

import re
from dataclasses import dataclass

from catalog.facade import AnimeKind, title_fold

SEQUENCE_LIMIT = 60
"""Seasons and parts beyond this number are part of the name ("Number 99")."""

KIND_BITS = {
    "tv": 1,
    "ova": 2,
    "ona": 4,
    "movie": 8,
    "special": 16,
    "recap": 32,
    "music": 64,
}
_KIND_WORDS = {
    "tv": "tv", "tvアニメ": "tv", "series": "tv",
    "ova": "ova", "ovas": "ova", "oav": "ova", "oad": "ova", "oads": "ova", "ona": "ona",
    "movie": "movie", "movies": "movie", "film": "movie", "gekijouban": "movie", "gekijoban": "movie", "gekijo": "movie",
    "eiga": "movie", "劇場版": "movie", "映画": "movie", "げきじょうばん": "movie", "pelicula": "movie",
    "фильм": "movie", "극장판": "movie", "剧场版": "movie",
    "special": "special", "specials": "special", "sp": "special", "tokubetsuhen": "special", "omake": "special",
    "спешл": "special", "spesial": "special", "特別編": "special",
    "recap": "recap", "recaps": "recap", "soushuuhen": "recap", "総集編": "recap", "summary": "recap",
    "pv": "music", "mv": "music",
}  # fmt: skip
_EMPTY_ENDS = frozenset({"season", "seasons", "anime", "animation", "the"})
_ANYWHERE = {"movie", "movies", "film", "gekijouban", "gekijoban", "劇場版", "映画", "극장판", "剧场版", "eiga"}

_KINDS_OF_BIT = {
    1: {AnimeKind.TV, AnimeKind.TV_SHORT},
    2: {AnimeKind.OVA},
    4: {AnimeKind.ONA},
    8: {AnimeKind.MOVIE},
    16: {AnimeKind.SPECIAL, AnimeKind.TV_SPECIAL, AnimeKind.OVA, AnimeKind.ONA},
    32: {AnimeKind.SPECIAL, AnimeKind.TV_SPECIAL, AnimeKind.MOVIE},
    64: {AnimeKind.MUSIC, AnimeKind.PV, AnimeKind.CM},
}


def kinds_named(bits: int) -> set[str]:
    """The types that marks may mean: "TV Special" is a special, "OVA" is an OVA alone."""
    if bits > 1:
        bits &= ~1
    return set().union(*(kinds for bit, kinds in _KINDS_OF_BIT.items() if bit & bits))


_ROMAN = {
    "i": 1,
    "ii": 2,
    "iii": 3,
    "iv": 4,
    "v": 5,
    "vi": 6,
    "vii": 7,
    "viii": 8,
    "ix": 9,
    "x": 10,
    "xi": 11,
    "xii": 12,
}
_COUNTS = {
    word: number
    for number, words in enumerate(
        (
            "one first ichi yi 一 первыи erste premiere primera",
            "two second ni er 二 второи zweite deuxieme segunda",
            "three third san 三 третии dritte troisieme tercera",
            "four fourth yon shi si 四 четвертыи vierte quatrieme cuarta",
            "five fifth go wu 五 пятыи fuenfte cinquieme quinta",
            "six sixth roku liu 六",
            "seven seventh nana shichi 七", "eight eighth hachi 八", "nine ninth kyuu ku 九", "ten tenth juu 十",
        ),
        1,
    )
    for word in words.split()
} | {word: number for word, number in _ROMAN.items() if len(word) > 1}  # fmt: skip
_COUNT = r"(0?\d{1,2}|" + "|".join(sorted(_COUNTS, key=len, reverse=True)) + ")"
_NTH = r"(?:st|nd|rd|th|a|e|er|ere|eme)?"
_SEASON_WORD = r"(?:seasons?|saison|temporada|staffel|stagione|sezon[ai]?|сезона?|musim|сезон|しーずん|시즌|series)"
_SEASON = re.compile(
    rf"\b{_COUNT}{_NTH} ?{_SEASON_WORD}\b|\b{_SEASON_WORD} ?{_COUNT}\b|\bs ?(0?\d{{1,2}})\b|\bdai ?{_COUNT} ?(?:ki|shiizun)\b"
    r"|\bdi ?(yi|er|san|si|wu|liu) ?ji\b"
    rf"|第 ?{_COUNT} ?(?:期|季|しーずん)|(?<!\d)(\d{{1,2}}) ?(?:期|季|기)(?!\w)|\b(\d{{1,2}})ki\b"
)
_SEASON_HINT = re.compile(
    r"s(?:ea|ai|ta|e[zr]|\d| \d)|tempo|musim|сезон|しーずん|시즌|期|季|기|ki\b|\bdi ?(?:er|san|si|wu|liu|yi)"
)
_PART = re.compile(
    rf"\b(?:part|cour|teil|partie|parte|часть) ?{_COUNT}\b|\b{_COUNT}(?:st|nd|rd|th)? ?(?:part|cour|クール)\b"
    rf"|第 ?{_COUNT} ?(?:部|くーる|クール|章)"
)
_PART_HINT = re.compile(r"part|cour|teil|часть|第")

_LANGUAGE_MARK = (
    r"(?:(?:eng(?:lish)?|ger(?:man)?|fr(?:ench)?|spanish|chinese|cantonese|mandarin|jap(?:anese)?|jpn|indo(?:nesian?)?|deutsch|uncut|raw)"
    r"[ -]?)?(?:dubbed|dub|subbed|subs?|audio|synchro)(?:[ -]?(?:indo(?:nesia)?|eng(?:lish)?|esp(?:anol)?|ita|thai|malay))?"
    r"|subtitle indonesia|dual audio|vostfr|vost|vf|legendado|dublado|latino|castellano|omu|raw"
    r"|bd|bdrip|blu ?ray|uncensored|uncut|uncropped|batch|hd|full hd|1080p|720p|remastered"
)
_IS_LANGUAGE = re.compile(rf"(?:{_LANGUAGE_MARK})(?: (?:{_LANGUAGE_MARK}))*")
_LANGUAGE_TAIL = re.compile(
    r" (?:(?:eng(?:lish)?|german|chinese|cantonese) (?:dub(?:bed)?|sub(?:bed|s)?|audio)|dub(?:bed)?|subbed|(?:ger|eng)(?:sub|dub)"
    r"|sub(?:title)? indo(?:nesia)?|vostfr|legendado|dublado|uncensored|bd|batch|bluray)$"
)
_YEAR = re.compile(r"(?:19[2-9]|20[0-4])\d")
_BRACKETS = re.compile(r"[(\[（【]([^()\[\]（）【】]{1,40})[)\]）】]")


@dataclass(slots=True)
class Marks:
    """`season` and `part` 0: not said. `kinds` is a sum of `KIND_BITS`, `year` 0: not said. `is_season_named` when the
    season came with its word and not as a bare number at the end.
    """

    season: int = 0
    part: int = 0
    kinds: int = 0
    year: int = 0
    is_season_named: bool = False
    languages: tuple[str, ...] = ()


def brackets_read(text: str, marks: Marks) -> str:
    """Take language marks out of brackets; note years and types that stand in them, but leave those in the text."""

    def read(match: re.Match[str]) -> str:
        inner = title_fold(match.group(1))
        if _IS_LANGUAGE.fullmatch(inner):
            marks.languages += (inner,)
            return " "
        if _YEAR.fullmatch(inner):
            marks.year = int(inner)
        elif kind := _KIND_WORDS.get(inner):
            marks.kinds |= KIND_BITS[kind]
        return match.group()

    return _BRACKETS.sub(read, text)


def language_tail_cut(words: str, marks: Marks) -> str:
    """Cut "english dub", "sub indo" and their like off the end."""
    while match := _LANGUAGE_TAIL.search(words):
        marks.languages += (match.group().strip(),)
        words = words[: match.start()]
    return words


def _number(match: re.Match[str]) -> int:
    found = next(group for group in match.groups() if group)
    return _COUNTS.get(found) or int(found)


def sequence_cut(words: str, marks: Marks) -> str:
    """Cut season and part markers out of folded words."""
    if _SEASON_HINT.search(words) and (match := _SEASON.search(words)):
        marks.season, marks.is_season_named = _number(match), True
        words = words[: match.start()] + " " + words[match.end() :]
    if _PART_HINT.search(words) and (match := _PART.search(words)):
        marks.part = _number(match)
        words = words[: match.start()] + " " + words[match.end() :]
    return words


def tokens_read(tokens: list[str], marks: Marks) -> list[str]:
    """Words without types, trailing years and a trailing number, which is a season; at least one word is left."""
    kept = [token for token in tokens if not (token in _ANYWHERE and _kind_note(token, marks))]
    if not kept:
        return tokens
    while len(kept) > 1:
        last = kept[-1]
        if kind := _KIND_WORDS.get(last):
            marks.kinds |= KIND_BITS[kind]
        elif _YEAR.fullmatch(last):
            marks.year = int(last)
        elif last in _EMPTY_ENDS:
            pass
        elif not marks.season and (number := _trailing_number(last)):
            marks.season = number
        else:
            break
        kept.pop()
    return [_spelled(token, place) for place, token in enumerate(kept)]


def _kind_note(token: str, marks: Marks) -> bool:
    marks.kinds |= KIND_BITS[_KIND_WORDS[token]]
    return True


def _trailing_number(token: str) -> int:
    if token.isdecimal() and len(token) <= 2:
        number = int(token)
        return number if 0 < number <= SEQUENCE_LIMIT else 0
    if token in _ROMAN and token not in ("i", "v", "x"):
        return _ROMAN[token]
    return int(token[0]) if len(token) == 3 and token[1:] in ("nd", "rd", "th", "st") and token[0].isdecimal() else 0


def _spelled(token: str, place: int) -> str:
    if place and token in _ROMAN and token not in ("i", "v", "x"):
        return str(_ROMAN[token])
    return token.lstrip("0") or token if token.isdecimal() else token
