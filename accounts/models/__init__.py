"""People and their sessions."""

from accounts.models.sessions import RefreshToken, UserSession
from accounts.models.users import Role, User

__all__ = ["RefreshToken", "Role", "User", "UserSession"]
