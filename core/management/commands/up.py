"""`manage.py up`: prepare and serve the whole site in this process."""

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Exit code 2 and one line when it cannot start."""

    help = "Prepares the database and serves the whole site in one process: web, sockets, worker and beat."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from core.serve.embedded import up

        up()
