"""People and their sessions."""

from accounts.models.attempts import SignInAttempt
from accounts.models.sessions import RefreshToken, UserSession
from accounts.models.users import Role, User

__all__ = ["RefreshToken", "Role", "SignInAttempt", "User", "UserSession"]
