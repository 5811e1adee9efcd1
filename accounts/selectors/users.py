"""Finding people."""

from django.db.models.functions import Lower

from accounts.models import User


def user_by_username(username: str) -> User | None:
    """The account of this name in any case; through the index on LOWER(username), which `iexact` does not use."""
    return User.objects.select_related("avatar").alias(folded=Lower("username")).filter(folded=username.lower()).first()


def user_by_email(email: str) -> User | None:
    """The account of this e-mail address in any case."""
    return (
        User.objects.select_related("avatar").alias(folded=Lower("email")).filter(folded=email.strip().lower()).first()
    )


def user_by_identifier(identifier: str) -> User | None:
    """Reference, POST /auth/login: "Identifier with @ is treated as email; otherwise looked up as username"."""
    identifier = identifier.strip()
    if "\x00" in identifier:
        return None
    return user_by_email(identifier) if "@" in identifier else user_by_username(identifier)
