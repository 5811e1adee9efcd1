"""Real processes: two that build at once, one that is killed while it writes, readers that go on meanwhile."""

import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as django_settings

from catalog.search import engine
from catalog.search.engine import Snapshot, Source
from catalog.search.folder import IndexFolder
from catalog.search.query import answer

pytestmark = pytest.mark.once

PRELUDE = """
import sys, time
from pathlib import Path
import django
django.setup()
from catalog.search import engine
from catalog.search.engine import Source
from catalog.search.folder import IndexFolder
folder = IndexFolder(Path(sys.argv[1]))
def many():
    for number in range(1, 1_000_000):
        if number == 20_000:
            print("writing", flush=True)
        yield Source(number, (f"Midori no Umi {number}",))
"""


@contextmanager
def process(script: str, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A Python process of this project running `script`; killed at the end of the block if it still runs."""
    child = subprocess.Popen(
        [sys.executable, "-c", PRELUDE + textwrap.dedent(script), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=django_settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def wait_for(child: subprocess.Popen[str], line: str) -> None:
    assert child.stdout is not None
    assert child.stdout.readline().strip() == line


@pytest.fixture
def folder(search_dir: Path) -> IndexFolder:
    """A folder with an index of one anime."""
    folder = IndexFolder(search_dir)
    with folder.lock(wait=True), folder.replacement() as index:
        engine.write(index, sources=[Source(1, ("Aoi Tsubasa",))], state="first")
    return folder


def found(folder: IndexFolder, query: str) -> list[int]:
    return [hit.anime_id for hit in answer(Snapshot(folder.open(folder.current())), query, limit=5)]


def test_killed_in_the_middle_of_a_change(folder: IndexFolder) -> None:
    """Nothing of the change is seen, everything from before is, the lock is free and the next writer succeeds."""
    script = """
        with folder.lock(wait=True):
            engine.write(folder.open(folder.current()), sources=many(), removed=[1], state="second")
    """
    with process(script, folder.path) as child:
        wait_for(child, "writing")
        assert found(folder, "aoi tsubasa") == [1]
        with folder.lock(wait=False) as is_ours:
            assert not is_ours
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    assert found(folder, "aoi tsubasa") == [1]
    assert found(folder, "midori no umi") == []
    assert Snapshot(folder.open(folder.current())).state == "first"
    with folder.lock(wait=False) as is_ours:
        assert is_ours
        engine.write(folder.open(folder.current()), sources=[Source(2, ("Midori no Umi",))], state="third")
    assert found(folder, "midori no umi") == [2]
    assert found(folder, "aoi tsubasa") == [1]


def test_killed_in_the_middle_of_a_rebuild(folder: IndexFolder) -> None:
    """The old generation stays current; the half-written one is swept by the next rebuild."""
    script = """
        with folder.lock(wait=True), folder.replacement() as index:
            engine.write(index, sources=many(), state="second")
    """
    with process(script, folder.path) as child:
        wait_for(child, "writing")
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    assert len(list(folder.path.glob("titles-*"))) == 2
    assert found(folder, "aoi tsubasa") == [1]
    with folder.lock(wait=False), folder.replacement() as index:
        engine.write(index, sources=[Source(2, ("Midori no Umi",))], state="third")
    assert len(list(folder.path.glob("titles-*"))) == 1
    assert found(folder, "midori no umi") == [2]


def test_reader_survives_a_rebuild_by_another_process(folder: IndexFolder) -> None:
    """The files of its snapshot are gone from the folder, but it has them open."""
    old = Snapshot(folder.open(folder.current()))
    script = """
        with folder.lock(wait=True), folder.replacement() as index:
            engine.write(index, sources=[Source(2, ("Midori no Umi",))], state="second")
        print("done", flush=True)
        time.sleep(30)
    """
    with process(script, folder.path) as child:
        wait_for(child, "done")
        assert [hit.anime_id for hit in answer(old, "aoi tsubasa", limit=5)] == [1]
        assert found(folder, "midori no umi") == [2]


def test_write_that_fails_leaves_the_index_as_it_was(folder: IndexFolder) -> None:
    def broken() -> Iterator[Source]:
        yield Source(2, ("Midori no Umi",))
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError), folder.lock(wait=False):
        engine.write(folder.open(folder.current()), sources=broken(), removed=[1], state="second")
    with pytest.raises(RuntimeError), folder.lock(wait=False), folder.replacement() as index:
        engine.write(index, sources=broken(), state="second")
    assert found(folder, "aoi tsubasa") == [1]
    assert len(list(folder.path.glob("titles-*"))) == 1
