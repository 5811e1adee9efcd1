"""What an erased person is called: nothing of before, the same every time it is asked, and no living person's name."""

from accounts.models import User

PREFIX = "deleted_"
DOMAIN = "deleted.invalid"


def anonymous_name(user: User) -> str:
    """`deleted_` and the random part of the id: 30 characters.

    Hexadecimal digits have different skeletons (`accounts.lookalikes` folds 0 to o and 1 to l, letters that they lack), so
    two erased people never look alike; nobody may take a name that begins like this (`accounts.reserved_names`).
    """
    return f"{PREFIX}{user.pk.hex[-22:]}"


def anonymous_email(user: User) -> str:
    """An address under a domain that can never exist (RFC 2606)."""
    return f"{user.pk.hex}@{DOMAIN}"
