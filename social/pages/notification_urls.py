"""Pages of notifications and wishes for episodes."""

from django.urls import URLPattern, path

from social.pages import notification_settings as settings
from social.pages import notifications as pages

urlpatterns: list[URLPattern] = [
    path("notifications", pages.notifications_list, name="notifications"),
    path("notifications/read", pages.notifications_mark, name="notifications-read"),
    path("notifications/delete", pages.notifications_clear, name="notifications-clear"),
    path("notifications/panel", pages.notifications_panel, name="notifications-panel"),
    path("notifications/unsubscribe/<str:token>", settings.digest_unsubscribe, name="digest-unsubscribe"),
    path("notifications/<uuid:notification_id>", pages.notification_open, name="notification"),
    path("notifications/<uuid:notification_id>/line", pages.notification_line, name="notification-line"),
    path("notifications/<uuid:notification_id>/delete", pages.notification_delete, name="notification-delete"),
    path("notifications/<uuid:notification_id>/restore", pages.notification_restored, name="notification-restore"),
    path("settings/notifications/digest", settings.digest_save, name="settings-digest"),
    path("settings/notifications/episodes", settings.wishes_save, name="settings-wishes"),
    path("anime/<bigid:anime_id>/notices", settings.anime_wishes, name="anime-wishes"),
]
