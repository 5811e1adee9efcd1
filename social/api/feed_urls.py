"""API routes of the activity feed."""

from django.urls import URLPattern, path

from social.api.views import feed

urlpatterns: list[URLPattern] = [
    path("feed", feed.Feed.as_view(), name="api-feed"),
    path("feed/<uuid:id>", feed.FeedLineView.as_view(), name="api-feed-line"),
    path("feed/<uuid:id>/restore", feed.FeedLineRestore.as_view(), name="api-feed-line-restore"),
    path("users/<str:username>/feed", feed.UserFeed.as_view(), name="api-user-feed"),
]
