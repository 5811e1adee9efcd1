"""The community's API routes, a file a noun."""

from django.urls import URLResolver, include, path

urlpatterns: list[URLResolver] = [
    path("", include("social.api.friend_urls")),
    path("", include("social.api.comment_urls")),
    path("", include("social.api.post_urls")),
    path("", include("social.api.notification_urls")),
    path("", include("social.api.report_urls")),
    path("", include("social.api.vote_urls")),
    path("", include("social.api.feed_urls")),
]
