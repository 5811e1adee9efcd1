"""The player's files over HTTP: whole, in pieces, to whom, and never from elsewhere."""

from pathlib import Path

import pytest
from django.test import Client

from accounts.models import Role, User
from catalog.models import EpisodeSource, SourceKind, Visibility
from catalog.streaming import remade
from catalog.streaming.remade import Remaker
from catalog.tests.factories import AnimeFactory, EpisodeFactory, EpisodeSourceFactory, SubtitleTrackFactory


@pytest.fixture
def library(tmp_path: Path, settings) -> Path:
    """A library folder with one show and a secret beside it."""
    settings.LIBRARY_ROOT = tmp_path / "library"
    show = tmp_path / "library" / "Show"
    show.mkdir(parents=True)
    (show / "01.m3u8").write_text("#EXTM3U\n")
    (show / "01.m4s").write_bytes(bytes(range(256)) * 4)
    (show / "en.vtt").write_text("WEBVTT\n")
    (show / "notes.txt").write_text("private")
    (tmp_path / "library" / "secret.mp4").write_bytes(b"secret")
    (tmp_path / "outside.mp4").write_bytes(b"outside")
    return tmp_path


@pytest.fixture
def source(library: Path, db) -> EpisodeSource:
    episode = EpisodeFactory(anime=AnimeFactory())
    return EpisodeSourceFactory(episode=episode, kind=SourceKind.LOCAL, path="library:Show/01.m3u8", url="")


@pytest.fixture
def url(source: EpisodeSource) -> str:
    return f"/stream/{source.id}"


class TestFiles:
    def test_the_playlist_and_its_segments(self, client: Client, url: str) -> None:
        playlist = client.get(f"{url}/01.m3u8")
        assert playlist.status_code == 200
        assert playlist["Content-Type"] == "application/vnd.apple.mpegurl"
        segment = client.get(f"{url}/01.m4s")
        assert len(b"".join(segment.streaming_content)) == 1024
        assert segment["Accept-Ranges"] == "bytes"

    def test_a_piece(self, client: Client, url: str) -> None:
        piece = client.get(f"{url}/01.m4s", headers={"range": "bytes=10-13"})
        assert (piece.status_code, piece["Content-Range"], piece["Content-Length"]) == (206, "bytes 10-13/1024", "4")
        assert b"".join(piece.streaming_content) == bytes([10, 11, 12, 13])

    @pytest.mark.parametrize("header", ["bytes=2000-", "bytes=0-1,5-6", "bytes=" + "0-," * 50_000])
    def test_a_piece_that_is_none(self, client: Client, url: str, header: str) -> None:
        answer = client.get(f"{url}/01.m4s", headers={"range": header})
        assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */1024")

    def test_a_current_copy_is_not_sent_again(self, client: Client, url: str) -> None:
        etag = client.get(f"{url}/01.m4s")["ETag"]
        assert client.get(f"{url}/01.m4s", headers={"if-none-match": etag}).status_code == 304

    def test_a_piece_of_another_version_is_the_whole(self, client: Client, url: str) -> None:
        answer = client.get(f"{url}/01.m4s", headers={"range": "bytes=0-1", "if-range": '"old"'})
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "name",
        [
            "../secret.mp4",
            "..%2Fsecret.mp4",
            "%2e%2e/secret.mp4",
            "..%5Csecret.mp4",
            "%2Fetc%2Fpasswd",
            "a%00.mp4",
            "notes.txt",
            "missing.m4s",
            "../../outside.mp4",
        ],
    )
    def test_nothing_else_is_given_away(self, client: Client, url: str, name: str) -> None:
        assert client.get(f"{url}/{name}").status_code in (400, 404)

    def test_a_link_out_of_the_library_is_not_followed(self, client: Client, url: str, library: Path) -> None:
        (library / "library" / "Show" / "link.mp4").symlink_to(library / "outside.mp4")
        assert client.get(f"{url}/link.mp4").status_code == 400

    def test_a_source_whose_row_leads_out_is_refused(self, client: Client, source: EpisodeSource) -> None:
        EpisodeSource.objects.filter(pk=source.pk).update(path="library:../outside.mp4")
        assert client.get(f"/stream/{source.pk}/outside.mp4").status_code == 400
        EpisodeSource.objects.filter(pk=source.pk).update(path="etc:passwd")
        assert client.get(f"/stream/{source.pk}/passwd").status_code == 404

    def test_switched_off_and_remote_sources_are_not_files(
        self, client: Client, source: EpisodeSource, url: str
    ) -> None:
        EpisodeSource.objects.filter(pk=source.pk).update(is_enabled=False)
        assert client.get(f"{url}/01.m3u8").status_code == 404
        remote = EpisodeSourceFactory(
            episode=source.episode, kind=SourceKind.HLS, url="https://cdn.example.org/a.m3u8", path=""
        )
        assert client.get(f"/stream/{remote.pk}/a.m3u8").status_code == 404

    def test_subtitles(self, client: Client, source: EpisodeSource) -> None:
        track = SubtitleTrackFactory(episode=source.episode, path="library:Show/en.vtt")
        answer = client.get(f"/stream/subtitles/{track.pk}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/vtt; charset=utf-8")
        gone = SubtitleTrackFactory(episode=source.episode, path="library:Show/gone.vtt")
        missing = client.get(f"/stream/subtitles/{gone.pk}")
        assert (missing.status_code, missing.json()["error"]) == (404, "file_missing")


