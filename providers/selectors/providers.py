"""The providers of titles as everybody may know them."""

from dataclasses import dataclass

from providers.adapters import adapter_classes
from providers.models import Provider, ProviderRole


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """A provider and what it can be asked; `capabilities` is empty when its code is gone."""

    row: Provider
    capabilities: tuple[str, ...]


def providers_listed() -> list[ProviderFacts]:
    """All providers of titles, preferred first, whether or not they are on; one query."""
    classes = adapter_classes()
    rows = Provider.objects.filter(role=ProviderRole.TITLES).order_by("position", "name")
    return [
        ProviderFacts(row, tuple(sorted(classes[row.adapter].capabilities)) if row.adapter in classes else ())
        for row in rows
    ]
