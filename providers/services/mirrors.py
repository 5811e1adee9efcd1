"""Ways to play that a provider's pages name, as the catalogue may take them."""

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from catalog.facade import TRANSLATION_KINDS
from providers.adapters.drafts import MirrorDraft
from providers.models import Provider, ProviderEpisode

REMOTE = frozenset({"embed", "hls", "mp4"})
MAX_URL, MAX_PATH, MAX_QUALITY = 1000, 500, 10_000
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_UNFIT = re.compile(r"[\x00-\x20\x7f\\\ud800-\udfff]")
_UNFIT_PATH = re.compile(r"[\x00-\x1f\x7f\\\ud800-\udfff]")


@dataclasses.dataclass(frozen=True, slots=True)
class Mirror:
    """A mirror that could be stored. `is_playable`: the operator lets players reach it (`PLAYER_HOSTS`), or it is a file of
    the library; others are kept with their episode until that changes.
    """

    kind: str
    variant: tuple[str, str] | None
    url: str = ""
    path: str = ""
    quality: int = 0
    label: str = ""
    is_playable: bool = True


def mirror_keep(draft: MirrorDraft) -> dict[str, Any]:
    """A mirror as its episode keeps it, without characters that no database takes."""
    said = dataclasses.asdict(draft)
    return {name: _UNSTORABLE.sub("", value) if isinstance(value, str) else value for name, value in said.items()}


def mirrors_of(row: ProviderEpisode, provider: Provider) -> Iterator[Mirror]:
    """The mirrors of an entry that make sense, each once, with the variant that the mirror, the list or the provider tells."""
    seen: set[tuple[Any, ...]] = set()
    for said in row.mirrors:
        mirror = _mirror(said, _variant(said, row, provider)) if isinstance(said, dict) else None
        if mirror is not None and (key := (mirror.url, mirror.path, mirror.variant)) not in seen:
            seen.add(key)
            yield mirror


def _mirror(said: Mapping[str, Any], variant: tuple[str, str] | None) -> Mirror | None:
    kind, url, path = (str(said.get(name) or "") for name in ("kind", "url", "path"))
    quality = said.get("quality")
    quality = quality if isinstance(quality, int) and 0 < quality <= MAX_QUALITY else 0
    label = _UNFIT_PATH.sub(" ", str(said.get("label") or "")).strip()[:80]
    if kind == "local":
        return Mirror(kind, variant, path=path, quality=quality, label=label) if _is_path(path) else None
    if kind not in REMOTE or len(url) > MAX_URL or _UNFIT.search(url):
        return None
    try:
        parts = urlsplit(url)
        host, is_plain = parts.hostname, parts.username is None and parts.port in (None, 443)
    except ValueError:
        return None
    if parts.scheme != "https" or not host or not is_plain:
        return None
    return Mirror(kind, variant, url=url, quality=quality, label=label, is_playable=host in settings.PLAYER_HOSTS)


def _is_path(path: str) -> bool:
    """Whether it names a file below the library's root."""
    root, _colon, relative = path.partition(":")
    parts = PurePosixPath(relative).parts
    is_inside = bool(parts) and not relative.startswith("/") and ".." not in parts
    return root == "library" and is_inside and len(path) <= MAX_PATH and not _UNFIT_PATH.search(path)


def _variant(said: Mapping[str, Any], row: ProviderEpisode, provider: Provider) -> tuple[str, str] | None:
    """The mirror's own; else the list's, the provider's where that is one of several; else the provider's. None: not known."""
    own = said.get("variant")
    if own is not None and is_variant(own):
        return (own[0], own[1])
    default = (provider.variant_kind, provider.variant_language)
    listed = [(one[0], one[1]) for one in row.variants if is_variant(one)]
    if listed:
        return default if default in listed else listed[0]
    return default if is_variant(default) else None


def is_variant(value: Any) -> bool:
    """Whether it is (sub, dub or raw; a language of BCP 47 that fits its column)."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        return False
    kind, language = value
    is_language = isinstance(language, str) and len(language) <= 12 and _LANGUAGE.fullmatch(language) is not None
    return kind in TRANSLATION_KINDS and is_language
