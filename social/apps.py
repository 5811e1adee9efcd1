"""The social app: people among each other."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SocialConfig(AppConfig):
    name = "social"
    verbose_name = _("Community")

    def ready(self) -> None:
        from accounts.facade import NoticeSent
        from catalog.facade import AnimeMerged, AnimeMerging, AnimeSplit, AnimeSplitting, EpisodePublished
        from core.events import subscribe
        from lists.facade import CollectionPublished, EntryChanged, HistoryForgotten
        from social import (
            feed_listeners,
            live,  # noqa: F401 — what open pages begin with
            notices,  # noqa: F401 — names the kinds of notices
            personal_comments,  # noqa: F401 — data of people
            personal_feed,  # noqa: F401
            personal_notifications,  # noqa: F401
            personal_posts,  # noqa: F401
            personal_relations,  # noqa: F401
            personal_reports,  # noqa: F401
            slots_feed,  # noqa: F401
            slots_friends,  # noqa: F401
            slots_notifications,  # noqa: F401
            slots_posts,  # noqa: F401 — fills slots of lower pages
            slots_reports,  # noqa: F401
            slots_threads,  # noqa: F401
        )
        from social.events import PostPublished
        from social.selectors import relations  # noqa: F401 — tells accounts who are friends and who is hidden
        from social.services import episode_releases
        from social.services.account_notices import account_notice_keep
        from social.services.merging_comments import comments_follow_merge
        from social.services.merging_feed import feed_follow_merge
        from social.services.merging_locks import tables_hold
        from social.services.merging_notifications import notifications_follow_merge
        from social.services.merging_posts import posts_follow_merge
        from social.services.merging_reports import reports_follow_merge
        from social.services.splitting import social_follow_split

        subscribe(AnimeMerging)(tables_hold)
        subscribe(AnimeSplitting)(tables_hold)
        subscribe(AnimeSplit)(social_follow_split)
        subscribe(AnimeMerged)(comments_follow_merge)
        subscribe(AnimeMerged)(feed_follow_merge)
        subscribe(AnimeMerged)(notifications_follow_merge)
        subscribe(AnimeMerged)(posts_follow_merge)
        subscribe(AnimeMerged)(reports_follow_merge)
        subscribe(EpisodePublished)(episode_releases.release_note)
        subscribe(NoticeSent)(account_notice_keep)
        subscribe(EntryChanged)(feed_listeners.entry_changed)
        subscribe(PostPublished)(feed_listeners.post_published)
        subscribe(CollectionPublished)(feed_listeners.collection_published)
        subscribe(HistoryForgotten)(feed_listeners.history_forgotten)