class TestAccess:
    @pytest.mark.parametrize(
        ("visibility", "status", "code"),
        [(Visibility.HIDDEN, 410, "anime_hidden"), (Visibility.PLAYER_RESTRICTED, 403, "player_restricted")],
    )
    def test_no_piece_for_strangers(
        self, client: Client, source: EpisodeSource, url: str, visibility: str, status: int, code: str
    ) -> None:
        anime = source.episode.anime
        type(anime).objects.filter(pk=anime.pk).update(visibility=visibility, moderation_reason="licensed")
        answer = client.get(f"{url}/01.m3u8")
        assert (answer.status_code, answer.json()["error"]) == (status, code)
        client.force_login(User.objects.create_user("tess", "t@example.org", "x", role=Role.TESTER))
        assert client.get(f"{url}/01.m3u8").status_code == 200

    def test_no_made_piece_for_strangers(
        self, client: Client, source: EpisodeSource, library: Path, monkeypatch
    ) -> None:
        (library / "library" / "made.m4s").write_bytes(b"made")
        EpisodeSource.objects.filter(pk=source.pk).update(path="library:Show/01.mkv")
        asked: list[tuple[str, str]] = []

        def piece(path: str, name: str) -> tuple[Path, int]:
            asked.append((path, name))
            return library / "library" / "made.m4s", 60

        monkeypatch.setattr(remade, "_remaker", [Remaker(lambda paths: {}, piece)])
        address = f"/stream/{source.pk}/made/{'0' * 24}/v-00000.m4s"
        answer = client.get(address, headers={"range": "bytes=1-2"})
        assert (answer.status_code, b"".join(answer.streaming_content)) == (206, b"ad")
        assert answer["Cache-Control"] == "private, max-age=60"
        assert asked == [("library:Show/01.mkv", f"{'0' * 24}/v-00000.m4s")]
        anime = source.episode.anime
        type(anime).objects.filter(pk=anime.pk).update(visibility=Visibility.HIDDEN)
        assert client.get(address).status_code == 410
        type(anime).objects.filter(pk=anime.pk).update(
            visibility=Visibility.PLAYER_RESTRICTED, moderation_reason="licensed"
        )
        assert client.get(address).status_code == 403
        EpisodeSource.objects.filter(pk=source.pk).update(is_enabled=False)
        assert client.get(address).status_code == 404
        EpisodeSource.objects.filter(pk=source.pk).update(is_enabled=True, path="library:Show/01.m3u8")
        type(anime).objects.filter(pk=anime.pk).update(visibility=Visibility.PUBLIC)
        assert client.get(address).status_code == 404, "a playlist is sent as it is; no piece is made of it"
        assert len(asked) == 1

    def test_the_number_of_queries(self, client: Client, url: str, django_assert_num_queries) -> None:
        with django_assert_num_queries(1):
            client.get(f"{url}/01.m4s")
