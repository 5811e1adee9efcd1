"""The admin of lists: people's entries, history and progress, collections."""

from lists.admin import collections, entries, history  # noqa: F401 — registers the models
