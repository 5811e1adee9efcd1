"""What is inside a file, as JSON; part of the child's program."""

import contextlib
import re
from typing import Any

import av

MAX_STREAMS = 200
MAX_TAGS = 60
MAX_TEXT = 500
_PROGRAMS = re.compile(
    r"handler|media|gpac|bento|l-smash|mainconcept|apple|google|@|^(video|sound|audio|subtitle|text)s?$", re.I
)


def opened(path: str, demuxer: str) -> Any:
    """The file by the demuxer that its first bytes name; nothing else is tried, nothing else is reached."""
    options = {"protocol_whitelist": "file", "format_whitelist": demuxer}
    return av.open(f"file:{path}", format=demuxer, options=options, metadata_errors="replace")


def probe(path: str, demuxer: str) -> dict[str, Any]:
    with opened(path, demuxer) as container:
        return {
            "duration": container.duration / av.time_base if container.duration and container.duration > 0 else None,
            "start": container.start_time / av.time_base if container.start_time is not None else None,
            "bit_rate": max(0, container.bit_rate or 0),
            "streams": [told for stream in list(container.streams)[:MAX_STREAMS] if (told := _stream(stream))],
            "chapters": [told for chapter in container.chapters()[:MAX_STREAMS] if (told := _chapter(chapter))],
            "tags": [[text(name).lower(), text(value)] for name, value in list(container.metadata.items())[:MAX_TAGS]],
        }


def text(value: object) -> str:
    """Without what databases refuse."""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()[:MAX_TEXT]


def _stream(stream: Any) -> dict[str, Any] | None:
    disposition = stream.disposition
    is_cover = bool(disposition & av.stream.Disposition.attached_pic)
    kind = "attachment" if is_cover else stream.type
    if kind not in ("video", "audio", "subtitle", "attachment"):
        return None
    codec = stream.codec_context
    tags = {name.lower(): value for name, value in stream.metadata.items()}
    told: dict[str, Any] = {
        "index": stream.index,
        "kind": kind,
        "codec": _codec(stream, tags, kind),
        "language": text(tags.get("language", "")),
        "title": text(tags.get("title") or _other_name(tags, kind)),
        "is_default": bool(disposition & av.stream.Disposition.default),
        "is_forced": bool(disposition & av.stream.Disposition.forced),
        "duration": _duration(stream, tags),
    }
    if codec is not None and kind == "video":
        with contextlib.suppress(ValueError):
            told["pixel_format"] = codec.pix_fmt or ""
        rate = stream.average_rate or stream.guessed_rate
        told |= {"width": codec.width, "height": codec.height, "frame_rate": round(float(rate), 3) if rate else 0.0}
        told["profile"] = text(stream.profile or "")
    if codec is not None and kind == "audio":
        told |= {"channels": codec.channels, "sample_rate": codec.sample_rate, "profile": text(stream.profile or "")}
    return told


def _duration(stream: Any, tags: dict[str, str]) -> float | None:
    """Seconds, as the stream says or, in Matroska, a tag of it."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    found = re.fullmatch(r"(\d{1,3}):(\d\d):(\d\d(?:\.\d{1,9})?)", tags.get("duration", "").strip())
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else None


def _codec(stream: Any, tags: dict[str, str], kind: str) -> str:
    """As the format is called, not the program that decodes it ("av1", not "libdav1d"); fonts by what they are said to be."""
    if kind == "attachment" and stream.type != "video":
        said = f"{tags.get('mimetype', '')} {tags.get('filename', '')[-4:]}".lower()
        return "otf" if "otf" in said or "opentype" in said else "ttf" if "tt" in said or "truetype" in said else ""
    context = stream.codec_context
    if context is None:
        return ""
    return text(getattr(context.codec, "canonical_name", "") or context.name)


def _other_name(tags: dict[str, str], kind: str) -> str:
    """An attachment's file name; the name that MP4 keeps for a stream's handler, unless it only names the program that wrote it."""
    if kind == "attachment":
        return tags.get("filename", "")
    name = tags.get("handler_name", "")
    return "" if _PROGRAMS.search(name) else name


def _chapter(chapter: Any) -> dict[str, Any] | None:
    base = float(chapter["time_base"])
    start, end = chapter["start"] * base, chapter["end"] * base
    if not 0 <= start <= end:
        return None
    return {"start": start, "end": end, "title": text(chapter["metadata"].get("title", ""))}
