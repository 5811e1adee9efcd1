"""People, the ways they sign in, and what they chose."""

from accounts.models.api_keys import ApiKey
from accounts.models.attempts import SignInAttempt
from accounts.models.email_codes import EmailCode
from accounts.models.oauth import OAuthGrant
from accounts.models.privacy import AccountDeletion, DataExport, HeldName
from accounts.models.push import NoticeSetting, PushDevice, PushTicket
from accounts.models.sessions import KnownDevice, RefreshToken, SessionKind, UserSession
from accounts.models.two_factor import RecoveryCode, SignInChallenge, TotpDevice
from accounts.models.users import Role, User

__all__ = [
    "AccountDeletion",
    "ApiKey",
    "DataExport",
    "EmailCode",
    "HeldName",
    "KnownDevice",
    "NoticeSetting",
    "OAuthGrant",
    "PushDevice",
    "PushTicket",
    "RecoveryCode",
    "RefreshToken",
    "Role",
    "SessionKind",
    "SignInAttempt",
    "SignInChallenge",
    "TotpDevice",
    "User",
    "UserSession",
]
