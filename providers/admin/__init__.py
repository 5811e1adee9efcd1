"""The admin of providers: settings and health, the review queue, what was kept of pages and answers."""

from providers.admin import (  # noqa: F401
    candidates,
    dashboard,
    episodes,
    failures,
    numbering,
    providers,
    snapshots,
    titles,
)
