"""The providers app: titles and episodes from elsewhere, what metadata services say, and how both become one truth."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    name = "providers"
    verbose_name = _("Providers")

    def ready(self) -> None:
        from catalog.facade import AnimeMerged, AnimeMerging, AnimeSplit, AnimeSplitting, observed_register
        from core.events import subscribe
        from providers import personal_data, slots  # noqa: F401 — data of people; fills its slots
        from providers.selectors.releases import releases_observed
        from providers.services import jobs  # noqa: F401 — does its kinds of jobs
        from providers.services.merging import titles_follow_merge
        from providers.services.merging_locks import titles_hold
        from providers.services.override_splitting import numbers_follow_split
        from providers.services.splitting import titles_follow_split

        subscribe(AnimeMerging)(titles_hold)
        subscribe(AnimeSplitting)(titles_hold)
        subscribe(AnimeMerged)(titles_follow_merge)
        subscribe(AnimeSplit)(titles_follow_split)
        subscribe(AnimeSplit)(numbers_follow_split)
        observed_register(releases_observed)
        post_migrate.connect(_rows_make, sender=self)


def _rows_make(**given: Any) -> None:
    """A row, disabled, for each adapter and metadata client of the code: a new one needs no migration."""
    from providers.services.providers import providers_register

    providers_register()
