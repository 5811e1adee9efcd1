"""The lists app: what people watch, how far they are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "lists"
    verbose_name = _("Lists")

    def ready(self) -> None:
        from catalog.facade import AnimeMerged
        from core.events import subscribe
        from lists import personal_data, slots  # noqa: F401 — data of people; fills the slots of the catalogue's pages
        from lists.filters import register
        from lists.services.merging import lists_follow_merge

        register()
        subscribe(AnimeMerged)(lists_follow_merge)
