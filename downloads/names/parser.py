"""A file's name read: `name_parse` for one, `names_parse` for many. Pure, and no text makes it fail."""

import re
from collections.abc import Iterable
from typing import Final

from downloads.names.known import KnownTitles
from downloads.names.numbers import YEARS, Choice, bracket_number, choose
from downloads.names.parsed import ParsedName
from downloads.names.tokens import (
    BRACKET,
    DASH,
    EPISODE,
    EPISODE_WORD,
    KIND,
    META_WORD,
    NUMBER,
    PART_WORD,
    PLAIN,
    VERSION,
    Bracket,
    Draft,
    Item,
)
from downloads.names.words import CAPITALS, DUAL, FILLERS, JOINED, KINDS, META, NUMBERED, RANK, ROMANS, Word

# An episode above what two cours have counts through the seasons, unless the name says which season.
SEASON_LENGTH_MAX: Final = 26
# A longer text in a bracket at the end is a remark, not a group.
GROUP_LENGTH_MAX: Final = 40
_SEASON_END = re.compile(
    r"(?:^|\s)\s*(?:s[0-9]{1,2}|season [0-9]{1,2}|[0-9]{1,2}(?:st|nd|rd|th) season)$", re.IGNORECASE
)
_HEAD = re.compile(r"[A-Za-z]+")
_EDGES: Final = " -~_,;:|"


def names_parse(names: Iterable[str], known: KnownTitles | None = None) -> list[ParsedName]:
    """Each name as `name_parse` reads it, in the same order."""
    return [name_parse(name, known) for name in names]


def name_parse(name: str, known: KnownTitles | None = None) -> ParsedName:
    """What a file's name (no folders) says; a title of `known` is not taken for a number. Reads the first 600 characters."""
    draft = Draft(name)
    items = draft.items
    body, group = _leading(items)
    season_known = known.protect(items, body) if known is not None else None
    choice = choose(items, is_file=draft.is_file, body=body)
    if choice.season is None and season_known is not None:
        choice.season = season_known
    first, until, title = _title(draft, choice, body)
    if not title:
        title, group = _bracket_title(items, choice, group)
    number = choice.number
    kind = _kind(items, choice, first)
    facts = _facts(items, choice, until)
    if number is not None and "." in number.text and kind == "regular":
        kind = "special"
    if choice.season == 0 and kind == "regular":
        kind = "special"
    return ParsedName(
        name=name,
        title=title,
        season=choice.season,
        episodes=_episodes(choice),
        absolute=bool(
            number is not None and choice.season is None and kind == "regular" and number.first > SEASON_LENGTH_MAX
        ),
        year=choice.year,
        group=group or _trailing_group(draft, choice, until, facts),
        resolution=facts.resolution,
        crc=facts.checksum,
        version=facts.version if number is None or number.version == 1 else number.version,
        kind=kind,
        episode_title=_episode_title(draft, choice, first, until),
        part=choice.part,
        language=facts.language,
        variant=facts.variant,
        source=facts.source,
        extension=draft.extension,
        series=_series(draft, choice, first, until) or title,
        number=number.text if number is not None else "",
        alternative=choice.other.first if choice.other is not None else None,
    )


def _episodes(choice: Choice) -> tuple[int, int] | None:
    number = choice.number
    if number is None:
        return None
    return number.first, number.last if number.is_range else number.first


def _leading(items: list[Item]) -> tuple[int, str]:
    """Where the running text begins, and the group in the brackets before it."""
    position = 0
    if len(items) > 1 and items[1].role == BRACKET and items[0].role == PLAIN and items[0].text[-1] == ".":
        position = 1  # A site's mark glued to the group: "Bot.[Group] Show".
    elif len(items) > 2 and items[1].role == BRACKET and items[0].role == NUMBER and items[2].role == PLAIN:
        position = 1  # A list's number before the group: "37 [Group] Show - 37".
    group = ""
    while position < len(items):
        item = items[position]
        if item.role == BRACKET:
            bracket: Bracket = item.value  # type: ignore[assignment]
            if not group and not bracket.is_meta and bracket_number(bracket) is None:
                group = bracket.inner
        elif item.role != DASH:
            break
        position += 1
    return position, group


