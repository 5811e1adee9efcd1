"""Downloads whose workers are really killed, and hosts that go away: one file, whole, and nothing left behind."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench.download_faults import PROMISED, Scene, stream_make
from downloads.tests.media_files import MediaFiles, media_files
from downloads.tests.stream_host import StreamHost

__all__ = ["media_files"]
pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.xdist_group("processes"), pytest.mark.timeout(300)]
SECONDS = 30
LEASE = 1.5
"""Seconds, instead of twelve: what a kill costs of waiting."""


def test_a_download_outlives_its_workers(tmp_path: Path, media_files: MediaFiles) -> None:
    assert media_files.folder.is_dir()  # there is ffmpeg
    count = stream_make(tmp_path / "stream", SECONDS)
    assert count >= 60
    with StreamHost({"s": tmp_path / "stream"}) as host:
        host.behave(latency=80)
        scene = Scene(tmp_path / "data", host, LEASE, long_lease=LEASE)
        scene.data.mkdir()
        scene.prepare("s/list.m3u8", parallel=2)
        chance = random.Random(7)
        for _kill in range(2):
            scene.kill_at_random(chance, longest=0.6)
        assert 0 < scene.asked().total() < count
        host.behave()
        # power goes between the file's rename and the commit; then between the commit and the end of the parts
        assert scene.killed_at("after_rename") == -9
        assert [state for (state,) in scene.rows("SELECT state FROM downloads_download")] == ["running"]
        assert (len(scene.files()), scene.rows("SELECT count(*) FROM downloads_libraryfile")) == (1, [(0,)])
        assert scene.killed_at("after_commit") == -9
        assert [state for (state,) in scene.rows("SELECT state FROM downloads_download")] == ["done"]
        placed = scene.files()
        assert scene.files("downloads")
        # only what was on its way was asked for again
        assert count <= scene.asked().total() <= count + 2 * 2
        told = scene.finish()
    assert [kill.seconds < PROMISED for kill in scene.kills] == [True, True]
    assert len(told) == 2
    assert told[0].startswith("done ")
    assert told[0] == told[1], "the same bytes as those of a run that nobody disturbed"
    assert (scene.files(), scene.files("downloads")) == (placed, [])
    assert scene.rows("SELECT count(*) FROM downloads_libraryfile") == [(1,)]
    assert scene.rows("SELECT count(*) FROM downloads_downloadattempt") == [(0,)]
