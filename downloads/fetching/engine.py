"""Fetching a stream or a file into the parts that it is joined of."""

from downloads.errors import PlaylistInvalid
from downloads.fetching.contract import Fetched, FetchRequest, OnProgress
from downloads.fetching.files import file_fetch
from downloads.fetching.streams import stream_fetch

_KINDS = {"hls": stream_fetch, "mp4": file_fetch}


def fetch(request: FetchRequest, *, on_progress: OnProgress) -> Fetched:
    """Fetch into `request.folder`; called again after whatever ended it, it goes on behind the last whole piece.

    Raises `PlaylistInvalid`, `StreamUnsupported`, `SegmentFailed`, `SourceChanged`, `MediaUnsafe`, `EgressError`, OSError for
    a full disk, and whatever `on_progress` raises.
    """
    if request.kind not in _KINDS:
        raise PlaylistInvalid()
    request.folder.mkdir(parents=True, exist_ok=True)
    return _KINDS[request.kind](request, on_progress)