def _title(draft: Draft, choice: Choice, body: int) -> tuple[int, int, str]:
    """The positions of the title's first item and one past its last, and its text; the text is "" for none."""
    items = draft.items
    count = len(items)
    first = body
    is_numbered = choice.at == body and choice.number is not None and items[body].role != KIND
    if is_numbered:
        first = choice.until
    while first < count and items[first].role in (DASH, VERSION):
        first += 1
    if first >= count or items[first].role == BRACKET:
        return first, first, ""
    until = first
    while until < count and not _is_stop(items, until, choice, first):
        until += 1
    if is_numbered:
        inner = next((at for at in range(first + 1, until - 1) if items[at].role == DASH), None)
        if inner is not None:
            until = inner
        elif first > choice.until or items[body].role != EPISODE_WORD:
            return first, first, ""
    return first, until, _title_text(draft, choice, first, until)


def _title_text(draft: Draft, choice: Choice, first: int, until: int) -> str:
    items = draft.items
    has_number = until == choice.at or until == choice.season_at
    last = until
    while last > first and (items[last - 1].role == DASH or (items[last - 1].role == BRACKET and not has_number)):
        last -= 1
    if last <= first:
        return ""
    text, start, end = draft.text, items[first].start, items[last - 1].end
    if until == choice.at and until < len(items):
        item = items[until]
        if item.role == KIND and isinstance(item.value, tuple):
            end = item.start + item.value[2]
    title = " ".join(text[start:end].split()).strip(" ,;:|")
    if title.endswith("-") and " -" in title[:-1]:
        return title.lstrip("-")  # "Garden -Rain-"
    return title.strip(" -,;:|")


def _is_stop(items: list[Item], position: int, choice: Choice, first: int) -> bool:
    """The title ends before this item."""
    if position in (choice.at, choice.season_at, choice.volume_at, choice.year_at):
        return True
    item = items[position]
    role = item.role
    if role in (PLAIN, DASH):
        return False
    if role == BRACKET:
        bracket: Bracket = item.value  # type: ignore[assignment]
        if bracket.is_meta or bracket_number(bracket) is not None:
            return True
        return (
            position + 1 < len(items) and items[position + 1].start == item.end and items[position + 1].role == BRACKET
        )
    if role == META_WORD:
        words: tuple[Word, ...] = item.value  # type: ignore[assignment]
        if any(word[2] for word in words):
            return position > first
        if position == first:
            return False
        return _is_release(items, position) if words[0][0] == "release" else _is_tail(items, position)
    if role == NUMBER:
        return item.value.first in YEARS and _is_release(items, position)  # type: ignore[attr-defined]
    return role == EPISODE or (role == VERSION and position > first)


def _is_release(items: list[Item], position: int) -> bool:
    """Nothing but fillers lies between here and the brackets or the end: "Complete Version (720p)"."""
    position += 1
    while position < len(items) and (items[position].lower in FILLERS or items[position].role in (VERSION, META_WORD)):
        position += 1
    return position >= len(items) or items[position].role == BRACKET


def _is_tail(items: list[Item], position: int) -> bool:
    """Two or more words about languages close the running text: "Dual Audio [BD]", "English Dub"."""
    start = position
    while position < len(items) and items[position].role == META_WORD:
        if items[position].value[0][0] not in ("language", "variant", "source"):  # type: ignore[index]
            return False
        position += 1
    return position - start > 1 and (position >= len(items) or items[position].role == BRACKET)


