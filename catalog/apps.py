"""The catalogue app: anime, episodes, sources, search."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from core import startup

        startup.register(startup.DEMO, _demo_load, is_needed=_demo_is_needed)


def _demo_load() -> None:
    """Imported when it runs, so that no other process carries the importer."""
    from catalog.services.demo import demo_load

    demo_load()


def _demo_is_needed() -> bool:
    from catalog.models import Anime

    return not Anime.objects.exists()
