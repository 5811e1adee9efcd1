"""The community's pages, a file a noun."""

from django.urls import URLResolver, include, path

urlpatterns: list[URLResolver] = [
    path("", include("social.pages.friend_urls")),
    path("", include("social.pages.comment_urls")),
    path("", include("social.pages.post_urls")),
    path("", include("social.pages.notification_urls")),
    path("", include("social.pages.report_urls")),
    path("", include("social.pages.feed_urls")),
]
