"""Addresses of the account pages that allauth does not have."""

from django.urls import path

from accounts.pages import deletions, email, exports, notifications, passwords, security, sessions
from accounts.pages.account import account_page
from accounts.pages.api_keys import api_key_revoke_page, api_keys_page
from accounts.pages.linked import linked_page
from accounts.pages.moved import moved_to
from accounts.pages.onboarding import onboarding_page
from accounts.pages.player import player_page
from accounts.pages.privacy import privacy_page
from accounts.pages.profiles import profile_page
from accounts.pages.service_worker import service_worker
from accounts.pages.settings import settings_page

urlpatterns = [
    path("welcome", onboarding_page, name="onboarding"),
    path("users/<str:username>", profile_page, name="profile"),
    path("settings", settings_page, name="settings"),
    path("settings/player", player_page, name="settings_player"),
    path("settings/privacy", privacy_page, name="settings_privacy"),
    path("settings/account", account_page, name="settings_account"),
    path("settings/account/email", email.email_change, name="settings_account_email"),
    path("settings/account/confirm", email.email_change_confirm, name="settings_account_confirm"),
    path("settings/account/resend", email.verification_resend, name="settings_account_resend"),
    path("settings/security", security.security_page, name="settings_security"),
    path("settings/security/two-factor/begin", security.two_factor_begin, name="settings_two_factor_begin"),
    path("settings/security/two-factor", security.two_factor_setup, name="settings_two_factor"),
    path("settings/security/two-factor/off", security.two_factor_off, name="settings_two_factor_off"),
    path("settings/security/recovery-codes", security.recovery_codes, name="settings_recovery_codes"),
    path("settings/sessions", sessions.sessions_page, name="settings_sessions"),
    path("settings/sessions/revoke", sessions.sessions_revoke_page, name="settings_sessions_revoke"),
    path("settings/sessions/<uuid:session_id>/revoke", sessions.session_revoke_page, name="settings_session_revoke"),
    path("settings/linked", linked_page, name="settings_linked"),
    path("settings/password", passwords.password_page, name="account_change_password"),
    path("settings/password", passwords.password_page, name="account_set_password"),
    path("settings/export", exports.export_page, name="settings_export"),
    path("settings/export/status", exports.export_status, name="settings_export_status"),
    path("settings/export/<uuid:export_id>/download", exports.export_download, name="settings_export_download"),
    path("sw.js", service_worker, name="service_worker"),
    path("settings/notifications", notifications.notifications_page, name="settings_notifications"),
    path("settings/notifications/test", notifications.push_test_page, name="settings_push_test"),
    path(
        "settings/notifications/devices/<uuid:id>/remove",
        notifications.device_remove_page,
        name="settings_device_remove",
    ),
    path("settings/api-keys", api_keys_page, name="settings_api_keys"),
    path("settings/api-keys/<uuid:id>/revoke", api_key_revoke_page, name="settings_api_key_revoke"),
    path("settings/deletion", deletions.deletion_page, name="settings_deletion"),
    path("settings/deletion/request", deletions.deletion_request, name="settings_deletion_request"),
    path("settings/deletion/confirm", deletions.deletion_confirm, name="settings_deletion_confirm"),
    path("settings/deletion/cancel", deletions.deletion_cancel, name="settings_deletion_cancel"),
    # Password managers look here (https://www.w3.org/TR/change-password-url/).
    path(".well-known/change-password", moved_to("account_change_password")),
]
