"""The program of the child: one JSON line asks, JSON lines answer. It knows neither Django nor the database, and reaches no network.

Asked: `{"task": name, "seconds": alarm, ...arguments}`. Answered: any number of `{"progress": 0–100}`, then `{"result": …}` or
`{"error": text}`; `{"bye": true}` when nobody asked for a while.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

IDLE_SECONDS = 60
MEMORY = 2 * 1024**3
FILE_SIZE = 256 * 1024**2


def confine() -> None:
    """Limits that the process sets itself, each where the system knows it."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_SIZE, FILE_SIZE))
        if sys.platform.startswith("linux"):
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    with contextlib.suppress(OSError):
        os.nice(5)
    if sys.platform.startswith("linux"):
        new_network, new_user = 0x40000000, 0x10000000
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).unshare(new_network if os.geteuid() == 0 else new_network | new_user)


def say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main() -> None:
    confine()
    import av

    sys.path.insert(0, str(Path(__file__).parent))
    import decode
    import index
    import pictures
    import pieces
    import probe

    tasks: dict[str, Callable[..., Any]] = {
        "probe": probe.probe,
        "decode": decode.decode_points,
        "pictures": pictures.pictures,
        "index": index.index,
        "pieces": pieces.pieces,
    }
    av.logging.set_level(None)
    say(ready=True)
    while True:
        if not select.select([sys.stdin], [], [], IDLE_SECONDS)[0]:
            say(bye=True)
            return
        line = sys.stdin.readline()
        if not line:
            return
        asked = json.loads(line)
        # The signal's own action ends the process, even where C code holds it: nobody is left behind by a parent that died.
        signal.alarm(int(asked.pop("seconds")) + 1)
        try:
            say(result=tasks[asked.pop("task")](**asked))
        except MemoryError:
            say(error="out of memory")
            return
        except (av.FFmpegError, ValueError, OSError, ArithmeticError, LookupError) as error:
            say(error=f"{type(error).__name__}: {error}"[:500])
        signal.alarm(0)


if __name__ == "__main__":
    main()
