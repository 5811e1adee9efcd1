"""A single file: fetched in pieces at once where the server can, in one go where it cannot."""

from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _

from core import egress
from core.egress import EgressBadAnswer
from downloads.errors import MediaUnsafe, SegmentFailed, SourceChanged
from downloads.fetching.contract import Fetched, FetchedTrack, FetchRequest, OnProgress, Progress
from downloads.fetching.decrypting import Keys
from downloads.fetching.pieces import Piece, TrackPlan
from downloads.fetching.tracks import Track
from downloads.fetching.waiting import awaited
from downloads.hls.playlists import ByteRange
from downloads.media.kinds import HEAD_BYTES, kind_of

PIECE_BYTES = 8 * 1024 * 1024
FORMATS = frozenset({"mp4", "matroska", "mpegts", "flv", "avi"})


def file_fetch(request: FetchRequest, on_progress: OnProgress) -> Fetched:
    """Fetch one media file; see `engine.fetch`. Raises `SourceChanged` when the file at the address is not the one begun."""
    first = awaited(lambda: _first_bytes(request), lambda: on_progress(Progress(0, 0, 0.0)))
    kind = kind_of(first.body)
    if kind not in FORMATS:
        raise MediaUnsafe(_("The address does not lead to a media file."))
    total = _total(first)
    path = _in_pieces(request, first, total, on_progress) if total else _in_one(request, on_progress)
    return Fetched(tracks=(FetchedTrack("muxed", kind, (path,), is_default=True),), size=path.stat().st_size)


def _first_bytes(request: FetchRequest) -> egress.Response:
    """What the file begins with, and what the server says of it: one small piece, or as much of the whole as shows its kind."""
    small = replace(request.policy, max_bytes=HEAD_BYTES, total_seconds=60.0)
    try:
        answer = egress.fetch(
            request.url,
            policy=small,
            headers={"Range": f"bytes=0-{HEAD_BYTES - 1}", "Accept-Encoding": "identity"},
        )
    except egress.EgressTooLarge:
        return _head_only(request)
    if answer.status == 416:
        raise MediaUnsafe(_("The address does not lead to a media file."))
    if not answer.is_ok:
        raise SegmentFailed(
            _("The file was answered with %(status)s.") % {"status": answer.status}, extra={"status": answer.status}
        )
    return answer


def _head_only(request: FetchRequest) -> egress.Response:
    """From a server that sends the whole whatever was asked for: the first bytes, the rest is not waited for."""
    head = request.folder / "head.tmp"

    def enough(count: int, _total: int | None) -> None:
        if count >= HEAD_BYTES:
            raise _Enough

    try:
        answer = egress.fetch_to_file(request.url, policy=request.policy, path=head, on_progress=enough)
    except _Enough:
        answer = egress.Response(200, {}, request.url, 0.0, 0)
    body = head.read_bytes()[:HEAD_BYTES]
    head.unlink(missing_ok=True)
    return replace(answer, body=body)


class _Enough(Exception):
    """No more is needed."""


def _total(answer: egress.Response) -> int:
    """The size of the whole by a 206's `Content-Range`; 0 when the server does not send pieces."""
    text = answer.headers.get("Content-Range", "").rpartition("/")[2].strip()
    return int(text[:18]) if answer.status == 206 and text.isascii() and text.isdigit() else 0


def _in_pieces(request: FetchRequest, first: egress.Response, total: int, on_progress: OnProgress) -> Path:
    # A weak ETag may not be compared for pieces (RFC 9110, 13.1.5).
    strong = first.etag if first.etag and not first.etag.startswith("W/") else ""
    validator = strong or first.last_modified
    pieces = tuple(
        Piece(request.url, 0, 0.0, number, ByteRange(start, min(PIECE_BYTES, total - start)))
        for number, start in enumerate(range(0, total, PIECE_BYTES))
    )
    mark = f"{total} {first.etag or first.last_modified}"
    plan = TrackPlan(0, "muxed", pieces, headers={"If-Range": validator} if validator else {}, mark=mark)
    track = Track(plan, request.folder, request.policy, Keys(request.policy))

    def moved(count: int, done: int, _seconds: float) -> None:
        on_progress(Progress(count, total, min(100.0, 100 * count / total), done, len(pieces)))

    try:
        track.fetch(parallel=request.parallel, on_bytes=moved)
    except SegmentFailed as error:
        # `If-Range` that does not hold is answered with the whole file: no piece.
        if error.extra.get("reason") == EgressBadAnswer.code:
            raise SourceChanged() from error
        raise
    return track.journal.part_path(0)


def _in_one(request: FetchRequest, on_progress: OnProgress) -> Path:
    """From a server without ranges: from the beginning at each try."""
    plan = TrackPlan(0, "muxed", (Piece(request.url, 0, 0.0, 0),), mark="whole")
    track = Track(plan, request.folder, request.policy, Keys(request.policy))
    track.fetch(
        parallel=1, on_bytes=lambda count, done, _seconds: on_progress(Progress(count, 0, 100.0 * done, done, 1))
    )
    return track.journal.part_path(0)
