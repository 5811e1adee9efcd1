"""Pages of the activity feed."""

from django.urls import URLPattern, path

from social.pages import feed

urlpatterns: list[URLPattern] = [
    path("feed", feed.feed_page, name="feed"),
    path("feed/remove", feed.lines_remove, name="feed-remove"),
    path("feed/restore/<int:moment>", feed.lines_restore, name="feed-restore"),
    path("users/<str:username>/activity", feed.user_activity, name="user-activity"),
]
