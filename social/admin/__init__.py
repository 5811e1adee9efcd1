"""The admin of the community, a file a noun."""

from social.admin import comments, posts, report_dashboard, reports  # noqa: F401 — registers the models and figures
