"""What sites call the kinds of anime, in the catalogue's words."""

_KINDS = {
    "tv": "tv",
    "tv short": "tv_short",
    "tv_short": "tv_short",
    "movie": "movie",
    "film": "movie",
    "ova": "ova",
    "ona": "ona",
    "special": "special",
    "tv special": "tv_special",
    "tv_special": "tv_special",
    "music": "music",
    "pv": "pv",
    "cm": "cm",
}
_MAL = {
    "tv": "TV",
    "tv_short": "TV",
    "movie": "Movie",
    "ova": "OVA",
    "ona": "ONA",
    "special": "Special",
    "tv_special": "TV Special",
    "music": "Music",
    "pv": "PV",
    "cm": "CM",
}


def kind_read(name: object) -> str:
    """Of "TV Special", "MOVIE", "tv_special"; "unknown" for anything else."""
    return _KINDS.get(str(name).strip().lower(), "unknown")


def kind_mal(kind: str) -> str:
    """As MyAnimeList writes it."""
    return _MAL.get(kind, "Unknown")
