"""Which of a name's numbers are its episode, its season, its year and its part."""

from typing import Final

from downloads.names.brackets import HEIGHTS
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
    SEASON,
    SEASON_WORD,
    VERSION,
    VOLUME_WORD,
    Bracket,
    Item,
    Number,
)
from downloads.names.words import NOT_BEFORE_EPISODE, ORDINALS, ROMANS

YEARS: Final = range(1950, 2060)
_ORDINAL_ENDS: Final = ("st", "nd", "rd", "th", "er", "ère", "ème", "e", "a", "ª", "º", "o", ".", "-й", "-я", "й")
_OF: Final = frozenset(("of", "из", "von", "de", "sur", "/"))


class Choice:
    """What was found, each with the positions of the items that say so: `at` and `until` (one past) of the episode."""

    __slots__ = (
        "at",
        "number",
        "other",
        "part",
        "season",
        "season_at",
        "season_until",
        "until",
        "volume_at",
        "year",
        "year_at",
    )

    def __init__(self) -> None:
        self.number: Number | None = None
        self.other: Number | None = None
        self.at = self.until = self.season_at = self.season_until = self.year_at = self.volume_at = -1
        self.season: int | None = None
        self.part: int | None = None
        self.year: int | None = None


def choose(items: list[Item], *, is_file: bool, body: int) -> Choice:
    """`body` is the position of the first item that is not a leading group."""
    choice = Choice()
    phrases: list[tuple[int, int, Number]] = []
    _phrases_read(items, choice, phrases, body)
    for position, item in enumerate(items):
        if item.role == EPISODE:
            phrases.append((position, position + 1, item.value))  # type: ignore[arg-type]
            break
    if phrases:
        phrases.sort(key=_phrase_rank)
        choice.at, choice.until, choice.number = phrases[0]
        if choice.number.season is not None:
            choice.season, choice.season_at = choice.number.season, -1
    if choice.number is None:
        _numbers_read(items, choice, is_file=is_file, body=body)
    elif len(phrases) > 1:
        choice.other = phrases[1][2]
    if choice.number is not None and choice.other is None:
        _other_read(items, choice)
    if choice.year is None:
        _year_read(items, choice)
    if choice.season is None:
        _season_guess(items, choice, body)
    return choice


def _phrase_rank(phrase: tuple[int, int, Number]) -> tuple[bool, int]:
    return (phrase[2].season is None, phrase[0])


def _phrases_read(items: list[Item], choice: Choice, phrases: list[tuple[int, int, Number]], body: int) -> None:
    """Words with their numbers: "Season 2", "2nd Season", "Episode 5", "25 серия", "OVA 2", "Part 2", "01 of 24"."""
    count = len(items)
    for position, item in enumerate(items):
        role = item.role
        if role in (PLAIN, DASH, META_WORD):
            continue
        following = items[position + 1] if position + 1 < count else None
        number = following.value if following is not None and following.role == NUMBER else None
        if role == BRACKET:
            if position or count == 1:
                _bracket_phrase(item, position, choice, phrases)
        elif role == NUMBER:
            if (
                following is not None
                and following.lower in _OF
                and position + 2 < count
                and items[position + 2].role == NUMBER
                and items[position + 2].value.first >= item.value.first  # type: ignore[attr-defined]
            ):
                phrases.append((position, position + 3, item.value))  # type: ignore[arg-type]
        elif role == EPISODE_WORD:
            before = items[position - 1] if position else None
            if number is not None:
                phrases.append((position, _range_end(items, position + 1), number))  # type: ignore[arg-type]
            elif before is not None and before.role == NUMBER and item.lower not in ("e", "cap", "de"):
                phrases.append((position - 1, position + 1, before.value))  # type: ignore[arg-type]
        elif role == SEASON_WORD:
            if choice.season is None:
                _season_phrase(items, position, number, choice)
        elif role == SEASON:
            if choice.season is None and position >= body:
                choice.season, choice.season_at, choice.season_until = item.value, position, position + 1  # type: ignore[assignment]
                if number is not None:
                    phrases.append((position + 1, _range_end(items, position + 1), number))  # type: ignore[arg-type]
        elif role == KIND:
            if isinstance(item.value, tuple):
                phrases.append((position, position + 1, item.value[1]))
            elif number is not None and position > body and not _is_titled(items, position + 2):
                phrases.append((position + 1, position + 2, number))  # type: ignore[arg-type]
        elif role == PART_WORD:
            if number is not None and choice.part is None and not number.is_padded:  # type: ignore[attr-defined]
                choice.part = number.first  # type: ignore[attr-defined]
            elif following is not None and following.text in ROMANS:
                choice.part = ROMANS[following.text]
        elif role == VOLUME_WORD and choice.volume_at < 0 and (item.value or number is not None):
            choice.volume_at = position


