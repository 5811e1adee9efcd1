"""The lists app: what people watch, how far they are."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    name = "lists"
    verbose_name = _("Lists")

    def ready(self) -> None:
        from catalog.facade import AnimeMerged, AnimeSplit, co_ratings_register
        from core.events import subscribe
        from lists import personal_data, slots, slots_collections, slots_profile  # noqa: F401 — data of people; fills slots of lower pages
        from lists.filters import register
        from lists.pages import recommendations  # noqa: F401 — fills a row of the front page
        from lists.selectors.recommendations import rated_alike
        from lists.services import (
            import_jobs,  # noqa: F401 — registers the kinds of jobs
            neighbours,  # noqa: F401 — does a kind of job
        )
        from lists.services.merging import lists_follow_merge
        from lists.services.splitting import lists_follow_split

        register()
        subscribe(AnimeMerged)(lists_follow_merge)
        subscribe(AnimeSplit)(lists_follow_split)
        co_ratings_register(rated_alike)
