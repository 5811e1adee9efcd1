"""The downloads app: the queue, the library on disk, what is missing, how files get to people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DownloadsConfig(AppConfig):
    name = "downloads"
    verbose_name = _("Downloads")

    def ready(self) -> None:
        from catalog.facade import AnimeMerged, AnimeSplit, EpisodePublished, remade_register, root_register
        from core.events import subscribe
        from downloads import health, personal_data  # noqa: F401 — parts of the report, data of people
        from downloads.configuration.effects import effects_install
        from downloads.library import jobs as library_jobs  # noqa: F401 — does its kinds of jobs
        from downloads.live.sockets import sockets_register
        from downloads.media import jobs as media_jobs  # noqa: F401 — does its kinds of jobs
        from downloads.missing.following import episode_published
        from downloads.queue import jobs  # noqa: F401 — does its kinds of jobs
        from downloads.queue.following import downloads_follow_merge, downloads_follow_split
        from downloads.serving.remade import REMAKER
        from downloads.serving.roots import derived_root, library_root

        root_register("library", library_root)
        root_register("derived", derived_root)
        remade_register(REMAKER)
        subscribe(AnimeMerged)(downloads_follow_merge)
        subscribe(AnimeSplit)(downloads_follow_split)
        sockets_register()
        effects_install()
        subscribe(EpisodePublished)(episode_published)
