"""Heavy work of the start in a process of its own: its memory goes back to the machine, and it never outlives the server."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable

from django.conf import settings

LEASH = "--leash"


class ChildFailed(RuntimeError):
    """The command ended with an error; its own words went to stderr."""


def command_run(*arguments: str, say: Callable[[str], None], is_leashed: bool = True) -> None:
    """Run a management command, passing its lines on. Raises `ChildFailed`. A leashed one takes `--leash`.

    The child reads from a pipe that only we hold open: when we are gone, however we went, the pipe ends and so does the
    child (`leash_watch`). A second start never meets an import that an earlier one left behind.
    """
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), *arguments, *([LEASH] if is_leashed else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as child:  # noqa: S603
        try:
            for line in child.stdout or ():
                say(line.rstrip())
        finally:
            if child.stdin is not None:
                child.stdin.close()
    if child.returncode != 0:
        raise ChildFailed(f"{arguments[0]} ended with code {child.returncode}")


def leash_watch() -> None:
    """In the child: end at once when the pipe from the parent ends."""

    def watch() -> None:
        while os.read(0, 4096):  # not sys.stdin: its lock would be held when the interpreter ends
            pass
        os._exit(3)

    threading.Thread(target=watch, name="leash", daemon=True).start()
