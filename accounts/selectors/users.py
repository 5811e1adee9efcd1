"""Finding people."""

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from accounts.lookalikes import skeleton_expression, skeleton_of
from accounts.models import User


def user_by_username(username: str) -> User | None:
    """The account of this name in any case; through the index on LOWER(username), which `iexact` does not use."""
    return User.objects.select_related("avatar").alias(folded=Lower("username")).filter(folded=username.lower()).first()


def users_looking_like(names: Collection[str]) -> QuerySet[User]:
    """The people whose username looks like one of `names`; through the unique index on skeletons."""
    return User.objects.alias(look=skeleton_expression()).filter(
        look__in=[skeleton_of(name) for name in names], is_lookalike=False
    )


def users_named_like(username: str) -> QuerySet[User]:
    """Those of this name in any case, and those whose name looks like it; both through their unique indexes."""
    return (
        User.objects.alias(folded=Lower("username"), look=skeleton_expression())
        .filter(Q(folded=username.lower()) | Q(look=skeleton_of(username), is_lookalike=False))
        .only("username")
    )


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