def _bracket_title(items: list[Item], choice: Choice, group: str) -> tuple[str, str]:
    """The title of a name that is all brackets, and what is left as its group: "[Group][Show][01]", "[Show].148."."""
    texts: list[tuple[str, str]] = []
    for position, item in enumerate(items):
        if choice.number is not None and position >= choice.at:
            break
        if item.role != BRACKET:
            continue
        bracket: Bracket = item.value  # type: ignore[assignment]
        inner = _SEASON_END.sub("", bracket.inner) if position == choice.season_at else bracket.inner
        if inner and not bracket.is_meta and position != choice.year_at and bracket_number(bracket) is None:
            texts.append((bracket.kind, inner))
    if not texts or (choice.number is None and len(texts) < 2):
        return "", group
    same = [inner for kind, inner in texts[1:] if kind == texts[0][0]]
    if not same:
        return _cleaned(texts[0][1]), ""
    latin = next((inner for inner in same if inner.isascii()), same[0])
    return _cleaned(latin), group


def _cleaned(text: str) -> str:
    words = (text if " " in text else text.replace(".", " ")).split()
    while len(words) > 1 and META.get(words[-1].lower(), ("",))[0] == "release":
        words.pop()
    return " ".join(words).strip(_EDGES)


def _series(draft: Draft, choice: Choice, first: int, until: int) -> str:
    """The title's beginning without kinds, parts and a sequel's number at its end; "" when that leaves nothing."""
    items = draft.items
    last = until
    while last > first:
        item = items[last - 1]
        role = item.role
        if role in (DASH, KIND):
            last -= 1
        elif last - first > 2 and items[last - 2].role == PART_WORD and (role == NUMBER or item.text in ROMANS):
            last -= 2
        elif last - first > 1 and choice.season is not None and _tells(item, choice.season):
            last -= 1
        else:
            break
    return _title_text(draft, choice, first, last) if first < last < until else ""


def _tells(item: Item, season: int) -> bool:
    return ROMANS.get(item.text) == season or item.text == str(season)


def _kind(items: list[Item], choice: Choice, first: int) -> str:
    """The most telling of the kinds that are named behind the title's first word."""
    found: set[str] = set()
    count = len(items)
    for position, item in enumerate(items):
        if item.role == KIND:
            if isinstance(item.value, tuple):
                found.add(item.value[0])
                continue
            after = items[position + 1] if position + 1 < count else None
            is_closed = after is None or after.role in (BRACKET, META_WORD, KIND, DASH, VERSION, NUMBER, EPISODE)
            if after is not None and after.role == NUMBER and position + 1 != choice.at:
                is_closed = False
            if (
                is_closed
                and (position > first or count == 1 or choice.at == position + 1)
                and (
                    item.lower not in NUMBERED
                    or choice.at == position + 1
                    or (after is None and "creditless" in items[position - 1].lower)
                )
            ):
                found.add(str(item.value))
        elif item.role == BRACKET and item.value.inner and position:  # type: ignore[attr-defined]
            head = _HEAD.match(item.value.inner)  # type: ignore[attr-defined]
            if head is not None and head[0].lower() in KINDS and (head[0].isupper() or head[0].lower() not in CAPITALS):
                rest = item.value.inner[head.end() :].strip()  # type: ignore[attr-defined]
                if not rest or rest[0].isdecimal():
                    found.add(KINDS[head[0].lower()])
    return next((kind for kind in RANK if kind in found), "regular")


class _Facts:
    """What the words about the release tell; the first of each counts, a language other than Japanese before it."""

    __slots__ = ("checksum", "group", "language", "resolution", "source", "variant", "version")

    def __init__(self) -> None:
        self.resolution: int | None = None
        self.language = self.variant = self.source = self.group = self.checksum = ""
        self.version = 1

    def add(self, word: Word, lower: str) -> None:
        """`lower` is the text that the word was read from."""
        field, value, _ = word
        if field == "resolution":
            self.resolution = self.resolution or int(value)
        elif field == "source":
            self.source = self.source or str(value)
        elif field == "language":
            if not self.language or self.language == "ja":
                self.language = str(value)
        elif field == "variant":
            if not self.variant:
                self.variant = str(value)
        elif field == "group":
            self.group = str(value)
        if (field == "variant" or field == "release" or field == "language") and lower in JOINED:
            self.language, self.variant = JOINED[lower]