def _is_titled(items: list[Item], position: int) -> bool:
    """Running text goes on there."""
    return position < len(items) and items[position].role == PLAIN


def _range_end(items: list[Item], position: int) -> int:
    """One past a number; past "01 - 12" when both ends are written apart, which makes it a range."""
    number: Number = items[position].value  # type: ignore[assignment]
    if (
        position + 2 < len(items)
        and items[position + 1].role == DASH
        and items[position + 2].role == NUMBER
        and items[position + 1].text in "-~"
        and not number.is_range
        and not number.text
        and not _is_titled(items, position + 3)
    ):
        last: Number = items[position + 2].value  # type: ignore[assignment]
        if last.first > number.first and not last.text and last.first not in YEARS:
            number.last = last.last
            return position + 3
    return position + 1


def _bracket_phrase(item: Item, position: int, choice: Choice, phrases: list[tuple[int, int, Number]]) -> None:
    """ "[Ep.24]", "[01 of 24]", "(Season 2)", "[S2]", "(2019)": a bracket that holds one phrase."""
    bracket: Bracket = item.value  # type: ignore[assignment]
    inner = bracket.inner
    if not inner or len(inner) > 30 or not any(map(str.isdecimal, inner)) or bracket.checksum or bracket.has_strong:
        return
    if inner.isdecimal() and len(inner) == 4 and int(inner) in YEARS:
        if choice.year is None:
            choice.year, choice.year_at = int(inner), position
        return
    parts = items_of(inner)
    if len(parts) == 1 and parts[0].role == EPISODE:
        phrases.append((position, position + 1, parts[0].value))  # type: ignore[arg-type]
    elif len(parts) == 1 and parts[0].role == KIND and isinstance(parts[0].value, tuple):
        phrases.append((position, position + 1, parts[0].value[1]))
    elif 1 < len(parts) <= 4 and not all(part.role == PLAIN for part in parts):
        inside: list[tuple[int, int, Number]] = []
        found = Choice()
        _phrases_read(parts, found, inside, 0)
        for part in parts:
            if part.role == EPISODE:
                inside.append((0, 1, part.value))  # type: ignore[arg-type]
        if inside:
            phrases.append((position, position + 1, inside[0][2]))
        if found.season is not None and choice.season is None:
            choice.season, choice.season_at, choice.season_until = found.season, position, position + 1
        if found.part is not None and choice.part is None:
            choice.part = found.part
    elif len(parts) == 1 and parts[0].role == SEASON and choice.season is None:
        choice.season, choice.season_at, choice.season_until = parts[0].value, position, position + 1  # type: ignore[assignment]


def items_of(text: str) -> list[Item]:
    """The items of the text of a bracket."""
    from downloads.names.tokens import Draft

    return Draft(text).items


def _season_phrase(items: list[Item], position: int, number: object, choice: Choice) -> None:
    before = items[position - 1] if position else None
    if before is not None:
        ordinal = _ordinal_of(before)
        if ordinal is not None:
            choice.season, choice.season_at, choice.season_until = ordinal, position - 1, position + 1
            return
    if isinstance(number, Number) and not number.is_range and number.first < 100:
        choice.season, choice.season_at, choice.season_until = number.first, position, position + 2
    elif position + 1 < len(items):
        following = items[position + 1]
        value = ROMANS.get(following.text) or ORDINALS.get(following.lower)
        if value is not None or following.text == "I":
            choice.season, choice.season_at, choice.season_until = value or 1, position, position + 2


