"""What an erased person is called: nothing of before, the same every time it is asked, and no living person's name."""

import uuid

from accounts.models import User
from accounts.selectors.users import user_by_email, users_named_like

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


def anonymous_names_free(user: User) -> tuple[str, str]:
    """Username and address for the row that stays. Random ones where somebody who knew the id took them to be in the way."""
    name, email = anonymous_name(user), anonymous_email(user)
    if any(row.pk != user.pk for row in users_named_like(name)):
        name = f"{PREFIX}{uuid.uuid4().hex[-22:]}"
    holder = user_by_email(email)
    if holder is not None and holder.pk != user.pk:
        email = f"{uuid.uuid4().hex}@{DOMAIN}"
    return name, email