def _facts(items: list[Item], choice: Choice, until: int) -> _Facts:
    facts = _Facts()
    is_dual = False
    for position, item in enumerate(items):
        role = item.role
        if role == BRACKET:
            bracket: Bracket = item.value  # type: ignore[assignment]
            if bracket.checksum:
                facts.checksum = bracket.checksum
            if bracket.words and bracket.is_meta:
                for word in bracket.words:
                    facts.add(word, bracket.inner.lower())
                is_dual = is_dual or not DUAL.isdisjoint(bracket.inner.lower().split())
            elif len(bracket.inner) == 2 and bracket.inner[0] in "vV" and bracket.inner[1].isdecimal():
                facts.version = int(bracket.inner[1])
        elif role == META_WORD and position >= until:
            for word in item.value:  # type: ignore[attr-defined]
                facts.add(word, item.lower)
            is_dual = is_dual or item.lower in DUAL
        elif role == VERSION and position:
            facts.version = int(item.value)  # type: ignore[call-overload]
        elif position >= until and len(item.text) == 8 and item is items[-1] and not facts.checksum:
            facts.checksum = _checksum(item.text)
    if is_dual and facts.language and not facts.variant:
        facts.variant = "dub"
    return facts


def _checksum(text: str) -> str:
    """A checksum without brackets: hex with digits and letters, all letters of one case."""
    is_hex = all(sign in "0123456789abcdefABCDEF" for sign in text)
    is_mixed = any(map(str.isdecimal, text)) and any(map(str.isalpha, text))
    return text.upper() if is_hex and is_mixed and text in (text.upper(), text.lower()) else ""


def _trailing_group(draft: Draft, choice: Choice, until: int, facts: _Facts) -> str:
    """A group behind the title: in a bracket of its own, behind the last dash, or beside the codecs in their bracket."""
    if facts.group:
        return facts.group
    items = draft.items
    beside = ""
    for position in range(len(items) - 1, max(until, choice.until, 1) - 1, -1):
        item = items[position]
        if item.role == BRACKET:
            bracket: Bracket = item.value  # type: ignore[assignment]
            is_told = position in (choice.year_at, choice.season_at, choice.at)
            is_text = 0 < len(bracket.inner) <= GROUP_LENGTH_MAX and not bracket.is_meta
            if is_text and not is_told and bracket_number(bracket) is None:
                return bracket.inner
            beside = beside or bracket.rest
        elif position == len(items) - 1 and item.role == PLAIN and position:
            before = items[position - 1]
            if before.role == DASH and position > 1 and items[position - 2].role in (BRACKET, META_WORD):
                return item.text
            if before.role == BRACKET and item.text[0] == "-" and len(item.text) > 1:
                return item.text[1:]
    return beside


def _episode_title(draft: Draft, choice: Choice, first: int, until: int) -> str:
    """The running text between the episode's number and the next bracket or codec."""
    if choice.number is None:
        return ""
    items = draft.items
    position = choice.until if choice.at >= until or first == until else until
    while position < len(items) and items[position].role in (DASH, VERSION):
        position += 1
    end = position
    while end < len(items):
        item = items[end]
        if item.role in (BRACKET, EPISODE, VERSION) or (item.role == META_WORD and any(word[2] for word in item.value)):  # type: ignore[attr-defined]
            break
        end += 1
    while end > position and items[end - 1].role in (DASH, META_WORD):
        end -= 1
    if end <= position or all(item.role in (KIND, EPISODE_WORD) for item in items[position:end]):
        return ""
    text = " ".join(draft.text[items[position].start : items[end - 1].end].split()).strip(_EDGES)
    return "" if _checksum(text) and len(text) == 8 else text


__all__ = ["name_parse", "names_parse"]
