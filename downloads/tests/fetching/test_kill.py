"""kill -9 in the midst of fetching, at any moment: it goes on, and the file is the same."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from downloads.fetching.journal import Journal
from downloads.tests.fetching.worlds import content, fetched, stream_put
from downloads.tests.stream_host import StreamHost

pytestmark = pytest.mark.once


def test_killed_again_and_again_the_file_is_the_same(tmp_path: Path) -> None:
    chance = random.Random(7)
    with StreamHost({}) as host:
        whole = stream_put(host, count=60)
        host.behave(latency=15)
        folder = tmp_path / "parts"
        ends = []
        for turn in range(3):
            asked = host.hits.total()
            with subprocess.Popen(
                [
                    *(sys.executable, "-m", "downloads.tests.fetching.killed"),
                    *(host.url("s/list.m3u8"), str(host.port), str(folder)),
                ],
                cwd=Path(__file__).resolve().parents[3],
            ) as process:
                wanted = asked + chance.randint(8, 16)
                while process.poll() is None and host.hits.total() < wanted:
                    host.waited(0.002)
                process.kill()
                ends.append((turn, process.wait()))
        assert ends == [(0, -9), (1, -9), (2, -9)]
        assert 0 < sum(part.stat().st_size for part in folder.glob("*.part")) < len(whole)
        assert content(fetched(host, "s/list.m3u8", folder)) == [whole]
        # What a kill costs is what was on its way.
        assert host.hits.total() - host.hits["s/list.m3u8"] < 60 + 3 * 9


def journal(folder: Path, identity: str = "x") -> Journal:
    return Journal(folder, 0, identity)


def filled(folder: Path, count: int = 3) -> None:
    """Pieces of ten bytes in a journal of this machine's run."""
    made = journal(folder)
    for _number in range(count):
        made.open_part(0).write(b"0123456789")
        made.note(0, 10)
    made.close()


def test_what_was_noted_counts_and_a_torn_tail_does_not(tmp_path: Path) -> None:
    filled(tmp_path)
    part, notes = tmp_path / "track-0-0.part", tmp_path / "track-0.journal"
    part.write_bytes(part.read_bytes() + b"torn")
    notes.write_text(notes.read_text() + '{"piece":3,"par')
    again = journal(tmp_path)
    assert (again.done, again.bytes, again.open_part(0).tell()) == (3, 30, 30)
    again.close()
    assert part.stat().st_size == 30
    part.write_bytes(b"0123456789")  # shorter than its notes: only what is there counts
    shorter = journal(tmp_path)
    assert (shorter.done, shorter.bytes) == (1, 10)
    shorter.close()


def test_after_a_fall_of_the_machine_only_what_was_synced_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = journal(tmp_path)
    for number in range(3):
        made.open_part(0).write(b"0123456789")
        made.note(0, 10)
        if number == 1:
            made.sync()
    made.close()
    monkeypatch.setattr("downloads.fetching.journal.boot_id", lambda: "another")
    again = journal(tmp_path)
    assert again.done == 2
    again.close()


@pytest.mark.parametrize(
    "damage", ["", "[]\n", "{}\n", "\x00\x00\n", '{"identity":"y"}\n', '{"identity":"x"}\n{"piece":"a"}\n']
)
def test_a_damaged_journal_begins_anew(tmp_path: Path, damage: str) -> None:
    filled(tmp_path)
    (tmp_path / "track-0.journal").write_text(damage)
    again = journal(tmp_path)
    assert again.done == 0
    again.open_part(0).write(b"new")
    again.note(0, 3)
    again.close()
    assert (tmp_path / "track-0-0.part").read_bytes() == b"new"
