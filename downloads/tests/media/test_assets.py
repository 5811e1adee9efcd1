"""Jobs make seek pictures, texts and openings of library files, once, and pass over what is broken."""

import shutil
import uuid
from pathlib import Path

import pytest

from catalog.models import EpisodeSource, SubtitleTrack, Timecode
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory
from core.jobs.errors import JobCancelled
from core.jobs.services import job_run
from core.models import Job, JobState
from downloads.media import assets, jobs
from downloads.media.assets import asset_of, subtitles_asset
from downloads.media.openings import Marks, Span
from downloads.models import FileState, LibraryFile
from downloads.tests.media_files import MediaFiles

pytestmark = [pytest.mark.django_db, pytest.mark.either]


@pytest.fixture
def library(settings, tmp_path: Path) -> Path:  # type: ignore[no-untyped-def]
    """An empty library, with a place for what is made of it."""
    settings.LIBRARY_ROOT, settings.DERIVED_ROOT = tmp_path / "library", tmp_path / "derived"
    settings.CONFIGURATION_ROOT = tmp_path / "configuration"
    settings.LIBRARY_ROOT.mkdir()
    return settings.LIBRARY_ROOT


def put(library: Path, source: Path, name: str, **fields: object) -> LibraryFile:
    path = library / name
    shutil.copyfile(source, path)
    values: dict = {"state": FileState.MATCHED, "first": 1, "last": 1, **fields}
    return LibraryFile.objects.create(path=name, size=path.stat().st_size, mtime_ns=path.stat().st_mtime_ns, **values)


def run(kind: str, **payload: object) -> dict:
    """The result of a job of this kind, done here."""
    job = Job.objects.create(kind=kind, payload=payload, unique_key=str(uuid.uuid4()), queue="media")
    done = job_run(job_id=job.id)
    assert done
    assert done.state == JobState.DONE, done.error_detail
    return done.result or {}


def test_pictures_are_made_once(library: Path, media_files: MediaFiles, settings) -> None:  # type: ignore[no-untyped-def]
    source = EpisodeSourceFactory(kind="local", url="", path="library:a.mkv")
    row = put(library, media_files.mkv, "a.mkv")
    broken = put(library, media_files.disguised, "b.mp4")
    gone = put(library, media_files.mkv, "c.mkv")
    (library / "c.mkv").unlink()
    files = [row.pk, broken.pk, gone.pk, 999_999]
    assert run(jobs.THUMBNAILS, files=files) == {"files": 1, "skipped": 1, "failed": {str(broken.pk): "media_unsafe"}}
    stored = EpisodeSource.objects.get(pk=source.pk).thumbnails_path
    track = settings.DERIVED_ROOT / stored.removeprefix("derived:")
    assert stored.startswith(f"derived:thumbnails/{row.pk}-")
    assert "000.webp#xywh=" in track.read_text()
    before = track.stat().st_mtime_ns
    run(jobs.THUMBNAILS, files=files)
    assert track.stat().st_mtime_ns == before
    assert len(list(track.parent.parent.iterdir())) == 1


def test_texts_become_tracks_and_go_with_their_file(library: Path, media_files: MediaFiles) -> None:
    anime = AnimeFactory()
    EpisodeFactory(anime=anime, number=1)
    row = put(library, media_files.mkv, "a.mkv", anime=anime)
    assert run(jobs.SUBTITLES, files=[row.pk])["files"] == 1
    tracks = SubtitleTrack.objects.order_by("path")
    found = [(t.path.rpartition("/")[2], t.language, t.format, t.is_forced) for t in tracks]
    assert found == [("00.ass", "de", "ass", False), ("00.vtt", "de", "vtt", False), ("01.vtt", "en", "vtt", True)]
    old = {track.path for track in tracks}
    assert run(jobs.SUBTITLES, files=[row.pk])["files"] == 1
    assert {track.path for track in tracks.all()} == old
    # the file becomes another one: its texts are new, the former are gone
    shutil.copyfile(media_files.mkv, library / "a.mkv")
    asset = asset_of(row)
    assert asset
    assert subtitles_asset(asset) == 3
    assert {track.path for track in tracks.all()}.isdisjoint(old)
    assert tracks.count() == 3


