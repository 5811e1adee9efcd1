"""Makes `demo/series/`: draws and encodes the episodes, writes subtitles, thumbnails, pictures and `series.json`.

Usage: `python3 demo/build/media.py [--only text|pictures|1|2|3]`; needs pycairo, numpy, ffmpeg with libx264 and
libwebp, and the fonts Noto Sans CJK and Noto Serif CJK (Debian: python3-cairo python3-numpy ffmpeg fonts-noto-cjk).
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import cairo
import music
import scenes
import story
import subtitles
from brush import HEIGHT, WIDTH

FPS = 24
SEGMENT_SECONDS = 6
SERIES = Path(__file__).resolve().parent.parent / "series"
LIMIT = 4_000_000
"""The size in bytes of everything the series brings into the repository."""

RENDITIONS = ((360, 640, 35), (180, 320, 36))
"""Height, width and x264's rate factor."""

FALLBACK = (270, 480, 37)
AUDIO = (("ja", "Japanese (original)"), ("en", "English (dub)"))
AUDIO_BITRATE = "18k"
CODECS = {360: "avc1.64001e", 180: "avc1.64000d"}
THUMBNAIL = (128, 72)
THUMBNAIL_STEP, THUMBNAIL_COLUMNS = 3, 6

X264 = "keyint=144:min-keyint=144:scenecut=0:bframes=8:ref=8:me=umh:subme=10:rc-lookahead=72"


