"""The admin of the core, and what every admin class of the project stands on."""

from core.admin import images, jobs, schedule  # noqa: F401 — registers the models
from core.admin.base import BaseAdmin, BaseTabular, ReadOnlyAdmin, ReadOnlyTabular, done_to_each

__all__ = ["BaseAdmin", "BaseTabular", "ReadOnlyAdmin", "ReadOnlyTabular", "done_to_each"]
