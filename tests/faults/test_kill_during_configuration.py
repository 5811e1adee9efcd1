"""`kill -9` during a save of the configuration, at every line and at 500 odd moments: the old one or the new one, never mixed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.services.processes import ROOT

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.xdist_group("processes"), pytest.mark.timeout(120)]

KILLS = 500
_CODE = """
import gc, json, os, pathlib, random, signal, sys, time
from django.conf import settings
from downloads.configuration import backup_files, store
from downloads.configuration.backups import backup_restore, backups_list
from downloads.configuration.changing import configuration_set
from downloads.configuration.checks import values_loaded

KILLS = int(sys.argv[1])
WATCHED = ("files.py", "changing.py", "backup_files.py")
path = pathlib.Path(settings.CONFIGURATION_ROOT) / "downloads.json"
backup_files.KEPT = 5  # all are read after every kill
os.fsync = lambda _handle: None  # a kill loses nothing that was written; power cuts are what it is for

def fields(turn):
    "A configuration whose every value tells its turn."
    return {"max_attempts": 1 + turn % 20, "stall_seconds": 100 + turn, "allowed_hosts": [f"h{turn}.example"] * (1 + turn % 3)}

def whole(content):
    "The turn of a configuration that is all of one turn."
    values = values_loaded(content)
    turn = values.stall_seconds - 100
    assert values.max_attempts == 1 + turn % 20, content
    assert values.allowed_hosts == (f"h{turn}.example",), content
    return turn

def checked(old, new):
    "After a kill: old or new, what a reader here sees, and all backups, are whole. The next writer is not hindered."
    turn = whole(path.read_bytes())
    assert turn in (old, new), (turn, old, new)
    assert store.configuration().stall_seconds == 100 + turn and not store.configuration_problem()
    for backup in backups_list():
        assert backup.size_bytes == backup.path.stat().st_size
        assert 0 <= whole(backup.path.read_bytes()) <= new
    return turn

def at_line(step):
    seen = set()
    def watch(frame, event, _more):
        name = frame.f_code.co_filename.rpartition("/configuration/")[2]
        if name not in WATCHED:
            return None
        if event == "line":
            seen.add((name, frame.f_lineno))
            if len(seen) > step:
                os.kill(os.getpid(), signal.SIGKILL)
        return watch
    sys.settrace(watch)

def forked(work):
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child

told = {"lines": 0, "kills": 0, "old": 0, "new": 0}
configuration_set(None, fields(0))
gc.freeze()
for backup in backups_list():
    backup.path.unlink()  # of the defaults
turn = present = 0
while True:  # at every line of a save, once
    turn += 1
    step = told["lines"]
    child = forked(lambda: (at_line(step), configuration_set(None, fields(turn))))
    if not os.WIFSIGNALED(os.waitpid(child, 0)[1]):
        break
    told["lines"] += 1
    found = checked(present, turn)
    told["new" if found == turn else "old"] += 1
    present = found
present = checked(turn, turn)
until = time.monotonic() + 60
base, span = turn, 0.004
while told["kills"] < KILLS and time.monotonic() < until:  # at any moment of a save
    turn = base + 1 + told["kills"]
    child = forked(lambda: configuration_set(None, fields(turn)))
    time.sleep(random.random() * span)
    os.kill(child, signal.SIGKILL)
    was_killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    found = checked(present, turn)
    told["kills"] += was_killed
    if was_killed:
        told["new" if found == turn else "old"] += 1
    # Kills are to come before and after the new one is there.
    span *= 0.93 if found == turn else 1.07
    present = found
configuration_set(None, fields(turn))
told["left"] = sorted(one.name for one in path.parent.iterdir())
told["restored"] = backup_restore(backups_list()[-1].name).stall_seconds >= 100
told["backups"] = len(backups_list())
told["cpu"] = time.process_time()
print(json.dumps(told))
"""


def test_old_or_new_and_never_mixed(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    env |= {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", _CODE, str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["lines"] > 60, told
    assert told["kills"] == KILLS, told
    assert min(told["old"], told["new"]) > 20, told
    assert told["left"] == ["backups", "downloads.json", "downloads.lock"], told
    assert told["restored"]
    assert told["backups"] == 5
