"""The demo data: what ships is whole and small, and loading it twice is loading it once."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import override_settings

from catalog.models import Anime, Episode, EpisodeSource, FieldProvenance, SubtitleTrack, Timecode, Title, Translation
from catalog.services import demo
from catalog.services.demo_series import FOLDER, ROOT, series_describe, series_load
from core.media.images import image_files

SHEET_CUE = re.compile(r"(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)")


def referred_by_playlist(path: Path) -> set[Path]:
    """Files that an HLS playlist names, itself included, and those that they name in turn."""
    words = path.read_text(encoding="utf-8")
    names = {line for line in words.splitlines() if line and not line.startswith("#")}
    names |= set(re.findall(r'URI="([^"]+)"', words))
    found = {path}
    for name in names:
        file = path.parent / name
        found |= referred_by_playlist(file) if file.suffix == ".m3u8" else {file}
    return found


def named_files() -> set[Path]:
    """Every file that `series.json` leads to."""
    series = series_describe()
    files = {FOLDER / series["poster"], FOLDER / series["banner"], FOLDER / "series.json"}
    for episode in series["episodes"]:
        files |= {FOLDER / episode["still"], FOLDER / episode["thumbnails"]}
        files |= {FOLDER / track["path"] for track in episode["subtitles"]}
        for source in episode["sources"]:
            path = FOLDER / source["path"]
            files |= referred_by_playlist(path) if path.suffix == ".m3u8" else {path}
        sheet = (FOLDER / episode["thumbnails"]).read_text(encoding="utf-8")
        files |= {(FOLDER / episode["thumbnails"]).parent / cue[0] for cue in SHEET_CUE.findall(sheet)}
    return files


@pytest.fixture(autouse=True)
def own_media(tmp_path: Path) -> Iterator[None]:
    """Pictures of these tests go to a folder of their own."""
    with override_settings(MEDIA_ROOT=tmp_path / "media"):
        yield


def counts() -> dict[str, int]:
    """Rows of every model of the catalogue."""
    return {model.__name__: model.objects.count() for model in apps.get_app_config("catalog").get_models()}


@pytest.mark.once
def test_the_catalogue_is_small_and_real() -> None:
    assert demo.CATALOGUE.stat().st_size <= 1_500_000
    data = json.loads(gzip.decompress(demo.CATALOGUE.read_bytes()))
    assert len(data["items"]) > 8_000
    named = {site["site"] for item in data["items"] for site in item["sites"]}
    assert named <= set(data["siteMeta"])
    assert not [name for name, meta in data["siteMeta"].items() if meta["type"] == "resource"]
    assert "CC BY 4.0" in (settings.BASE_DIR / "demo" / "README.md").read_text(encoding="utf-8")


@pytest.mark.once
def test_the_series_ships_exactly_the_files_it_names() -> None:
    present = {path for path in FOLDER.rglob("*") if path.is_file()}
    assert named_files() == present
    assert sum(path.stat().st_size for path in present) <= 4_000_000


@pytest.mark.once
@pytest.mark.parametrize(
    "playlist", sorted(FOLDER.glob("*/*.m3u8")), ids=lambda path: f"{path.parent.name}/{path.name}"
)
def test_a_playlist_covers_its_file_and_the_whole_episode(playlist: Path) -> None:
    words = playlist.read_text(encoding="utf-8")
    if "#EXT-X-STREAM-INF" in words:
        assert words.count("#EXT-X-STREAM-INF") == 2
        assert words.count("TYPE=AUDIO") == 2
        return
    ranges = [(int(start), int(size)) for size, start in re.findall(r"BYTERANGE[:=]\"?(\d+)@(\d+)", words)]
    end = 0
    for start, size in sorted(ranges):
        assert start == end, "a gap between segments"
        end = start + size
    assert end == playlist.with_suffix(".m4s").stat().st_size
    number = int(playlist.parent.name.removeprefix("episode-"))
    duration = series_describe()["episodes"][number - 1]["duration"]
    assert sum(float(length) for length in re.findall(r"#EXTINF:([\d.]+)", words)) == pytest.approx(duration, abs=0.1)


@pytest.mark.once
def test_times_lie_inside_of_their_episodes() -> None:
    for episode in series_describe()["episodes"]:
        spans = [episode["opening"], episode["ending"]]
        assert 0 <= spans[0][0] < spans[0][1] < spans[1][0] < spans[1][1] <= episode["duration"]
        assert len(episode["subtitles"]) == 6
        for track in episode["subtitles"]:
            words = (FOLDER / track["path"]).read_text(encoding="utf-8")
            times = [int(m) * 60 + float(s) for m, s in re.findall(r"\d:(\d\d):(\d\d\.\d+)", words)]
            assert times
            assert max(times) <= episode["duration"]


@pytest.mark.django_db
def test_the_series_is_loaded_whole() -> None:
    anime = series_load()
    assert anime.episodes.count() == 3
    assert set(anime.titles.values_list("language", flat=True)) == {"en", "ru", "ja", "ja-Latn", "und"}
    assert anime.titles.get(language="ru", kind="official").text == "Огонёк на площади"
    first = anime.episodes.get(number=1)
    assert list(first.sources.order_by("translation__code", "position").values_list("translation__code", "path")) == [
        ("demo-dub", "demo:episode-1/dub.m3u8"),
        ("demo-sub", "demo:episode-1/sub.m3u8"),
        ("demo-sub", "demo:episode-1/whole.mp4"),
    ]
    assert set(first.subtitles.values_list("language", "format")) == {
        (language, kind) for language in ("en", "ru", "ja") for kind in ("ass", "vtt")
    }
    timecode = Timecode.objects.get(anime=anime, episode_number=1, translation_id="")
    assert (timecode.intro_start, timecode.intro_end, timecode.outro_start, timecode.outro_end) == (6, 18, 64, 76)


@pytest.mark.django_db
def test_the_pictures_are_stored_in_variants() -> None:
    anime = series_load()
    pictures = [anime.poster, anime.banner, *(episode.still for episode in anime.episodes.all())]
    assert [picture.purpose for picture in pictures] == ["poster", "banner", "still", "still", "still"]
    for picture in pictures:
        assert image_files(picture)
        assert all(default_storage.exists(name) for name in image_files(picture))


@pytest.mark.django_db
def test_a_second_load_changes_nothing() -> None:
    first = series_load()
    before = counts()
    assert series_load().pk == first.pk
    assert counts() == before
    assert before["Anime"] == 1
    assert before["Episode"] == 3


@pytest.mark.django_db
def test_what_staff_have_locked_stays() -> None:
    anime = series_load()
    FieldProvenance.objects.create(anime=anime, field="title_english", source="staff", is_locked=True)
    Anime.objects.update(title_english="The Lamp", title="?")
    series_load()
    anime.refresh_from_db()
    assert (anime.title_english, anime.title) == ("The Lamp", "Hiroba no Akari")


@pytest.mark.django_db
def test_a_load_heals_what_was_lost_and_drops_what_is_gone() -> None:
    anime = series_load()
    before = counts()
    Title.objects.filter(anime=anime, language="ru").delete()
    Episode.objects.get(anime=anime, number=2).delete()
    episode = Episode.objects.get(anime=anime, number=1)
    translation = Translation.objects.get(code="demo-sub")
    old = EpisodeSource.objects.create(episode=episode, translation=translation, kind="local", path=ROOT + "old.m3u8")
    own = SubtitleTrack.objects.create(episode=episode, language="de", format="vtt", path="library:own.vtt")
    series_load()
    assert not EpisodeSource.objects.filter(pk=old.pk).exists()
    assert SubtitleTrack.objects.filter(pk=own.pk).exists()
    own.delete()
    assert counts() == before | {"CatalogChange": before["CatalogChange"] + 1}


@pytest.fixture
def small_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The demo catalogue cut to sixty anime with ids, imported ten at a time; their number."""
    data = json.loads(gzip.decompress(demo.CATALOGUE.read_bytes()))
    items = {site["id"]: item for item in data["items"] for site in item["sites"] if site["site"] == "mal"}
    data["items"] = list(items.values())[-60:]
    path = tmp_path / "catalogue.json.gz"
    path.write_bytes(gzip.compress(json.dumps(data).encode()))
    monkeypatch.setattr(demo, "CATALOGUE", path)
    monkeypatch.setattr("catalog.importing.runs.ANIME_BATCH", 10)
    return len(data["items"])


@pytest.mark.django_db
def test_an_empty_catalogue_is_filled_once(small_catalogue: int) -> None:
    result = demo.demo_load()
    before = counts()
    assert result.imported == small_catalogue
    assert before["Anime"] == small_catalogue + 1
    assert result.series_id == Anime.objects.order_by("-popularity", "-id").first().pk
    assert demo.demo_load() == demo.DemoResult(imported=0, series_id=result.series_id)
    assert counts() == before


@pytest.mark.django_db
def test_an_interrupted_load_goes_on(small_catalogue: int) -> None:
    class Killed(Exception):
        pass

    def die_after_the_first_batch(_line: str) -> None:
        raise Killed

    with pytest.raises(Killed):
        demo.demo_load(progress=die_after_the_first_batch)
    assert Anime.objects.count() == 10
    assert demo.demo_load().series_id
    assert Anime.objects.count() == small_catalogue + 1


@pytest.mark.django_db
def test_a_catalogue_from_elsewhere_gets_the_series_only(small_catalogue: int) -> None:
    Anime.objects.create(title="Theirs")
    assert demo.demo_load().imported == 0
    assert Anime.objects.count() == 2
