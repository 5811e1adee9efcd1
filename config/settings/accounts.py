"""The user model, passwords, allauth and token lifetimes."""

from datetime import timedelta

from config.settings.site import SITE_NAME

AUTH_USER_MODEL = "accounts.User"

# One door: the site, the admin and whatever calls `authenticate` share its check and lock-out.
AUTHENTICATION_BACKENDS = ["accounts.backends.AccountBackend"]
SESSION_ENGINE = "accounts.site_sessions"

PASSWORD_HASHERS = [
    "accounts.hashers.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_LOGIN_METHODS = {"email", "username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_UNIQUE_EMAIL = True
# Our own codes verify addresses (accounts/services/email_codes.py).
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.forms.LoginForm", "signup": "accounts.forms.SignupForm"}
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
# Failed sign-ins are counted by accounts.services.lockout, for the API and the site together.
# Sign-ups that are refused count here alone; those that make an account have the API's 20 an hour (accounts/forms.py).
ACCOUNT_RATE_LIMITS = {"login_failed": None, "signup": "100/h/ip"}

# Passkeys are allauth's; the authenticator app and the recovery codes are ours (accounts/services/two_factor.py).
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ADAPTER = "accounts.mfa_adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "accounts.forms.AuthenticateForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
    "add_webauthn": "accounts.pages.passkey_forms.PasskeyAddForm",
    "authenticate_webauthn": "accounts.pages.passkey_forms.PasskeyAuthenticateForm",
    "login_webauthn": "accounts.pages.passkey_forms.PasskeyLoginForm",
    "reauthenticate_webauthn": "accounts.pages.passkey_forms.PasskeyReauthenticateForm",
}
MFA_WEBAUTHN_USER_VERIFICATION = "required"
# A passkey needs no verified address, as the authenticator app needs none.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Seconds from the right password to the answered challenge, as in the API (services/challenges.py).
ACCOUNT_LOGIN_TIMEOUT = 300

ACCESS_TOKEN_LIFETIME = timedelta(minutes=15)
REFRESH_TOKEN_LIFETIME = timedelta(days=30)