def test_a_path_that_leads_out_is_no_asset(library: Path, media_files: MediaFiles, tmp_path: Path) -> None:
    row = put(library, media_files.mp4, "a.mp4")
    (library / "a.mp4").unlink()
    (library / "a.mp4").symlink_to(media_files.mp4)
    assert asset_of(row) is None
    row.path = "../library2/a.mp4"
    assert asset_of(row) is None


def test_openings_are_proposed(library: Path, media_files: MediaFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    anime = AnimeFactory(duration_seconds=1440)
    for number in (1, 2):
        EpisodeFactory(anime=anime, number=number, duration_seconds=None)
        put(library, media_files.mp4, f"{number}.mp4", anime=anime, first=number, last=number)
    put(library, media_files.mp4, "special.mp4", anime=anime, episode_kind="special")
    marks = Marks(Span(1.0, 90.0, 90), Span(1300.0, 1390.0, 10))
    heard: list[dict] = []

    def found(prints: dict, beat: object) -> dict:
        heard.append(prints)
        return dict.fromkeys(prints, marks)

    monkeypatch.setattr(assets, "openings_of", found)
    result = run(jobs.OPENINGS, anime=anime.pk)
    assert result["proposed"] == {str(anime.pk): [1, 2]}
    assert [sorted(prints) for prints in heard] == [[1, 2]]
    rows = Timecode.objects.filter(anime=anime).values_list("intro_start", "intro_end", "outro_start", "updated_by")
    assert list(rows) == [(1.0, 90.0, None, None)] * 2
    assert run(jobs.OPENINGS, anime=anime.pk)["proposed"] == {str(anime.pk): []}


def test_an_episode_that_comes_while_the_others_are_heard_is_heard_too(
    library: Path, media_files: MediaFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    anime = AnimeFactory(duration_seconds=1440)
    for number in (1, 2):
        put(library, media_files.mp4, f"{number}.mp4", anime=anime, first=number, last=number)
    heard: list[list[int]] = []

    def found(prints: dict, beat: object) -> dict:
        heard.append(sorted(prints))
        if len(heard) == 1:
            put(library, media_files.mp4, "3.mp4", anime=anime, first=3, last=3)
        return {}

    monkeypatch.setattr(assets, "openings_of", found)
    run(jobs.OPENINGS, anime=anime.pk)
    assert heard == [[1, 2], [1, 2, 3]]


def test_a_cancelled_job_leaves_nothing(library: Path, media_files: MediaFiles, settings) -> None:  # type: ignore[no-untyped-def]
    row = put(library, media_files.mkv, "a.mkv")
    asset = asset_of(row)
    assert asset

    def cancelled(_percent: float) -> None:
        raise JobCancelled()

    with pytest.raises(JobCancelled):
        assets.thumbnails_asset(asset, on_progress=cancelled)
    assert [path for path in settings.DERIVED_ROOT.rglob("*") if path.is_file()] == []


def test_what_is_queued_is_not_queued_twice(library: Path, media_files: MediaFiles) -> None:
    anime = AnimeFactory()
    row = put(library, media_files.mp4, "a.mp4", anime=anime)
    queued = jobs.assets_enqueue(file_ids=[row.pk], kinds=jobs.KINDS)
    assert [(job.kind, job.queue, job.payload) for job in queued] == [
        (jobs.THUMBNAILS, "media", {"files": [row.pk]}),
        (jobs.SUBTITLES, "media", {"files": [row.pk]}),
        (jobs.OPENINGS, "media", {"anime": anime.pk}),
    ]
    assert jobs.assets_enqueue(file_ids=[row.pk], kinds=jobs.KINDS) == []