def _ordinal_of(item: Item) -> int | None:
    """2 of "2nd", "2.", "zweite" and, before a word that is not English, of "2"."""
    lower = item.lower
    if lower in ORDINALS:
        return ORDINALS[lower]
    digits = lower.rstrip("stndrhe.èmaªºoйя-")
    if (
        digits.isascii()
        and digits.isdecimal()
        and len(digits) < 3
        and (digits == lower or lower[len(digits) :] in _ORDINAL_ENDS)
    ):
        return int(digits) or None
    return None


def _numbers_read(items: list[Item], choice: Choice, *, is_file: bool, body: int) -> None:
    """Numbers without a word: behind a dash, in brackets of their own, at the end of the running text, inside of it."""
    for read in (_after_dash, _in_bracket):
        found = read(items, choice, body)
        if found is not None:
            choice.at, choice.until, choice.number = found
            return
    found = _in_text(items, choice, body, is_file=is_file)
    if found is not None:
        choice.at, choice.until, choice.number = found


def _after_dash(items: list[Item], choice: Choice, body: int) -> tuple[int, int, Number] | None:
    year = None
    for position in range(body + 1, len(items)):
        item = items[position]
        if item.role != NUMBER or items[position - 1].role != DASH or position == choice.season_at:
            continue
        number: Number = item.value  # type: ignore[assignment]
        if number.first in YEARS and not number.is_range and number.first < 2050:
            year = year or position
            continue
        if (
            _is_titled(items, position + 1)
            and not number.is_padded
            and number.first < 10
            and not item.text[-1].isalnum()
        ):
            continue
        return position, _range_end(items, position), number
    if year is not None and choice.year is None:
        choice.year, choice.year_at = items[year].value.first, year  # type: ignore[attr-defined]
    return None


def _in_bracket(items: list[Item], choice: Choice, body: int) -> tuple[int, int, Number] | None:
    found = None
    for position in range(len(items)):
        item = items[position]
        if item.role != BRACKET or position == choice.year_at:
            continue
        number = bracket_number(item.value)  # type: ignore[arg-type]
        if number is None:
            continue
        if number.first in YEARS and not number.is_range:
            continue
        before = items[position - 1] if position > body + 1 else None
        if before is not None and before.role == NUMBER and position + 1 == len(items) and not number.is_padded:
            number = before.value  # type: ignore[assignment]
            return position - 1, position + 1, number  # "10 (1)": the second is what a browser adds to a copy.
        if found is None:
            found = position, position + 1, number
    return found


def bracket_number(bracket: Bracket) -> Number | None:
    """The number that is all of a bracket: "[01v2]", "(01-04)", "[24(END)]", "[05 END]"; no resolution."""
    inner = bracket.inner
    if (
        not inner
        or len(inner) > 16
        or not (inner[0].isdecimal() or inner[0] == "#")
        or bracket.has_strong
        or bracket.checksum
    ):
        return None
    compact = inner.replace(" ", "").replace("(", "").replace(")", "")
    items = items_of(compact)
    if len(items) != 1 or items[0].role != NUMBER:
        return None
    number: Number = items[0].value  # type: ignore[assignment]
    return None if number.first in HEIGHTS and compact.isdecimal() else number


