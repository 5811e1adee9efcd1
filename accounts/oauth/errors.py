"""What signing in through other sites refuses, each with its stable code (docs/errors.md)."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotFound, PermissionDenied


class ProviderNotConfigured(NotFound):
    """The operator has given no credentials for this provider."""

    code = "provider_not_configured"
    title = _("This site does not offer that sign-in")


class ProviderFailed(DomainError):
    """The provider did not answer, or not with what its sign-in promises."""

    code = "provider_failed"
    status = 502
    title = _("The other site did not answer as it should. Try again in a moment")


class SignInRefusedThere(DomainError):
    """The person said no at the provider (its `error=access_denied`)."""

    code = "access_denied"
    status = 400
    title = _("You chose not to sign in there")


class OAuthStateInvalid(DomainError):
    """The `state` is missing, wrong, used, older than ten minutes, or of another browser (threat 42)."""

    code = "oauth_state_invalid"
    title = _("This sign-in was not started in this browser, or took too long. Start again")


class RedirectNotAllowed(DomainError):
    """`mobile_redirect` is not a plain address of a scheme in OAUTH_MOBILE_SCHEMES (threat 29)."""

    code = "redirect_not_allowed"
    title = _("That address may not be redirected to")


class PkceRequired(DomainError):
    """`mobile_redirect` needs a `code_challenge`: the 43 characters of S256 (RFC 7636)."""

    code = "pkce_required"
    title = _("An app has to send a code_challenge (S256)")


class InvalidGrant(DomainError):
    """The code of a deep link is unknown, used or older than 60 seconds, or the `code_verifier` is not the one."""

    code = "invalid_grant"
    title = _("This code is no longer valid")


class EmailInUse(Conflict):
    """The provider's address belongs to an account here that is not linked: nothing is linked by address alone."""

    code = "email_in_use"
    title = _("An account with this e-mail address exists. Sign in to it and link the other account in the settings")


class LinkedElsewhere(Conflict):
    code = "linked_elsewhere"
    title = _("That account is linked to another person here")


class AlreadyLinked(Conflict):
    """One account of each provider; unlink the present one first."""

    code = "already_linked"
    title = _("Another account of this provider is linked already")


class LastWayIn(Conflict):
    """Without a password and a passkey, the last linked account stays."""

    code = "last_way_in"
    title = _("This is your only way to sign in. Set a password first")


class LinkExpired(DomainError):
    """The address that began the linking is used, older than 15 minutes, or of a sign-in that has ended."""

    code = "link_expired"
    title = _("This took too long. Start again in the settings")


class OtherPersonSignedIn(PermissionDenied):
    """The browser that came back is signed in as somebody else than the one who asked to link."""

    code = "other_account_signed_in"
    title = _("This browser is signed in to another account")
