"""`make schema`: write docs/openapi.yaml from the code; `--check` fails and shows the difference instead."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COMMITTED = ROOT / "docs" / "openapi.yaml"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="hiroba-schema-") as folder:
        target = Path(folder) / "openapi.yaml"
        command = [sys.executable, "manage.py", "spectacular", "--file", str(target), "--fail-on-warn", "--validate"]
        environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
        code = subprocess.call(command, cwd=ROOT, env={**environment, "DATA_DIR": folder})  # noqa: S603
        if code != 0:
            return code
        text = target.read_text(encoding="utf-8")
    if "--check" not in sys.argv[1:]:
        COMMITTED.write_text(text, encoding="utf-8")
        sys.stdout.write(f"wrote {COMMITTED.relative_to(ROOT)}\n")
        return 0
    committed = COMMITTED.read_text(encoding="utf-8") if COMMITTED.exists() else ""
    if committed == text:
        return 0
    lines = difflib.unified_diff(
        committed.splitlines(), text.splitlines(), "docs/openapi.yaml", "the code", lineterm="", n=2
    )
    sys.stdout.write(
        "\n".join(list(lines)[:200]) + "\nThe API changed: run `make schema` and commit docs/openapi.yaml.\n"
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
