"""Small pictures out of a video on sheets; part of the child's program."""

import json
import sys
from pathlib import Path
from typing import Any

import av
from PIL import Image
from probe import opened


def pictures(
    path: str,
    demuxer: str,
    folder: str,
    times: list[float],
    width: int,
    height: int,
    columns: int,
    rows: int,
    quality: int,
) -> dict[str, Any]:
    """Write sheets `000.webp`, `001.webp`, … of `columns` × `rows` pictures into `folder`, the last cut to what it holds.

    One picture for each of `times` (seconds), of the nearest keyframe before it. Returns the names of the sheets and, per time,
    whether there was a picture.
    """
    each = columns * rows
    names: list[str] = []
    found: list[bool] = []
    with opened(path, demuxer) as container:
        streams = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
        if not streams:
            raise ValueError("no video")
        stream = streams[0]
        stream.codec_context.skip_frame = "NONKEY"
        stream.thread_type = "SLICE"
        begin = (stream.start_time or 0) * stream.time_base
        last: Image.Image | None = None
        for first in range(0, len(times), each):
            group = times[first : first + each]
            lines = -(-len(group) // columns)
            sheet = Image.new("RGB", (width * columns, height * lines))
            for place, time in enumerate(group):
                picture = _picture(container, stream, int((time + float(begin)) / stream.time_base), (width, height))
                last = picture or last
                found.append(picture is not None)
                if last is not None:
                    sheet.paste(last, (place % columns * width, place // columns * height))
            name = f"{len(names):03d}.webp"
            sheet.save(Path(folder) / name, "WEBP", quality=quality, method=2)
            names.append(name)
            sys.stdout.write(json.dumps({"progress": 100 * min(1.0, (first + each) / len(times))}) + "\n")
            sys.stdout.flush()
    return {"sheets": names, "found": found}


def _picture(container: Any, stream: Any, pts: int, size: tuple[int, int]) -> Image.Image | None:
    """The picture scaled into `size` with black beside it."""
    try:
        container.seek(pts, stream=stream)
        frame = next((frame for count, frame in zip(range(3), container.decode(stream), strict=False)), None)
    except (av.FFmpegError, ValueError):
        return None
    if frame is None:
        return None
    shape = stream.sample_aspect_ratio
    wide = frame.width * (float(shape) if shape and 0.1 < float(shape) < 10 else 1)
    scale = min(size[0] / wide, size[1] / frame.height)
    inner = (max(2, min(size[0], round(wide * scale))), max(2, min(size[1], round(frame.height * scale))))
    small = frame.reformat(width=inner[0], height=inner[1], format="rgb24").to_image()
    if inner == size:
        return small
    whole = Image.new("RGB", size)
    whole.paste(small, ((size[0] - inner[0]) // 2, (size[1] - inner[1]) // 2))
    return whole
