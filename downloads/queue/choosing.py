"""Which source a download is fetched from."""

from collections import Counter
from dataclasses import dataclass

from catalog.facade import FetchableSource, sources_fetchable
from core.egress import EgressRefused
from core.egress.urls import url_read
from downloads.errors import HostNotAllowed, NoSource
from downloads.hosts import stream_policy
from downloads.models import Download, DownloadAttempt

ADAPTIVE_HEIGHT = 1080
"""What a stream of several heights is taken for until its playlist was read."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """`source_id` None: staff gave the address. `kind` is hls or mp4, `height` in pixels, 0 unknown."""

    source_id: int | None
    url: str
    kind: str
    host: str
    height: int = 0
    label: str = ""


def host_allowed(url: str) -> str | None:
    """The host (with its port, as in an address) when the operator allows it, None otherwise or for what is no address."""
    try:
        target = url_read(url)
        stream_policy().check(target)
    except EgressRefused:
        return None
    return str(target.authority)


def variant_fits(source: FetchableSource, kind: str, language: str) -> bool:
    """Whether a source is of the wanted variant; "" takes any. "pt" takes "pt-BR", not the other way round."""
    if kind and source.variant_kind != kind:
        return False
    spoken, wanted = source.language.lower(), language.lower()
    return not wanted or spoken == wanted or spoken.startswith(f"{wanted}-")


def source_choose(download: Download) -> Chosen:
    """The best source now: those that failed least, then the wanted height, then the catalogue's order.

    Raises `NoSource` when the catalogue has none in this variant, `HostNotAllowed` when none of their hosts is allowed.
    """
    if download.is_source_given:
        return _given(download)
    place = (download.episode_kind, download.episode_number)
    known = sources_fetchable(download.anime_id, {place}).get(place, [])
    fit = [one for one in known if variant_fits(one, download.variant_kind, download.variant_language)]
    if not fit:
        raise NoSource()
    allowed = [(one, host) for one in fit if (host := host_allowed(one.url)) is not None]
    if not allowed:
        raise HostNotAllowed()
    failed = Counter(DownloadAttempt.objects.filter(download=download).values_list("url", flat=True))
    # `min` keeps the catalogue's order among equals.
    best, host = min(allowed, key=lambda pair: (failed[pair[0].url], _distance(pair[0], download.quality)))
    return Chosen(best.id, best.url, best.kind, host, best.height, best.label)


def _given(download: Download) -> Chosen:
    host = host_allowed(download.source_url)
    if host is None:
        raise HostNotAllowed()
    return Chosen(None, download.source_url, download.source_kind, host, label=download.source_name)


def _distance(source: FetchableSource, wanted: int) -> tuple[bool, int]:
    """How far its height is from what is wanted: too high comes after all that is not, then the higher the better."""
    height = source.height or wanted or ADAPTIVE_HEIGHT
    return (bool(wanted) and height > wanted, height if wanted and height > wanted else -height)


def variant_got(download: Download) -> tuple[str, str] | None:
    """(dub, sub or raw; language) of what was fetched: what its source says it is, else what was asked for; None unknown."""
    translation = download.source.translation if download.source else None
    if translation is not None:
        return (translation.kind, translation.language)
    if download.variant_kind and download.variant_language:
        return (download.variant_kind, download.variant_language)
    return None
