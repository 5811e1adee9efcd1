"""Words for type, status, score and quality, in the languages of the sites, as the catalogue says them."""

import re

from catalog.facade import AnimeKind, AnimeStatus

# Looked for in this order: "tv special" before "tv", "belum tayang" before "tayang".
_KINDS = (
    ("tv special", AnimeKind.TV_SPECIAL),
    ("tv short", AnimeKind.TV_SHORT),
    ("live action", None),
    ("movie", AnimeKind.MOVIE),
    ("film", AnimeKind.MOVIE),
    ("ova", AnimeKind.OVA),
    ("oad", AnimeKind.OVA),
    ("ona", AnimeKind.ONA),
    ("special", AnimeKind.SPECIAL),
    ("spesial", AnimeKind.SPECIAL),
    ("özel", AnimeKind.SPECIAL),
    ("music", AnimeKind.MUSIC),
    ("tv", AnimeKind.TV),
)
_STATUSES = (
    ("hiatus", AnimeStatus.HIATUS),
    ("cancel", AnimeStatus.CANCELLED),
    ("dibatalkan", AnimeStatus.CANCELLED),
    ("upcoming", AnimeStatus.UPCOMING),
    ("not yet", AnimeStatus.UPCOMING),
    ("belum tayang", AnimeStatus.UPCOMING),
    ("segera", AnimeStatus.UPCOMING),
    ("akan tayang", AnimeStatus.UPCOMING),
    ("yakında", AnimeStatus.UPCOMING),
    ("⏳", AnimeStatus.UPCOMING),
    ("selesai", AnimeStatus.FINISHED),
    ("tamat", AnimeStatus.FINISHED),
    ("complete", AnimeStatus.FINISHED),
    ("finished", AnimeStatus.FINISHED),
    ("tamamlandı", AnimeStatus.FINISHED),
    ("abgeschlossen", AnimeStatus.FINISHED),
    ("beendet", AnimeStatus.FINISHED),
    ("tayang", AnimeStatus.AIRING),
    ("ongoing", AnimeStatus.AIRING),
    ("airing", AnimeStatus.AIRING),
    ("devam ediyor", AnimeStatus.AIRING),
    ("laufend", AnimeStatus.AIRING),
)
_SCORE = re.compile(r"(\d{1,3}(?:[.,]\d{1,3})?)(?:\s*/\s*(5|10|100)\b)?")
_HEIGHT = re.compile(r"(?<!\d)(\d{3,4})\s*p\b", re.IGNORECASE)
_NAMED_HEIGHTS = (
    (re.compile(r"\b4k\b|\buhd\b", re.I), 2160),
    (re.compile(r"full\s*hd|\bfhd\b", re.I), 1080),
    (re.compile(r"(?:\b|mp4)hd\b", re.I), 720),
    (re.compile(r"\bsd\b", re.I), 480),
)


def kind_of(text: str) -> str:
    """The `AnimeKind` in a text, "" for none."""
    words = f" {text[:60].casefold()} "
    return next((kind.value if kind else "" for word, kind in _KINDS if f" {word}" in words), "")


def status_of(text: str) -> str:
    """The `AnimeStatus` in a text, "" for none."""
    words = text[:100].casefold()
    return next((status.value for word, status in _STATUSES if word in words), "")


def score_of(text: str) -> float | None:
    """A score as 0–100: "Rating: 8.2", "8,2/10", "4/5", "82"; None for none."""
    found = _SCORE.search(text[:100])
    if found is None:
        return None
    value = float(found[1].replace(",", "."))
    of = int(found[2] or (10 if value <= 10 else 100))
    score = round(value * 100 / of, 2)
    return score if 0 < score <= 100 else None


def quality_of(text: str) -> int:
    """Pixels of height in the name of a stream; 0 unknown."""
    if found := _HEIGHT.search(text[:100]):
        return int(found[1])
    return next((height for pattern, height in _NAMED_HEIGHTS if pattern.search(text[:100])), 0)
