"""The catalogue app: anime, episodes, sources, search."""

from collections.abc import Callable

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = _("Catalogue")

    def ready(self) -> None:
        from catalog import personal_data  # noqa: F401 — what the catalogue knows about people
        from core import startup

        startup.register(startup.DEMO, _demo_load, is_needed=_demo_is_needed)
        startup.register("title index", _index_build, is_needed=_index_is_missing)


def _demo_load(say: Callable[[str], None]) -> None:
    """In a child process: what the importer needs of memory and modules, the server need not carry."""
    from core.serve.child import command_run

    command_run("load_demo", say=say)


def _demo_is_needed() -> bool:
    from catalog.models import Anime

    return not Anime.objects.exists()


def _index_build(say: Callable[[str], None]) -> None:
    """The first search must not be the one that waits for the index."""
    from core.serve.child import command_run

    say("Building the title index…")
    command_run("search_rebuild", say=lambda line: None)


def _index_is_missing() -> bool:
    from django.conf import settings

    return not any(settings.SEARCH_DIR.glob("*")) if settings.SEARCH_DIR.is_dir() else True
