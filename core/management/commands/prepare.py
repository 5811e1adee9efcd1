"""`manage.py prepare`: what `up` prepares, alone; the distributed way runs it once before its processes start."""

from typing import Any

from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Safe to run again and again; exit code 2 and one line when the database or Redis cannot be reached."""

    help = "Migrates, loads the demo data into an empty catalogue, makes the first superadmin, collects static files."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        from core.serve import preflight
        from core.serve.first_start import prepare

        try:
            preflight.check_database()
            preflight.check_broker()
        except preflight.CannotStart as reason:
            self.stderr.write(f"hiroba: {reason}")
            raise SystemExit(preflight.EXIT_CODE) from None
        prepare(self.stdout.write)