def _in_text(items: list[Item], choice: Choice, body: int, *, is_file: bool) -> tuple[int, int, Number] | None:
    """The last number before the running text ends, else the first inside it that looks counted."""
    best = inside = None
    has_title = False
    for position in range(body, len(items)):
        item = items[position]
        role = item.role
        if role == META_WORD and has_title and any(word[2] for word in item.value):  # type: ignore[attr-defined]
            break
        if position == choice.volume_at:
            break
        if choice.season_at <= position < choice.season_until:
            continue
        if role == NUMBER:
            number: Number = item.value  # type: ignore[assignment]
            before = items[position - 1] if position > body else None
            is_year = number.first in YEARS and not number.is_range
            if before is None or not has_title:
                if _opens(items, position, body, number):
                    return position, position + 1, number
            elif (
                is_year
                or (before.lower in NOT_BEFORE_EPISODE and not number.is_padded and not number.is_range)
                or before.role == PART_WORD
            ):
                pass
            elif _precedes_type(items, position + 1) and not number.is_padded and 1 < number.first < 10:
                if choice.season is None:
                    choice.season, choice.season_at, choice.season_until = number.first, position, position + 1
            elif _ends_text(items, position, number):
                best = position, _range_end(items, position), number
            elif inside is None and before.role == PLAIN and (number.is_padded or number.first > 9) and not number.text:
                inside = position, position + 1, number
            has_title = has_title or before is None
        elif role == BRACKET:
            if has_title and item.value.has_strong:  # type: ignore[attr-defined]
                break
        elif role != DASH:
            has_title = True
    return best or inside


def _opens(items: list[Item], position: int, body: int, number: Number) -> bool:
    """A number at the very beginning counts when a dash or nothing follows, or when it is padded ("05 The Rain")."""
    if position + 1 == len(items):
        return body == 0 or number.is_padded
    following = items[position + 1]
    if following.role == DASH:
        return True
    if following.role == BRACKET or following.role == META_WORD:
        return body == 0 or number.is_padded or number.first > 9
    return number.is_padded and body == 0


def _ends_text(items: list[Item], position: int, number: Number) -> bool:
    """The running text ends behind this number; a digit before "(TV)" or before a dash and more words is a sequel's."""
    after = position + 1
    if after == len(items):
        return True
    following = items[after]
    if following.role == DASH:
        is_last = after + 1 == len(items) or items[after + 1].role in (BRACKET, META_WORD)
        return is_last or number.is_padded or number.first > 9 or number.is_range
    if following.role == BRACKET:
        return number.is_padded or number.is_range or not _precedes_type(items, after)
    return following.role == META_WORD or following.role == VERSION


def _precedes_type(items: list[Item], position: int) -> bool:
    """ "(TV)", "(OVA)": a digit before it is the sequel's."""
    if position >= len(items) or items[position].role != BRACKET:
        return False
    words = items[position].value.words  # type: ignore[attr-defined]
    return bool(words) and words[0][0] == "type"


def _other_read(items: list[Item], choice: Choice) -> None:
    """The second count in "01 (51)" and "29 (04)": the lesser is the episode's, the greater counts through."""
    if choice.until < len(items) and items[choice.until].role == BRACKET:
        bracket: Bracket = items[choice.until].value  # type: ignore[assignment]
        number = bracket_number(bracket)
        if number is not None and bracket.kind == "(" and number.first not in YEARS and choice.number is not None:
            choice.until += 1
            if number.first < choice.number.first:
                choice.number, choice.other = number, choice.number
            else:
                choice.other = number


def _year_read(items: list[Item], choice: Choice) -> None:
    for position, item in enumerate(items):
        if item.role == NUMBER and position and not choice.at <= position < choice.until:
            number: Number = item.value  # type: ignore[assignment]
            if number.first in YEARS and not number.is_range and not number.text:
                choice.year = number.first
                return


def _season_guess(items: list[Item], choice: Choice, body: int) -> None:
    """ "Overlord II - 05", "Overlord 2 - 05": a sequel's number closes the title; it stays in the title as well."""
    position = choice.at - 1 if choice.at > 0 else -1
    while position > body and items[position].role == DASH:
        position -= 1
    if position <= body or position + 1 >= len(items):
        return
    item = items[position]
    season = ROMANS.get(item.text)
    if season is None and item.role == NUMBER and item.text.isdecimal() and choice.at - position > 1:
        number: Number = item.value  # type: ignore[assignment]
        if 1 < number.first < 10 and not number.is_padded and items[position - 1].lower not in NOT_BEFORE_EPISODE:
            season = number.first
    if season is not None and items[position - 1].role == PLAIN:
        choice.season = season


__all__ = ["YEARS", "Choice", "bracket_number", "choose", "items_of"]
