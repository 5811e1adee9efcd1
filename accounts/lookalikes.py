"""What a name looks like: names that a reader could take for each other have one skeleton."""

import unicodedata
from functools import cache

from confusable_homoglyphs.utils import load
from django.db.models import CharField, Func, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Lower, Replace

# Applied in this order to the name in lower case. A capital I is an l, so every i is one too.
_SAME = (("0", "o"), ("1", "l"), ("i", "l"), ("rn", "m"), ("vv", "w"))


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
    table = _latin()
    shown = unicodedata.normalize("NFKD", name)
    shown = "".join(c for c in shown if unicodedata.category(c) not in ("Mn", "Me", "Cf", "Cc"))
    latin = skeleton_of("".join(table.get(c, c) for c in shown))
    underscored = "_".join(latin.split())
    bare = "".join(c for c in latin if c.isalnum())
    return frozenset({underscored, bare} - {""})


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
    return found
