"""The world that the matrix is walked in: one person a role, and what the owner owns."""

import importlib
import pkgutil
from datetime import timedelta
from functools import cache
from types import ModuleType
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.models import Role, User, UserSession
from accounts.services.tokens import access_token_make
from tests.permissions import matrix
from tests.permissions.rows import Row

PASSWORD = "a passphrase of the matrix"


@cache
def _hashed() -> str:
    return make_password(PASSWORD)


class World:
    """`users` by actor name (all but anonymous), `access_tokens` too; the matrix files add their objects."""

    def __init__(self) -> None:
        roles = {
            "owner": Role.USER,
            "other": Role.USER,
            "tester": Role.TESTER,
            "moderator": Role.MODERATOR,
            "admin": Role.ADMIN,
            "superadmin": Role.SUPERADMIN,
        }
        self.users: dict[str, User] = {
            name: User(username=f"{name}_x", email=f"{name}@example.org", password=_hashed(), role=role)
            for name, role in roles.items()
        }
        User.objects.bulk_create(self.users.values())
        until = timezone.now() + timedelta(days=1)
        sessions = {name: UserSession(user=user, expires_at=until) for name, user in self.users.items()}
        UserSession.objects.bulk_create(sessions.values())
        self.access_tokens = {name: access_token_make(session) for name, session in sessions.items()}
        for module in matrix_modules():
            if hasattr(module, "setup"):
                module.setup(self)

    @property
    def owner(self) -> User:
        return self.users["owner"]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"the world has no {name}: set it in setup(world) of a tests/permissions/matrix module")


def matrix_modules() -> list[ModuleType]:
    """Every file of tests/permissions/matrix, by name."""
    return [
        importlib.import_module(f"{matrix.__name__}.{info.name}")
        for info in sorted(pkgutil.iter_modules(matrix.__path__), key=lambda info: info.name)
    ]


def all_rows() -> list[Row]:
    """The rows of every file."""
    return [row for module in matrix_modules() for row in module.ROWS]
