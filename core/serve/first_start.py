"""What `manage.py up` prepares before it serves: tables, demo data, the first superadmin, static files."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from core import startup
from core.serve.child import command_run

Say = Callable[[str], None]


def prepare(say: Say) -> None:
    """Make everything ready to serve; quick and silent when it is already."""
    fresh = migrate(say)
    load_demo(say)
    bring_up_to_date(say)
    create_superadmin(say)
    collect_static(say, force=fresh)


def migrate(say: Say) -> bool:
    """Apply missing migrations. True when the database had no tables before."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return False
    is_empty = not executor.loader.applied_migrations
    if is_empty:
        _database_file_close()
    say("Creating the database…" if is_empty else f"Applying {len(plan)} database migrations…")
    call_command("migrate", interactive=False, verbosity=0)
    return is_empty


def _database_file_close() -> None:
    """SQLite's file holds password hashes: nobody else on the machine may read it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        for end in ("", "-wal", "-shm"):
            path = Path(f"{database['NAME']}{end}")
            if path.exists():
                path.chmod(0o600)


def load_demo(say: Say) -> None:
    """Load the demo data into an empty catalogue; go on with it when an earlier start was interrupted."""
    work = startup.registered(startup.DEMO)
    pending = settings.DATA_DIR / "demo_pending"
    if work is None or not settings.DEMO_DATA or not (pending.exists() or work.is_needed()):
        return
    say("Loading the demo data…")
    pending.touch()
    work.run(say)
    pending.unlink(missing_ok=True)


def bring_up_to_date(say: Say) -> None:
    """Do what apps registered beside the demo data and say is needed now (the catalogue: its title index)."""
    for name, work in startup.all_registered().items():
        if name != startup.DEMO and work.is_needed():
            work.run(say)


def create_superadmin(say: Say) -> None:
    """Make the account `admin` with a random password, printed this once, unless there is a superadmin already."""
    from django.contrib.auth import get_user_model

    users = get_user_model().objects
    if users.filter(role="superadmin").exists():
        return
    password = secrets.token_urlsafe(12)
    name = next(name for name in _admin_names() if not users.filter(username__iexact=name).exists())
    users.create_superuser(username=name, email=f"{name}@localhost.invalid", password=password)
    say(f"Superadmin: {name}   password: {password}   (shown only now; change it at /admin/)")


def _admin_names() -> list[str]:
    return ["admin", *(f"admin_{secrets.token_hex(3)}" for _ in range(3))]


def collect_static(say: Say, *, force: bool = False) -> None:
    """Fill STATIC_ROOT when a source file changed since the last time."""
    stamp = Path(settings.STATIC_ROOT) / ".fingerprint"
    present = static_fingerprint()
    if not force and stamp.exists() and stamp.read_text(encoding="ascii") == present:
        return
    say("Collecting static files…")
    stamp.unlink(missing_ok=True)
    # Compressing takes a hundred megabytes that the server would keep.
    command_run("collectstatic", "--noinput", "--verbosity=0", say=say, is_leashed=False)
    stamp.write_text(present, encoding="ascii")


def static_fingerprint() -> str:
    """A hash over path, size and time of every static source file."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()
