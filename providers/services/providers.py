"""The rows of settings."""

from providers.adapters import adapter_classes
from providers.metadata.asking import interval_own
from providers.metadata.registry import client_classes
from providers.models import Provider, ProviderRole


def providers_register() -> int:
    """A row, switched off, for each adapter and client of the code that has none; how many were made."""
    wanted = [
        *(
            Provider(
                name=name,
                adapter=name,
                label=found.label,
                base_url=found.base_url,
                variant_kind=found.variant[0],
                variant_language=found.variant[1],
            )
            for name, found in adapter_classes().items()
        ),
        *(
            Provider(
                name=name,
                adapter=name,
                role=ProviderRole.METADATA,
                label=found.label,
                base_url=found.base_url,
                interval_seconds=interval_own(found.rates),
                position=found.position,
            )
            for name, found in client_classes().items()
        ),
    ]
    known = set(Provider.objects.filter(name__in=[row.name for row in wanted]).values_list("name", flat=True))
    made = [row for row in wanted if row.name not in known]
    Provider.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)
