"""What browsers play of a file, by what is inside."""

import pytest

from downloads.media.info import MediaInfo, Stream
from downloads.models.files import FileState, LibraryFile
from downloads.serving.playing import playable_of
from downloads.serving.remade import playables_known


def info(container: str, video: str, *sounds: str, texts: tuple[str, ...] = ()) -> MediaInfo:
    streams = [Stream(0, "video", video, height=1080, pixel_format="yuv420p", profile="High")] if video else []
    streams += [Stream(n + 1, "audio", codec, language="ja") for n, codec in enumerate(sounds)]
    streams += [Stream(n + 9, "subtitle", codec, language="en") for n, codec in enumerate(texts)]
    return MediaInfo(container, 1400.0, 10**8, streams=tuple(streams))


AVC = "avc1.640029"


@pytest.mark.once
@pytest.mark.parametrize(
    ("told", "direct", "made"),
    [
        (info("mp4", "h264", "aac"), f'video/mp4; codecs="{AVC}, mp4a.40.2"', f'video/mp4; codecs="{AVC}, mp4a.40.2"'),
        (info("mp4", "h264"), f'video/mp4; codecs="{AVC}"', f'video/mp4; codecs="{AVC}"'),
        (info("mp4", "h264", "ac3"), None, f'video/mp4; codecs="{AVC}, mp4a.40.2"'),
        (info("matroska", "h264", "opus"), None, f'video/mp4; codecs="{AVC}, opus"'),
        (info("matroska", "hevc", "flac"), None, 'video/mp4; codecs="hvc1.1.6.L120.90, flac"'),
        (info("matroska", "h264", "opus", "ac3"), None, f'video/mp4; codecs="{AVC}, mp4a.40.2"'),
        (info("webm", "vp8", "vorbis"), 'video/webm; codecs="vp8, vorbis"', None),
        (info("matroska", "mpeg2video", "ac3"), None, None),
        (info("avi", "mpeg4", "mp3"), None, None),
        (info("matroska", "", "aac"), None, None),
    ],
)
def test_ways(told: MediaInfo, direct: str | None, made: str | None) -> None:
    playable = playable_of(told, is_transcoding=False)
    assert playable.direct == direct
    assert list(playable.made) == ([("master.m3u8", made)] if made else [])


@pytest.mark.once
def test_pictures_made_anew_come_last_and_only_if_allowed() -> None:
    ways = playable_of(info("matroska", "mpeg2video", "ac3"), is_transcoding=True).made
    assert ways == (("transcoded.m3u8", 'video/mp4; codecs="avc1.640028, mp4a.40.2"'),)
    assert [name for name, _type in playable_of(info("mp4", "h264", "aac"), is_transcoding=True).made] == [
        "master.m3u8",
        "transcoded.m3u8",
    ]


@pytest.mark.once
def test_a_choice_of_audio_is_worth_pieces() -> None:
    assert playable_of(info("mp4", "h264", "aac", "aac"), is_transcoding=False).is_made_better
    assert not playable_of(info("mp4", "h264", "aac"), is_transcoding=False).is_made_better


@pytest.mark.once
def test_texts_are_named_by_their_stream() -> None:
    texts = playable_of(
        info("matroska", "h264", texts=("ass", "subrip", "hdmv_pgs_subtitle")), is_transcoding=False
    ).texts
    assert [(text.name, text.format) for text in texts] == [("s9.ass", "ass"), ("s10.vtt", "vtt")]


def test_one_query_tells_of_all_files(db: None, django_assert_num_queries) -> None:
    for number in range(3):
        LibraryFile.objects.create(
            path=f"{number}.mkv", size=1, mtime_ns=1, info=info("matroska", "h264", "aac").as_json()
        )
    LibraryFile.objects.create(path="gone.mkv", size=1, mtime_ns=1, state=FileState.GONE, info={"a": 1})
    LibraryFile.objects.create(path="new.mkv", size=1, mtime_ns=1)
    LibraryFile.objects.create(path="broken.mkv", size=1, mtime_ns=1, info={"error": "media_unsafe"})
    with django_assert_num_queries(1):
        known = playables_known(
            [
                "library:0.mkv",
                "library:1.mkv",
                "library:gone.mkv",
                "library:new.mkv",
                "library:broken.mkv",
                "demo:2.mkv",
            ]
        )
    assert sorted(known) == ["library:0.mkv", "library:1.mkv"]
    with django_assert_num_queries(0):
        assert playables_known(["demo:episode-1/sub.m3u8"]) == {}
