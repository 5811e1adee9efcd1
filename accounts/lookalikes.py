"""What a username looks like: names that a reader could take for each other have one skeleton."""

from django.db.models import Value
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
    """The same in SQL, for the unique index and for look-ups through it."""
    found: Combinable = Lower(field)
    for seen, meant in _SAME:
        found = Replace(found, Value(seen), Value(meant))
    return found
