"""What can go wrong with providers, each with a stable code."""

from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, DomainError, NotFound


class ProviderError(DomainError):
    """A provider was asked and could not help."""

    code = "provider_unavailable"
    status = 502
    title = _("The provider could not be asked")


class ProviderDisabled(ProviderError):
    """The operator has not switched this provider on."""

    code = "provider_disabled"
    status = 409
    title = _("This provider is switched off")


class ProviderBlocked(ProviderError):
    """The provider answered with a page that keeps programs out; it is left alone, never worked around."""

    code = "provider_blocked"
    status = 503
    title = _("The provider keeps programs out")


class PageUnreadable(ProviderError):
    """The page is not what it should be: garbage, another layout, or no text at all."""

    code = "provider_page_unreadable"
    status = 502
    title = _("The provider's page makes no sense")


class TitleGone(ProviderError):
    """The provider has no such title (any more)."""

    code = "provider_title_gone"
    status = 404
    title = _("The provider has no such title")


class ProviderUnknown(NotFound):
    """No provider of this name."""

    code = "provider_unknown"
    title = _("There is no such provider")


class CapabilityMissing(Conflict):
    """This provider cannot do that (its adapter says so)."""

    code = "provider_cannot"
    title = _("This provider cannot do that")


class GenreUnknown(DomainError):
    """No genre, theme or demographic of MAL has this name or number."""

    code = "genre_unknown"
    status = 422
    title = _("There is no such genre")
