"""The clients by name, and those that the operator has switched on."""

from functools import cache

from providers.errors import ProviderUnknown
from providers.metadata.client import MetadataClient
from providers.metadata.registry import client_classes
from providers.models import Provider, ProviderRole


@cache
def client_of(name: str) -> MetadataClient:
    """The client of this name; raises `ProviderUnknown`. Clients hold nothing: one is enough for all threads."""
    try:
        return client_classes()[name]()
    except KeyError:
        raise ProviderUnknown() from None


def clients_enabled() -> list[MetadataClient]:
    """Those whose row is on, by its position (the lowest is preferred). Rows whose code is gone are left out."""
    rows = Provider.objects.filter(role=ProviderRole.METADATA, is_enabled=True).order_by("position", "name")
    return [client_of(name) for name in rows.values_list("name", flat=True) if name in client_classes()]
