"""Changing the settings of a provider."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.facade import TRANSLATION_KINDS
from core import generation
from core.errors import ValidationFailed
from providers.adapters import adapter_class
from providers.metadata.registry import client_classes
from providers.models import Provider, ProviderRole

LONGEST_OPTIONS = 20_000
"""Characters of `options` as text."""


def provider_update(*, provider: Provider, is_new: bool = False) -> Provider:
    """Store a provider's settings. Raises `ValidationFailed`: an address that is none, an adapter that the code lacks, options
    that are no object. A new row is one more use of an adapter (a second feed).
    """
    _check(provider)
    with transaction.atomic():
        if is_new:
            provider.role = ProviderRole.TITLES
            provider.save(force_insert=True)
        else:
            provider.save()
        generation.bump_on_commit()  # what providers list is on kept pages, too
    return provider


def _check(provider: Provider) -> None:
    provider.base_url = provider.base_url.strip().rstrip("/")
    wrong: dict[str, list[str]] = {}
    adapter = adapter_class(provider.adapter)
    if adapter is None and provider.adapter not in client_classes():
        wrong["adapter"] = [_("There is no adapter of this name.")]
    parts = urlsplit(provider.base_url)
    is_remote = adapter is None or adapter.is_remote
    if parts.query or parts.fragment or parts.username:
        wrong["base_url"] = [_("An address without query, name and password.")]
    if is_remote and provider.is_enabled and not provider.base_url:
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
