"""People and their sessions for tests."""

from typing import Any

import factory
from factory.django import DjangoModelFactory

from accounts.models import User

PASSWORD = "a passphrase for tests"


class UserFactory(DjangoModelFactory):
    """A person of role `user` whose password is PASSWORD."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person_{n}")
    email = factory.LazyAttribute(lambda user: f"{user.username.lower()}@example.org")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **fields})
