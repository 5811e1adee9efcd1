"""The admin of providers: settings and health, the review queue, what was kept of pages and answers."""
