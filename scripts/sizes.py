"""Size limits of the house: no file over 800 lines, no function over 60 outside of tests, migrations and benchmarks."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES = 800
FUNCTION_LINES = 60
TEXT = {".py", ".js", ".css", ".html", ".sh"}
ELSEWHERE = ("static/vendor/", ".venv/", "data/")
LONG_FUNCTIONS_ALLOWED = ("migrations", "tests", "bench")


def files() -> list[Path]:
    """Everything git knows or would know: tracked files, and new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    paths = (Path(name) for name in listed.stdout.splitlines() if not name.startswith(ELSEWHERE))
    return [path for path in paths if path.suffix in TEXT and (ROOT / path).is_file()]


def too_large(path: Path) -> list[str]:
    """What is too large in one file, as lines for the reader."""
    text = (ROOT / path).read_text(encoding="utf-8")
    count, found = text.count("\n"), []
    if count > FILE_LINES and "migrations" not in path.parts:
        found.append(f"{path}: {count} lines, {FILE_LINES} allowed")
    if path.suffix == ".py" and not set(path.parts) & set(LONG_FUNCTIONS_ALLOWED):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    found.append(f"{path}:{node.lineno}: {node.name} has {length} lines, {FUNCTION_LINES} allowed")
    return found


def main() -> int:
    found = [line for path in files() for line in too_large(path)]
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
