"""The name of a title without what a provider's list puts around it: languages, episode numbers, advertising."""

import re

_MADE = r"(?:subtitles?|sub(?:bed|s)?|dub(?:bed)?)"
_LANGUAGES = "indonesia|indo|english|eng|en|id|malay|ita|esp|french|vostfr|multi"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"^(?:nonton|streaming|download)\s+(?:anime\s+)?(?=\S)",
        rf"\s*[\[(（【](?:{_MADE} )?(?:{_LANGUAGES}|{_MADE}|raw|batch|bd|end|tamat)(?: {_MADE})?[\])）】]$",
        rf"\s*[-–|:]?\s*\b{_MADE}\s+(?:{_LANGUAGES})$",
        rf"\s*[-–|:]?\s*\b(?:english|eng)\s+{_MADE}$",
        r"\s*[-–|:]?\s*\bbatch$",
        r"\s*[-–|:]?\s*\b(?:episode|eps?)\.?\s*\d{1,5}(?:\s*[-–~]\s*\d{1,5})?(?:\s*\(?(?:end|tamat|final)\)?)?$",
    )
)


def name_clean(title: str) -> str:
    """ "Jigokuraku Season 2 Episode 7 Sub Indo" → "Jigokuraku Season 2"; a title that is nothing but such words stays."""
    name = " ".join(title.split())
    while True:
        shorter = name
        for pattern in _PATTERNS:
            shorter = pattern.sub("", shorter).strip() or shorter
        if shorter == name:
            return name
        name = shorter
