"""The world that the matrix is walked in: one person a role, and what the owner owns."""

import importlib
import pkgutil
from types import ModuleType
from typing import Any

from accounts.models import Role, User
from accounts.services.sessions import SignedIn, session_start
from tests.permissions import matrix
from tests.permissions.rows import Row

PASSWORD = "a passphrase of the matrix"


class World:
    """`users` by actor name (all but anonymous), `signed_in` with their tokens; the matrix files add their objects."""

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
            name: User.objects.create_user(f"{name}_x", f"{name}@example.org", PASSWORD, role=role)
            for name, role in roles.items()
        }
        self.signed_in: dict[str, SignedIn] = {name: session_start(user=user) for name, user in self.users.items()}
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
