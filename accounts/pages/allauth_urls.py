"""Which of allauth's pages the site has. Its others (e-mail addresses, passwords, authenticator apps) are ours."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.urls import URLPattern, URLResolver, path

from accounts.pages import email, passkeys, passwords
from accounts.pages.linked import link_confirm_page
from accounts.pages.moved import moved_to
from accounts.pages.oauth_sign_up import oauth_sign_up_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("2fa/authenticate/", passkeys.second_step, name="mfa_authenticate"),
    path("2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("2fa/webauthn/add/", passkeys.passkey_add, name="mfa_add_webauthn"),
    path("2fa/webauthn/login/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("2fa/webauthn/reauthenticate/", webauthn.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/edit/", passkeys.passkey_rename, name="mfa_edit_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", passkeys.passkey_remove, name="mfa_remove_webauthn"),
    path("3rdparty/signup/", oauth_sign_up_page, name="socialaccount_signup"),
    path("3rdparty/link/", link_confirm_page, name="oauth_link_confirm"),
    # Names that allauth's templates and flows ask for; the pages are ours.
    path("verify-email", email.verify_email_page, name="verify_email"),
    path("confirm-email/", moved_to("verify_email"), name="account_email_verification_sent"),
    path("email/", moved_to("settings_account"), name="account_email"),
    path("password/reset/", passwords.forgot_page, name="account_reset_password"),
    path("password/reset/done/", passwords.forgot_done_page, name="account_reset_password_done"),
    path("password/reset/key", passwords.reset_page, name="account_reset_password_from_key"),
    path("password/reset/key/done/", passwords.reset_done_page, name="account_reset_password_from_key_done"),
]
