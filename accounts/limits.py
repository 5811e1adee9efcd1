"""How often people may ask for mails and try codes; the API and the pages share each count. The numbers are the reference's."""

from core.throttles import Limit

VERIFY_EMAIL = Limit("auth-verify-email", 5, 60, per="address")
REQUEST_VERIFICATION = Limit("auth-request-verification", 2, 3600, per="address")
RESEND_VERIFICATION = Limit("auth-resend-verification", 2, 300)
FORGOT_PASSWORD = Limit("auth-forgot-password", 2, 300, per="address")
RESET_PASSWORD = Limit("auth-reset-password", 5, 60, per="address")
PASSWORD = Limit("auth-password", 20, 300)
# Ours: each new address gets a mail, and the answer says whether it has an account.
CHANGE_EMAIL = Limit("auth-email", 5, 3600)
CONFIRM_EMAIL = Limit("auth-email-confirm", 10, 300)
# Reference, GET /users/me/export: "3 downloads per hour per user"; the ZIP's downloads count with it.
EXPORT_DOWNLOAD = Limit("users-export", 3, 3600)
EXPORT_REQUEST = Limit("users-exports", 10, 3600)
# Ours: each request is a mail.
DELETION_REQUEST = Limit("users-deletion-request", 3, 3600)
DELETION_CONFIRM = Limit("users-deletion-confirm", 10, 3600)
# Ours, two-factor sign-in: wrong codes have their lock-out (services/lockout.py); new recovery codes are a mail each.
TWO_FACTOR_VERIFY = Limit("auth-2fa-verify", 60, 60, per="address")
TWO_FACTOR_SETUP = Limit("auth-2fa-setup", 20, 3600)
TWO_FACTOR_ENABLE = Limit("auth-2fa-enable", 10, 60)
TWO_FACTOR_DISABLE = Limit("auth-2fa-disable", 20, 60)
RECOVERY_CODES = Limit("auth-2fa-codes", 10, 3600)
