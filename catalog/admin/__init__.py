"""The admin of the catalogue."""

from catalog.admin import anime, dashboard, episodes, labels, logs, sources  # noqa: F401 — registers the models
