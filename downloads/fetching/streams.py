"""HLS: from an address to part files."""

from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from django.utils.translation import gettext as _

from core import egress
from downloads.errors import PlaylistInvalid, SegmentFailed, StreamUnsupported
from downloads.fetching.choosing import renditions_choose, variant_choose
from downloads.fetching.contract import Fetched, FetchedTrack, FetchRequest, OnProgress, Progress
from downloads.fetching.decrypting import Keys
from downloads.fetching.pieces import TrackPlan, gaps_of, pieces_of
from downloads.fetching.texts import texts_joined, transport_start
from downloads.fetching.tracks import Track
from downloads.fetching.waiting import awaited
from downloads.hls.parsing import MAX_BYTES, playlist_parse
from downloads.hls.playlists import MasterPlaylist, MediaPlaylist, Rendition

MAX_TRACKS = 40


def stream_fetch(request: FetchRequest, on_progress: OnProgress) -> Fetched:
    """Read the playlists, then fetch one track after the other; see `engine.fetch`."""
    plans, height, main = _plans(request, on_progress)
    keys = Keys(request.policy)
    tracks = [Track(plan, request.folder, request.policy, keys) for plan in plans]
    _begin(tracks, request, on_progress)
    made: list[FetchedTrack] = []
    for track in tracks:
        if track.plan.kind == "subtitle":
            made += _text(track, request.folder, main, made)
        else:
            paths, kind = track.parts()
            made.append(_fetched(track.plan, paths, kind, is_alone=len(tracks) == 1 or not _has_sound(plans)))
    return Fetched(
        tracks=tuple(made),
        size=sum(path.stat().st_size for track in made for path in track.parts),
        duration=main.duration,
        height=height,
        gaps=gaps_of(main),
    )


def _has_sound(plans: list[TrackPlan]) -> bool:
    return any(plan.kind == "audio" for plan in plans)


def _begin(tracks: list[Track], request: FetchRequest, on_progress: OnProgress) -> None:
    """Fetch them all, and say how far all are together: by time, as sizes are not known before."""
    total_seconds = sum(track.plan.seconds for track in tracks) or 1.0
    total_pieces = sum(len(track.plan.pieces) for track in tracks)
    bytes_before, pieces_before = 0, 0
    for track in tracks:
        others = sum(other.seconds for other in tracks) - track.seconds

        def moved(
            count: int,
            pieces: int,
            seconds: float,
            others: float = others,
            bytes_before: int = bytes_before,
            pieces_before: int = pieces_before,
        ) -> None:
            here = bytes_before + count
            share = min(1.0, (others + seconds) / total_seconds)
            # What is on its way counts as bytes, not yet as time: the estimate is of what was appended.
            estimate = int(here / share) if share > 0.01 else 0
            on_progress(Progress(here, estimate, 100 * share, pieces_before + pieces, total_pieces))

        track.fetch(parallel=request.parallel, on_bytes=moved)
        bytes_before += track.journal.bytes
        pieces_before += track.journal.done


def _plans(request: FetchRequest, on_progress: OnProgress) -> tuple[list[TrackPlan], int, MediaPlaylist]:
    """What is to be fetched, the height of the pictures, and the playlist that tells how long it is."""

    def beat() -> None:
        on_progress(Progress(0, 0, 0.0))

    playlist = awaited(lambda: _playlist(request.url, request.policy), beat)
    if isinstance(playlist, MediaPlaylist):
        return [_plan(0, "muxed", playlist)], 0, playlist
    variant = variant_choose(playlist, request.quality)
    main = awaited(lambda: _playlist(variant.uri, request.policy, master=playlist), beat)
    if not isinstance(main, MediaPlaylist):
        raise PlaylistInvalid(_("A variant of the playlist is a master again."))
    renditions = renditions_choose(playlist, variant, request.languages)
    kind = "video" if any(one.kind == "audio" for one in renditions) else "muxed"
    plans = [_plan(0, kind, main)]
    for rendition in renditions[:MAX_TRACKS]:
        found = awaited(partial(_rendition_playlist, rendition, request, playlist), beat)
        if found is not None:
            plans.append(_plan(len(plans), rendition.kind, found, rendition))
    return plans, variant.height, main


def _rendition_playlist(rendition: Rendition, request: FetchRequest, master: MasterPlaylist) -> MediaPlaylist | None:
    """The list of a sound or text. Texts that cannot be had are left out: an episode without them is better than none."""
    try:
        found = _playlist(rendition.uri, request.policy, master=master)
    except (egress.EgressBadAnswer, SegmentFailed, PlaylistInvalid, StreamUnsupported):
        if rendition.kind == "audio":
            raise
        return None
    return found if isinstance(found, MediaPlaylist) else None


def _playlist(
    url: str, policy: egress.Policy, *, master: MasterPlaylist | None = None
) -> MasterPlaylist | MediaPlaylist:
    """Raises `SegmentFailed` for an answer that is no success."""
    answer = egress.fetch(url, policy=replace(policy, max_bytes=MAX_BYTES, total_seconds=60.0))
    if not answer.is_ok:
        raise SegmentFailed(_("The playlist was answered with %(status)s.") % {"status": answer.status})
    found = playlist_parse(answer.body, answer.url, variables=master.variables if master else None)
    if isinstance(found, MediaPlaylist):
        if not found.is_ended:
            raise StreamUnsupported(_("The stream is live: it has no end yet."))
        if found.is_iframes:
            raise PlaylistInvalid(_("The playlist has single pictures only."))
    return found


def _plan(number: int, kind: str, playlist: MediaPlaylist, rendition: Rendition | None = None) -> TrackPlan:
    pieces = pieces_of(playlist.segments, are_texts=kind == "subtitle")
    if not pieces:
        raise PlaylistInvalid(_("The playlist has nothing but gaps."))
    return TrackPlan(number, kind, pieces, rendition, gaps_of(playlist))


def _fetched(plan: TrackPlan, paths: tuple[Path, ...], kind: str, *, is_alone: bool) -> FetchedTrack:
    rendition = plan.rendition
    if rendition is None:
        return FetchedTrack("muxed" if is_alone else plan.kind, kind, paths, is_default=True)
    return FetchedTrack(
        plan.kind,
        kind,
        paths,
        language=rendition.language,
        name=rendition.name,
        is_default=rendition.is_default,
        is_forced=rendition.is_forced,
    )


def _text(track: Track, folder: Path, main: MediaPlaylist, made: list[FetchedTrack]) -> list[FetchedTrack]:
    """The subtitles as one WebVTT; none when they are no WebVTT after all."""
    paths, kind = track.parts()
    if kind != "webvtt":
        return []
    target = folder / f"track-{track.plan.number}.vtt"
    start = None
    with suppress(OSError):
        first = made[0]
        start = transport_start(first.parts[0]) if first.format == "mpegts" else None
    texts_joined(_with_times(track, paths), target, start=start)
    return [replace(_fetched(track.plan, (target,), "webvtt", is_alone=False), kind="subtitle")]


def _with_times(track: Track, paths: tuple[Path, ...]) -> list[tuple[Path, float]]:
    """Each part with the second that it begins at."""
    begins: dict[int, float] = {}
    at = 0.0
    for piece in track.plan.pieces:
        begins.setdefault(piece.part, at)
        at += piece.seconds
    return [(path, begins[part]) for part, path in zip(sorted(begins), paths, strict=True)]
