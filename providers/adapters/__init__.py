"""One module an adapter. A new adapter is a module here and a folder of pages in `providers/tests/fixtures/<name>/`."""

from providers.adapters.registry import adapter_class, adapter_classes

__all__ = ["adapter_class", "adapter_classes"]
