"""The admin of accounts."""

from accounts.admin import dashboard, sessions, users  # noqa: F401 — registers the models
