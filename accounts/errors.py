"""What accounts refuse, each with its stable code (docs/errors.md)."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotAuthenticated, NotFound, PermissionDenied, RateLimited


class InvalidCredentials(NotAuthenticated):
    """Wrong password or no such account: one answer for both (threat 27)."""

    code = "invalid_credentials"
    title = _("The name or the password is not right")


class InvalidToken(NotAuthenticated):
    """An access or refresh token that is malformed, expired, used, revoked, or of an account that may not sign in."""

    code = "invalid_token"
    title = _("This sign-in is no longer valid")


class AccountInactive(PermissionDenied):
    """Told only to those who know the password."""

    code = "account_inactive"
    title = _("This account is suspended")


class CrossSiteRequest(PermissionDenied):
    """A browser sent it from another site's page (login CSRF, threat 42)."""

    code = "cross_site_request"
    title = _("This request came from another site")


class TooManyFailures(RateLimited):
    """The lock-out of sign-in; `Retry-After` says in how many seconds the next try is evaluated."""

    code = "too_many_failed_sign_ins"
    title = _("Too many failed attempts to sign in. Try again later")


class InvalidChallenge(NotAuthenticated):
    """The question between password and sign-in: unknown, older than 5 minutes, answered, or wrong too often."""

    code = "invalid_challenge"
    title = _("This sign-in has to be started again")


class InvalidCode(NotAuthenticated):
    """A code of an authenticator app or a recovery code that is wrong, or was used already (threat 25)."""

    code = "invalid_code"
    title = _("The code is not right")


class TwoFactorAlreadyOn(Conflict):
    code = "two_factor_already_on"
    title = _("Two-factor sign-in is on already")


class TwoFactorOff(Conflict):
    code = "two_factor_off"
    title = _("Two-factor sign-in is off")


class TwoFactorNotSetUp(Conflict):
    """Nothing was set up within the last 15 minutes."""

    code = "two_factor_not_set_up"
    title = _("Set two-factor sign-in up first")


class RoleChangeRefused(PermissionDenied):
    code = "role_change_refused"
    title = _("You may not give or take this role")


class LastSuperadmin(Conflict):
    code = "last_superadmin"
    title = _("The last superadmin has to stay")


class EmailCodeInvalid(DomainError):
    """A code or token from a mail that is wrong, over, used, or replaced by a newer one: one answer for all (422)."""

    code = "email_code_invalid"
    status = 422
    title = _("This code is not right or no longer valid. Ask for a new one")

    def __init__(self, *, field: str = "code") -> None:
        super().__init__(extra={"fields": {field: [str(self.title)]}})


class MailUndeliverable(DomainError):
    """What a mail's job fails with when it will never be taken, or what it says is over."""

    code = "mail_undeliverable"
    title = _("The mail could not be delivered")


class SetupCompleted(Conflict):
    """The onboarding runs once; from then on `PATCH /users/me` changes things."""

    code = "setup_completed"
    title = _("Your account is set up already")


class TooManyPeople(DomainError):
    """More ids in one call of `GET /users/batch` than it answers."""

    code = "too_many_ids"
    status = 422
    title = _("Too many ids in one call")


class EmailAlreadyVerified(Conflict):
    code = "email_already_verified"
    title = _("Your e-mail address is confirmed already")


class PasswordRequired(Conflict):
    """Asked of somebody who signs in through a provider only."""

    code = "password_required"
    title = _("Set a password first")


class ExportExists(Conflict):
    """A copy of the person's data is being made; `extra["export_id"]` names it."""

    code = "export_running"
    title = _("A copy of your data is being made already")


class ExportNotReady(Conflict):
    code = "export_not_ready"
    title = _("This copy is not ready yet")


class ExportExpired(DomainError):
    """It was there for seven days."""

    code = "export_expired"
    status = 410
    title = _("This copy is no longer kept. Ask for a new one")


class DeletionPending(Conflict):
    """Confirmed already; `extra["due_at"]` says when the account is erased."""

    code = "deletion_pending"
    title = _("The deletion of this account is confirmed already")


class NoDeletionPending(NotFound):
    code = "no_deletion_pending"
    title = _("No deletion of this account is pending")


class InvalidApiKey(NotAuthenticated):
    """Unknown, revoked, expired, or of somebody who may not sign in."""

    code = "invalid_api_key"
    title = _("This API key is not valid")


class AmbiguousCredentials(DomainError):
    """`X-API-Key` and `Authorization` in one request."""

    code = "ambiguous_credentials"
    title = _("Send either an API key or a token, not both")


class TooManyApiKeys(Conflict):
    code = "too_many_api_keys"
    title = _("You have as many API keys as one may have")


class Muted(PermissionDenied):
    """Staff took the right to write from this person for a while; `extra["muted_until"]` says until when."""

    code = "muted"
    title = _("You may not write anything for a while")
