"""Putting episodes into the queue."""

import time
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import structlog
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.facade import TRANSLATION_KINDS, EpisodeIdentity, episode_identity
from core.errors import NotFound, ValidationFailed
from downloads.errors import DownloadExists, HostNotAllowed
from downloads.models import LIVE_STATES, Download, Priority
from downloads.queue.choosing import host_allowed

log = structlog.get_logger("downloads")

SOURCE_NAMES = ("anilibria", "anime365", "kodik")
"""What staff may name as the origin of an address that they give (reference: POST /admin/downloads)."""
MAX_HEIGHT = 4320
MAX_NUMBER = 5000
"""The last episode of an anime whose number of episodes nobody knows."""
MAX_URL = 2000


def download_enqueue(
    *,
    actor: User | None,
    anime_id: int,
    number: int,
    episode_kind: str = "regular",
    variant_kind: str = "",
    variant_language: str = "",
    quality: int = 0,
    priority: Priority = Priority.NORMAL,
    source_url: str = "",
    source_name: str = "",
) -> Download:
    """Queue an episode in a variant, behind all others of its priority. With `source_url` it is fetched from there.

    Raises `NotFound` for an anime or an episode that there is not, `ValidationFailed`, `HostNotAllowed` (400) for an address
    whose host the operator has not allowed, `DownloadExists` (409) when the same is in the queue already.
    """
    identity = episode_identity(anime_id, episode_kind, number)
    if identity is None:
        raise NotFound(_("There is no such anime."))
    if not _exists(identity):
        raise NotFound(_("The anime has no such episode."))
    _check(variant_kind=variant_kind, quality=quality, source_url=source_url, source_name=source_name)
    host = ""
    if source_url:
        host = host_allowed(source_url) or ""
        if not host:
            raise HostNotAllowed()
    key = {
        "anime_id": anime_id,
        "episode_kind": episode_kind,
        "episode_number": number,
        "variant_kind": variant_kind,
        "variant_language": variant_language,
    }
    try:
        with transaction.atomic():
            download = Download.objects.create(
                **key,
                quality=quality,
                priority=priority,
                position=position_last(),
                requested_by=actor,
                source_url=source_url,
                source_name=source_name,
                source_kind=source_kind_of(source_url) if source_url else "",
                host=host,
                is_source_given=bool(source_url),
            )
    except IntegrityError as error:
        raise download_exists(key) from error
    queue_hasten()
    return download


def download_exists(key: dict) -> DownloadExists:
    """The error that names the live download of this episode and variant."""
    live = Download.objects.filter(**key, state__in=LIVE_STATES).values_list("pk", flat=True).first()
    return DownloadExists(extra={"download_id": str(live) if live else None})


def position_last() -> int:
    """Behind every other: microseconds since 1970."""
    return time.time_ns() // 1000


def source_kind_of(url: str) -> str:
    """hls or mp4, by the ending of its path; what has another ending is taken for a playlist."""
    return "mp4" if PurePosixPath(urlsplit(url).path).suffix.lower() in (".mp4", ".m4v", ".mkv", ".webm") else "hls"


def queue_hasten() -> None:
    """Look at the queue as soon as what was written is committed, once a transaction. The tick does the same a little later."""
    pending = transaction.get_connection().run_on_commit
    if all(function is not _tick_send for _savepoints, function, _robust in pending):
        transaction.on_commit(_tick_send)


def _tick_send() -> None:
    from downloads.tasks import queue_tick

    try:
        queue_tick.apply_async(retry=False)
    except Exception as error:
        log.warning("tick_not_sent", error=type(error).__name__)


def _exists(identity: EpisodeIdentity) -> bool:
    """Whether the catalogue has the episode, or the anime may have so many: one whose number nobody knows may have any."""
    most = MAX_NUMBER if identity.episode_count is None else identity.episode_count
    return identity.is_known or (identity.kind == "regular" and 1 <= identity.number <= most)


def _check(*, variant_kind: str, quality: int, source_url: str, source_name: str) -> None:
    fields: dict[str, list] = {}
    if variant_kind and variant_kind not in TRANSLATION_KINDS:
        fields["variant_kind"] = [_("One of: dub, sub, raw.")]
    if not 0 <= quality <= MAX_HEIGHT:
        fields["quality"] = [_("A height in pixels from 0 to 4320.")]
    if source_name and source_name not in SOURCE_NAMES:
        fields["source"] = [_("One of: anilibria, anime365, kodik.")]
    if len(source_url) > MAX_URL:
        fields["url"] = [_("The address is too long.")]
    if fields:
        raise ValidationFailed(fields)
