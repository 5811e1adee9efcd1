"""`make lint`: every check that needs no running site; all of them run, the exit code is 1 when any failed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable

# Where types are checked: what other code builds on. `[tool.mypy]` in pyproject.toml excludes tests, admin, migrations.
TYPED = ["core", "accounts/services", "accounts/selectors", "catalog/services", "catalog/selectors", "lists/services"]
TYPED += ["lists/selectors", "social/services", "social/selectors", "providers/services", "providers/selectors"]
TYPED += ["downloads", "scripts"]

# As an operator behind a public name would set it; `check --deploy` must have nothing to say about it.
PRODUCTION = {
    "PUBLIC_URL": "https://hiroba.example",
    "ALLOWED_HOSTS": "hiroba.example",
    "SECRET_KEY": "only-for-this-check-" + "0123456789abcdef" * 4,
    "DEBUG": "false",
}


def typed_paths() -> list[str]:
    """The typed folders that exist, as a folder or as a module."""
    found = []
    for name in TYPED:
        if (ROOT / name).is_dir():
            found.append(name)
        elif (ROOT / f"{name}.py").exists():
            found.append(f"{name}.py")
    return found


def checks() -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, command and extra environment of every check."""
    manage = [PYTHON, "manage.py"]
    return [
        ("ruff check", [str(BIN / "ruff"), "check", "."], {}),
        ("ruff format", [str(BIN / "ruff"), "format", "--check", "."], {}),
        ("sizes", [PYTHON, "scripts/sizes.py"], {}),
        ("import contract", [str(BIN / "lint-imports"), "--no-cache"], {}),
        ("migrations", [*manage, "makemigrations", "--check", "--dry-run"], {}),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], PRODUCTION),
        ("error codes", [PYTHON, "manage.py", "errors_doc", "--check"], {}),
        ("API schema", [PYTHON, "scripts/schema.py", "--check"], {}),
        ("templates", [str(BIN / "djlint"), "templates", "--lint", "--quiet"], {}),
        ("types", [str(BIN / "mypy"), *typed_paths()], {}),
    ]


def run(
    name: str, command: list[str], extra: dict[str, str], *, base: dict[str, str]
) -> tuple[str, subprocess.CompletedProcess[str], float]:
    """Name, outcome and seconds of one check, in a DATA_DIR of its own: several run at once."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hiroba-lint-") as folder:
        done = subprocess.run(  # noqa: S603
            command, cwd=ROOT, env={**base, "DATA_DIR": folder, **extra}, capture_output=True, text=True, check=False
        )
    return name, done, time.monotonic() - started


def main() -> int:
    wanted = set(sys.argv[1:])
    failed = []
    base = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE")}
    chosen = [check for check in checks() if not wanted or check[0] in wanted]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, done, seconds in pool.map(lambda check: run(*check, base=base), chosen):
            sys.stdout.write(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({seconds:.1f}s)\n")
            if done.returncode != 0:
                failed.append(name)
                sys.stdout.write(done.stdout[-12_000:] + done.stderr[-4_000:] + "\n")
            sys.stdout.flush()
    sys.stdout.write(f"\nlint: {'all checks passed' if not failed else 'failed: ' + ', '.join(failed)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
