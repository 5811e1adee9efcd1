"""Which variant, which sounds and which texts of a stream are fetched."""

from collections.abc import Sequence

from downloads.hls.playlists import MasterPlaylist, Rendition, Variant

MAX_RENDITIONS = 40
_PICTURES = ("avc", "hvc", "hev", "av01", "vp0", "vp9", "dvh", "mp4v")


def variant_choose(master: MasterPlaylist, quality: int) -> Variant:
    """The best within `quality` pixels of height (0: any): the highest picture, then the most bits. Where all are higher, the
    lowest. Variants of sound alone come last.
    """
    pictures = [one for one in master.variants if not _is_sound(one)] or list(master.variants)
    within = [one for one in pictures if not quality or one.height <= quality]
    if within:
        return max(within, key=lambda one: (one.height, one.frame_rate > 0, one.bandwidth))
    return min(pictures, key=lambda one: (one.height, one.bandwidth))


def _is_sound(variant: Variant) -> bool:
    codecs = variant.codecs.lower()
    return bool(codecs) and not variant.height and not any(name in codecs for name in _PICTURES)


def renditions_choose(master: MasterPlaylist, variant: Variant, languages: Sequence[str]) -> list[Rendition]:
    """The sounds and texts of the variant's groups that have addresses of their own, each address once: those of `languages`
    in that order (all without any wanted, or when none of the sounds is of them).
    """
    chosen: list[Rendition] = []
    for kind, group in (("audio", variant.audio), ("subtitle", variant.subtitles)):
        known = master.group(kind, group)
        wanted = _of_languages(known, languages)
        chosen += wanted or (known if kind == "audio" or not languages else ())
    once = {one.uri: one for one in reversed(chosen) if one.uri and one.uri != variant.uri}
    ordered = sorted(once.values(), key=chosen.index)
    return ordered[:MAX_RENDITIONS]


def _of_languages(known: Sequence[Rendition], languages: Sequence[str]) -> list[Rendition]:
    def place(one: Rendition) -> int | None:
        spoken = one.language.lower()
        for number, wanted in enumerate(languages):
            if spoken == wanted.lower() or spoken.startswith(f"{wanted.lower()}-"):
                return number
        return None

    if not languages:
        return list(known)
    return sorted((one for one in known if place(one) is not None), key=lambda one: place(one) or 0)
