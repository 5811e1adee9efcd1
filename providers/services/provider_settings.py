"""Changing the settings of a provider."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.facade import SOURCE_RANKS, TRANSLATION_KINDS
from core import generation
from core.errors import ValidationFailed
from providers.adapters import adapter_class, adapter_classes
from providers.metadata.registry import client_classes
from providers.models import Provider, ProviderRole

LONGEST_OPTIONS = 20_000
"""Characters of `options` as text."""


def provider_update(*, provider: Provider, is_new: bool = False) -> Provider:
    """Store a provider's settings. Raises `ValidationFailed`: an address that is none, an adapter that the code lacks or that
    is of another role, options that are no object. A new row is one more use of an adapter (a second feed); it cannot be
    named like a source that has a rank of its own.
    """
    if is_new:
        provider.role = ProviderRole.TITLES
    _check(provider, is_new=is_new)
    with transaction.atomic():
        if is_new:
            provider.save(force_insert=True)
        else:
            provider.save()
        generation.bump_on_commit()  # what providers list is on kept pages, too
    return provider


def _check(provider: Provider, *, is_new: bool) -> None:
    wrong: dict[str, list[str]] = {}
    adapter = adapter_class(provider.adapter)
    known = adapter_classes() if provider.role == ProviderRole.TITLES else client_classes()
    if provider.adapter not in known:
        wrong["adapter"] = [_("There is no adapter of this name.")]
    if is_new and provider.name.casefold() in {*SOURCE_RANKS, *client_classes()}:
        wrong["name"] = [_("This name is reserved.")]
    is_page = adapter is not None and adapter.is_base_page
    provider.base_url = provider.base_url.strip()
    if not is_page:
        provider.base_url = provider.base_url.rstrip("/")
    is_remote = adapter is None or adapter.is_remote
    if words := _address_refused(provider.base_url, is_page=is_page):
        wrong["base_url"] = [words]
    elif is_remote and provider.is_enabled and not provider.base_url:
        wrong["base_url"] = [_("It needs an address before it can be switched on.")]
    if not isinstance(provider.options, dict) or len(str(provider.options)) > LONGEST_OPTIONS:
        wrong["options"] = [_("An object with names and values.")]
    if provider.variant_kind and provider.variant_kind not in TRANSLATION_KINDS:
        wrong["variant_kind"] = [_("One of sub, dub and raw.")]
    if wrong:
        raise ValidationFailed(wrong)
    try:
        provider.full_clean()
    except ValidationError as error:
        raise ValidationFailed(error.message_dict) from error


def _address_refused(url: str, *, is_page: bool) -> str:
    """Why it cannot be a base address, "" when it can. A page may have a query; nothing may be joined to one."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return _("The address is not a valid URL.")
    if parts.fragment or "@" in parts.netloc:
        return _("An address without a fragment, name and password.")
    if parts.query and not is_page:
        return _("An address without a query: other addresses are joined to it.")
    return ""
