"""The flat table of accounts API routes."""

from django.urls import path

from accounts.api import openapi  # noqa: F401  (registers how our authentication is described)
from accounts.api.views import deletions, email, exports, passwords, people, profile, sign_in, two_factor

urlpatterns = [
    path("auth/register", sign_in.Register.as_view(), name="auth-register"),
    path("auth/login", sign_in.Login.as_view(), name="auth-login"),
    path("auth/refresh", sign_in.Refresh.as_view(), name="auth-refresh"),
    path("auth/logout", sign_in.Logout.as_view(), name="auth-logout"),
    path("auth/me", sign_in.Me.as_view(), name="auth-me"),
    path("auth/verify-email", email.VerifyEmail.as_view(), name="auth-verify-email"),
    path("auth/request-verification", email.RequestVerification.as_view(), name="auth-request-verification"),
    path("auth/resend-verification", email.ResendVerification.as_view(), name="auth-resend-verification"),
    path("auth/email", email.ChangeEmail.as_view(), name="auth-email"),
    path("auth/email/confirm", email.ConfirmEmail.as_view(), name="auth-email-confirm"),
    path("auth/forgot-password", passwords.ForgotPassword.as_view(), name="auth-forgot-password"),
    path("auth/reset-password", passwords.ResetPassword.as_view(), name="auth-reset-password"),
    path("auth/password", passwords.Password.as_view(), name="auth-password"),
    path("auth/2fa/setup", two_factor.Setup.as_view(), name="auth-2fa-setup"),
    path("auth/2fa/enable", two_factor.Enable.as_view(), name="auth-2fa-enable"),
    path("auth/2fa/disable", two_factor.Disable.as_view(), name="auth-2fa-disable"),
    path("auth/2fa/backup-codes", two_factor.BackupCodes.as_view(), name="auth-2fa-backup-codes"),
    path("auth/2fa/verify-login", two_factor.VerifyLogin.as_view(), name="auth-2fa-verify-login"),
    path("users/search", people.UserSearch.as_view(), name="users-search"),
    path("users/batch", people.UserBatch.as_view(), name="users-batch"),
    path("users/me", profile.Me.as_view(), name="users-me"),
    path("users/me/complete-setup", profile.CompleteSetup.as_view(), name="users-me-complete-setup"),
    path("users/me/avatar", profile.Avatar.as_view(), name="users-me-avatar"),
    path("users/me/export", exports.PersonalData.as_view(), name="users-me-export"),
    path("users/me/exports", exports.Exports.as_view(), name="users-me-exports"),
    path("users/me/exports/<uuid:export_id>", exports.ExportDetail.as_view(), name="users-me-exports-one"),
    path(
        "users/me/exports/<uuid:export_id>/download",
        exports.ExportDownload.as_view(),
        name="users-me-exports-download",
    ),
    path("users/me/deletion", deletions.Deletion.as_view(), name="users-me-deletion"),
    path("users/me/deletion/request", deletions.DeletionRequest.as_view(), name="users-me-deletion-request"),
    path("users/me/deletion/confirm", deletions.DeletionConfirm.as_view(), name="users-me-deletion-confirm"),
    path("users/<str:username>", people.UserProfile.as_view(), name="users-profile"),
]
