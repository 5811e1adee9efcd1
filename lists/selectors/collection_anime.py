"""What the anime of collections are called here and on Shikimori."""

from collections.abc import Sequence

from catalog.facade import Site, anime_ids_by_external, external_ids_of

SHIKIMORI_HIGHEST = 2**31 - 1
POSTER_WIDTH, PICTURE_LENGTH = 300, 500


def shikimori_known(ids: Sequence[int]) -> dict[int, int]:
    """{Shikimori id: our id} of those that the catalogue has; Shikimori counts as MAL does, its own id wins."""
    pairs = [(site, str(value)) for value in set(ids) for site in (Site.SHIKIMORI, Site.MAL)]
    found = anime_ids_by_external(pairs)
    known: dict[int, int] = {}
    for value in set(ids):
        ours = found.get((Site.SHIKIMORI, str(value))) or found.get((Site.MAL, str(value)))
        if ours:
            known[value] = min(ours)
    return known


def shikimori_ids_of(anime_ids: Sequence[int]) -> dict[int, int]:
    """{our id: Shikimori id}, the MAL id where that alone is known; without those that have neither."""
    found = {}
    for anime_id, sites in external_ids_of(anime_ids, sites=(Site.SHIKIMORI, Site.MAL)).items():
        value = (sites.get(Site.SHIKIMORI) or sites.get(Site.MAL) or [""])[0]
        if value.isascii() and value.isdigit() and int(value) <= SHIKIMORI_HIGHEST:
            found[anime_id] = int(value)
    return found


def poster_address(card: dict) -> str:
    """The address of the card's poster, some 300 pixels wide; "" without one or where it is too long to keep."""
    poster = card.get("poster")
    if not poster:
        return ""
    widths = sorted(poster["variants"], key=int)
    width = next((w for w in widths if int(w) >= POSTER_WIDTH), widths[-1] if widths else None)
    formats = poster["variants"].get(width, {}) if width else {}
    address = str(formats.get("webp") or next(iter(formats.values()), ""))
    return address if len(address) <= PICTURE_LENGTH else ""


__all__ = ["PICTURE_LENGTH", "SHIKIMORI_HIGHEST", "poster_address", "shikimori_ids_of", "shikimori_known"]
