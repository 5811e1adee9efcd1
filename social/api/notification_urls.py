"""API routes of notifications."""

from django.urls import URLPattern, path

from social.api.views import notifications

urlpatterns: list[URLPattern] = [
    path("notifications", notifications.Notifications.as_view(), name="api-notifications"),
    path("notifications/mark-read", notifications.MarkRead.as_view(), name="api-notifications-mark-read"),
    path("notifications/unread-count", notifications.UnreadCount.as_view(), name="api-notifications-unread-count"),
    path("notifications/delete", notifications.Delete.as_view(), name="api-notifications-delete"),
]
