"""Who may call: a view declares one of these; a view that declares none is closed to all."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request


class DeniedUnlessDeclared(BasePermission):
    """The default: nobody. Forgetting to declare access closes an endpoint instead of opening it."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return False


class Public(BasePermission):
    """Everyone, signed in or not."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return True


class SignedIn(BasePermission):
    """Anyone with an account that is active."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(request.user and request.user.is_authenticated)


def role_in(*roles: str) -> type[BasePermission]:
    """A permission for exactly these roles (the names are `accounts.models.Role` values)."""

    class RoleIn(BasePermission):
        allowed = frozenset(roles)

        def has_permission(self, request: Request, view: Any) -> bool:
            return bool(request.user and request.user.is_authenticated and request.user.role in self.allowed)

    RoleIn.__name__ = "Role_" + "_or_".join(roles)
    return RoleIn