def run(*arguments: str) -> None:
    """Run ffmpeg quietly; a failure ends the build."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True)  # noqa: S603, S607


def frames_encode(episode: story.Episode, work: Path) -> None:
    """Draw every frame once and feed it to one ffmpeg that encodes all the sizes."""
    sizes = [*RENDITIONS, *([FALLBACK] if episode.number == 1 else [])]
    command = ["ffmpeg", "-v", "error", "-y", "-f", "rawvideo", "-pix_fmt", "bgr0", "-s", f"{WIDTH}x{HEIGHT}"]
    command += ["-r", str(FPS), "-i", "-"]
    for height, width, factor in sizes:
        command += [
            "-map",
            "0:v",
            "-vf",
            f"scale={width}:{height}:flags=lanczos",
            "-c:v",
            "libx264",
            "-profile:v",
            "high",
        ]
        command += ["-level", "3.0" if height > 200 else "1.3", "-preset", "veryslow", "-tune", "animation"]
        command += ["-crf", str(factor), "-pix_fmt", "yuv420p", "-x264-params", X264, "-map_metadata", "-1"]
        command += ["-fflags", "+bitexact", str(work / f"{episode.number}-{height}.mp4")]
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, WIDTH, HEIGHT)
    ctx = cairo.Context(surface)
    with subprocess.Popen(command, stdin=subprocess.PIPE) as encoder:  # noqa: S603
        assert encoder.stdin is not None  # noqa: S101
        for number in range(episode.duration * FPS):
            ctx.save()
            scenes.frame(ctx, episode, number / FPS)
            ctx.restore()
            surface.flush()
            encoder.stdin.write(bytes(surface.get_data()))
    if encoder.returncode:
        raise SystemExit(f"ffmpeg ended with {encoder.returncode}")


TIMED_FROM_ZERO = (
    *("-avoid_negative_ts", "disabled"),
    *("-hls_segment_options", "movflags=+negative_cts_offsets:use_editlist=0"),
)
"""Browsers pass over the edit list that would hide the delay of B-frames, so the first frame itself must stand at 0."""


def hls_write(track: Path, folder: Path, name: str, *options: str) -> None:
    """Pack a track as `name`.m3u8 and one fragmented file `name`.m4s that its byte ranges point into."""
    run(
        *("-i", str(track), "-c", "copy", "-f", "hls", "-hls_time", str(SEGMENT_SECONDS), "-hls_playlist_type", "vod"),
        *("-hls_segment_type", "fmp4", "-hls_flags", "single_file+independent_segments", "-map_metadata", "-1"),
        *options,
        *("-fflags", "+bitexact", "-hls_segment_filename", str(folder / f"{name}.m4s"), str(folder / f"{name}.m3u8")),
    )


def bandwidth(folder: Path, name: str) -> tuple[int, int]:
    """The peak and the average bits a second of a media playlist."""
    words = (folder / f"{name}.m3u8").read_text()
    lengths = [float(found) for found in re.findall(r"#EXTINF:([\d.]+)", words)]
    sizes = [int(found) for found in re.findall(r"#EXT-X-BYTERANGE:(\d+)@", words)]
    peak = max(size * 8 / length for size, length in zip(sizes, lengths, strict=True) if length > 1)
    return round(peak), round(sum(sizes) * 8 / sum(lengths))


def master_write(folder: Path, name: str, default: str) -> None:
    """A master playlist of both renditions and both languages, `default` first."""
    lines = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
    for language, label in sorted(AUDIO, key=lambda audio: audio[0] != default):
        chosen = "YES" if language == default else "NO"
        lines.append(
            f'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="audio",NAME="{label}",LANGUAGE="{language}",'
            f'DEFAULT={chosen},AUTOSELECT=YES,CHANNELS="1",URI="audio-{language}.m3u8"'
        )
    sound = [bandwidth(folder, f"audio-{language}") for language, _ in AUDIO]
    for height, width, _ in RENDITIONS:
        peak, average = bandwidth(folder, f"{height}p")
        lines.append(
            f"#EXT-X-STREAM-INF:BANDWIDTH={peak + max(s[0] for s in sound)},"
            f"AVERAGE-BANDWIDTH={average + max(s[1] for s in sound)},RESOLUTION={width}x{height},FRAME-RATE={FPS}.000,"
            f'CODECS="{CODECS[height]},mp4a.40.2",AUDIO="audio"'
        )
        lines.append(f"{height}p.m3u8")
    (folder / f"{name}.m3u8").write_text("\n".join(lines) + "\n")


def picture_write(surface: cairo.ImageSurface, path: Path, quality: int, work: Path) -> None:
    """Save a drawing as WebP."""
    png = work / "picture.png"
    surface.write_to_png(str(png))
    run("-i", str(png), "-c:v", "libwebp", "-quality", str(quality), "-preset", "drawing", str(path))


def drawing(width: int, height: int, scale: float) -> tuple[cairo.ImageSurface, cairo.Context]:
    """A sheet of so many pixels, drawn on in units of `scale` pixels."""
    surface = cairo.ImageSurface(cairo.FORMAT_RGB24, width, height)
    ctx = cairo.Context(surface)
    ctx.scale(scale, scale)
    return surface, ctx


def pictures_write(work: Path) -> None:
    """Poster, banner, and for each episode its still and its sheet of thumbnails."""
    surface, ctx = drawing(600, 900, 1.5)
    scenes.poster(ctx)
    picture_write(surface, SERIES / "poster.webp", 82, work)
    surface, ctx = drawing(1280, 426, 2.0)
    scenes.banner(ctx)
    picture_write(surface, SERIES / "banner.webp", 78, work)
    for episode in story.EPISODES:
        folder = SERIES / f"episode-{episode.number}"
        surface, ctx = drawing(640, 360, 1.0)
        scenes.picture(ctx, episode, episode.still)
        picture_write(surface, folder / "still.webp", 72, work)
        count = len(range(0, episode.duration, THUMBNAIL_STEP))
        rows = -(-count // THUMBNAIL_COLUMNS)
        sheet, pen = drawing(THUMBNAIL[0] * THUMBNAIL_COLUMNS, THUMBNAIL[1] * rows, 1.0)
        for number in range(count):
            small, brush = drawing(*THUMBNAIL, THUMBNAIL[0] / WIDTH)
            scenes.frame(brush, episode, number * THUMBNAIL_STEP + THUMBNAIL_STEP / 2)
            x, y = number % THUMBNAIL_COLUMNS * THUMBNAIL[0], number // THUMBNAIL_COLUMNS * THUMBNAIL[1]
            pen.set_source_surface(small, x, y)
            pen.paint()
        picture_write(sheet, folder / "thumbnails.webp", 55, work)


def subtitles_write() -> None:
    """Subtitles in every language and format, and the thumbnails' track."""
    for episode in story.EPISODES:
        folder = SERIES / f"episode-{episode.number}"
        folder.mkdir(parents=True, exist_ok=True)
        for language in story.LANGUAGES:
            (folder / f"{language}.vtt").write_text(subtitles.vtt(episode, language))
            (folder / f"{language}.ass").write_text(subtitles.ass(episode, language))
        track = subtitles.thumbnails_vtt(
            episode.duration, THUMBNAIL_STEP, THUMBNAIL_COLUMNS, THUMBNAIL, "thumbnails.webp"
        )
        (folder / "thumbnails.vtt").write_text(track)


