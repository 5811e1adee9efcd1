"""What a name looks like: names that a reader could take for each other have one skeleton."""

import re
import unicodedata
from functools import cache

from confusable_homoglyphs.utils import load
from django.db.models import CharField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace

# Applied in this order to the name in lower case. A capital I is an l, so every i is one too.
_SAME = (("0", "o"), ("1", "l"), ("i", "l"), ("rn", "m"), ("vv", "w"))


# Alphabets whose letters are taken for each other's, as the names of characters begin.
_ALIKE = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
# Latin letters in other clothes that Unicode neither unfolds nor counts as look-alikes, and the blocks they are in.
_DRESSED = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|(?:NEGATIVE|CROSSED NEGATIVE)? ?(?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
    r"|REGIONAL INDICATOR SYMBOL LETTER) ([A-Z])"
)
_DRESSED_BLOCKS = (range(0x250, 0x2B0), range(0x1D00, 0x1D80), range(0xA720, 0xA800), range(0x1F100, 0x1F200))


def skeleton_of(username: str) -> str:
    """`Adm1n` and `admln` have the same."""
    found = username.lower()
    for seen, meant in _SAME:
        found = found.replace(seen, meant)
    return found


def skeleton_expression(field: str = "username") -> Combinable:
    """The same in SQL, for the unique index."""
    found: Combinable = Lower(field)
    for seen, meant in _SAME:
        found = Replace(found, Value(seen), Value(meant))
    return found


def skeleton_lookup(field: str = "username") -> Combinable:
    """The same for look-ups through that index: SQLite knows an indexed expression by its letters, so nothing is a parameter."""
    found: Combinable = Lower(field)
    for seen, meant in _SAME:
        found = Func(found, template=f"REPLACE(%(expressions)s, '{seen}', '{meant}')", output_field=CharField())
    return found


def display_skeletons(name: str) -> frozenset[str]:
    """The skeletons of usernames that a display name could be read as; letters of other scripts count as what they look like.

    After Unicode TR39: compatibility forms are unfolded, marks and what draws nothing fall away, look-alikes become the
    Latin letter. `Аdmin` (Cyrillic А) and `ad min` give `admln`; a name in Cyrillic or Japanese stays itself, so it
    equals no username, as long as one of its letters looks like no Latin one.
    """
    found = set[str]()
    for latin in _latin_skeletons(name):
        found |= {"_".join(latin.split()), "".join(c for c in latin if c.isalnum())}
    return frozenset(found - {""})


def display_words(name: str) -> frozenset[str]:
    """The skeletons of the words of a display name: `⭐Admin⭐ Ren` has `admln` and `ren`."""
    return frozenset(word for latin in _latin_skeletons(name) for word in re.split(r"[\W_]+", latin)) - {""}


def mixes_alphabets(name: str) -> bool:
    """Whether a word has letters of two alphabets that look like each other (after UTS 39, "highly restrictive").

    Latin beside Japanese, Chinese or Korean writing is ordinary.
    """
    shown = unicodedata.normalize("NFKC", name)
    return any(
        len({kind for c in word if c.isalpha() and (kind := unicodedata.name(c, "").split(" ")[0]) in _ALIKE}) > 1
        for word in shown.split()
    )


def _latin_skeletons(name: str) -> set[str]:
    """As it is written and in lower case: К looks like a K, к like no Latin letter."""
    table = _latin()
    shown = unicodedata.normalize("NFKD", name)
    shown = "".join(c for c in shown if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
    return {skeleton_of("".join(table.get(c, c) for c in text)) for text in (shown, shown.lower())}


@cache
def _latin() -> dict[str, str]:
    """Character → the ASCII letters or digits that it looks like, by Unicode's table; only what is not ASCII itself, and `|`."""
    found = {"|": "l"}
    for seen, looks in load("confusables.json").items():
        if len(seen) != 1 or seen.isascii():
            continue
        meant = [look["c"] for look in looks if look["c"].isascii() and look["c"].isalnum()]
        if meant:
            # Letters before digits (О is an o rather than a 0); of several letters the skeleton makes one.
            found[seen] = min(meant, key=lambda text: (text.isdigit(), len(text), text))
    for code in (code for block in _DRESSED_BLOCKS for code in block):
        if letter := _DRESSED.fullmatch(unicodedata.name(chr(code), "")):
            found[chr(code)] = letter[1].lower()
    return found
