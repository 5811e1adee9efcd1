"""The admin of the community, a file a noun."""

from social.admin import posts  # noqa: F401 — registers the models