def episode_write(episode: story.Episode, work: Path) -> None:
    """Video, sound and playlists of one episode, and of the first its MP4 as well."""
    folder = SERIES / f"episode-{episode.number}"
    frames_encode(episode, work)
    for height, _, _ in RENDITIONS:
        hls_write(work / f"{episode.number}-{height}.mp4", folder, f"{height}p", *TIMED_FROM_ZERO)
    for language, _ in AUDIO:
        raw, packed = work / f"{language}.wav", work / f"{episode.number}-{language}.m4a"
        music.soundtrack_write(episode, language, raw)
        run("-i", str(raw), "-c:a", "aac", "-b:a", AUDIO_BITRATE, "-fflags", "+bitexact", str(packed))
        hls_write(packed, folder, f"audio-{language}")
    master_write(folder, "sub", "ja")
    master_write(folder, "dub", "en")
    if episode.number == 1:
        run(
            *(
                "-i",
                str(work / f"1-{FALLBACK[0]}.mp4"),
                "-i",
                str(work / "1-ja.m4a"),
                "-c",
                "copy",
                "-map_metadata",
                "-1",
            ),
            *("-movflags", "+faststart", "-fflags", "+bitexact", str(folder / "whole.mp4")),
        )


def source_describe(translation: str, path: str, quality: int, label: str, audio: list[str], position: int) -> dict:
    """A source as `series.json` has it: `quality` is its height in pixels (0: several), the first of `audio` is the default."""
    return {
        "translation": translation,
        "path": path,
        "quality": quality,
        "label": label,
        "audio": audio,
        "position": position,
    }


def episode_describe(episode: story.Episode) -> dict:
    """An episode as `series.json` has it; paths are relative to `demo/series/`, times are seconds."""
    folder = f"episode-{episode.number}"
    sources = [
        source_describe("demo-sub", f"{folder}/sub.m3u8", 0, "HLS", ["ja", "en"], 0),
        source_describe("demo-dub", f"{folder}/dub.m3u8", 0, "HLS", ["en", "ja"], 2),
    ]
    if episode.number == 1:
        sources.append(source_describe("demo-sub", f"{folder}/whole.mp4", FALLBACK[0], "MP4", ["ja"], 1))
    return {
        "number": episode.number,
        "titles": episode.titles,
        "synopsis": episode.synopsis,
        "duration": episode.duration,
        "still": f"{folder}/still.webp",
        "thumbnails": f"{folder}/thumbnails.vtt",
        "opening": list(episode.opening),
        "ending": list(episode.ending),
        "sources": sources,
        "subtitles": [
            {"language": language, "format": kind, "path": f"{folder}/{language}.{kind}"}
            for language in story.LANGUAGES
            for kind in ("ass", "vtt")
        ],
    }


def description_write() -> None:
    """`series.json`, which `load_demo` reads."""
    series = {
        "id": "light-on-the-square",
        "titles": story.SERIES_TITLES | {"ja-Latn": story.SERIES_ROMAJI},
        "synonyms": story.SERIES_SYNONYMS,
        "synopsis": story.SERIES_SYNOPSIS,
        "genres": story.SERIES_GENRES,
        "studio": story.SERIES_STUDIO,
        "start_date": story.SERIES_START,
        "season": "fall",
        "colour": "#d5452f",
        "poster": "poster.webp",
        "banner": "banner.webp",
        "translations": [
            {"code": "demo-sub", "kind": "sub", "language": "en", "team": "Hiroba"},
            {"code": "demo-dub", "kind": "dub", "language": "en", "team": "Hiroba"},
        ],
        "episodes": [episode_describe(episode) for episode in story.EPISODES],
    }
    (SERIES / "series.json").write_text(json.dumps(series, ensure_ascii=False, indent=1) + "\n")


def main() -> int:
    """Build everything, or what `--only` names; 1 when the folder grew over the limit."""
    parser = argparse.ArgumentParser(description="Make the media of the demo series.")
    parser.add_argument("--only", choices=["text", "pictures", "1", "2", "3"], help="one part, or one episode's media")
    only = parser.parse_args().only
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        subtitles_write()
        description_write()
        if only in (None, "pictures"):
            pictures_write(work)
        for episode in story.EPISODES:
            if only in (None, str(episode.number)):
                episode_write(episode, work)
    total = sum(path.stat().st_size for path in SERIES.rglob("*") if path.is_file())
    sys.stdout.write(f"{total:,} bytes in {SERIES.name}\n")
    return int(total > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
