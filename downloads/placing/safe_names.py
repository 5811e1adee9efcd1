"""Makes texts of strangers into names of files that every file system takes, and that mean nothing to programs."""

import re
import unicodedata

MAX_BYTES = 255
"""Of one part of a path, in UTF-8."""
_REPLACED = {
    "/": "-",
    "\\": "-",
    "|": "-",
    "\uff0f": "-",  # some shares turn the wide forms into the plain ones
    "\u2215": "-",
    "\u2044": "-",
    '"': "'",
    "<": "",
    ">": "",
    "?": "",
    "*": "",
}
_TABLE = str.maketrans(_REPLACED)
_COLON = re.compile(r"\s*:(\s+|$)|:")
_ESCAPE = re.compile(r"%(?=[0-9A-Fa-f]{2})")
_SPACES = re.compile(r"\s+")
_RESERVED = re.compile(
    r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9\u00b9\u00b2\u00b3])\s*(\..*)?", re.IGNORECASE
)
# Shown as nothing or as a blank, though Unicode files them as letters or marks: fillers, joiners, variation selectors.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_GONE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BLANK = frozenset({"Zs", "Zl", "Zp"})


def text_clean(text: str) -> str:
    """One line of NFC without characters that no name can hold or that nobody sees; may be empty.

    Control, bidirectional, zero-width, private and unassigned characters go; `: / \\ | < > ? * "` become what reads alike.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text.replace("\t", " ").replace("\n", " ")))
    kept = []
    for character in text:
        category = unicodedata.category(character)
        if category in _BLANK:
            kept.append(" ")
        elif category not in _GONE:
            kept.append(character)
    text = _COLON.sub(lambda found: " - " if found[1] else "-", "".join(kept).translate(_TABLE))
    # "%2e%2e" would mean something to whoever decodes it as an address.
    text = _ESCAPE.sub("\uff05", text)
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text)).strip()


def part_safe(text: str, *, limit: int = MAX_BYTES, fallback: str = "_") -> str:
    """`text` as one part of a path of at most `limit` bytes, never empty: hidden, option-like and reserved names are changed."""
    text = _edges(cut(_edges(text_clean(text)), limit))
    if not text:
        return fallback
    if _RESERVED.fullmatch(text):
        text = _edges(cut(f"_{text}", limit))
    return text


def cut(text: str, limit: int) -> str:
    """As much of `text` as fits into `limit` bytes of UTF-8, ending with a whole character and all of its marks."""
    encoded = text.encode()
    if len(encoded) <= limit:
        return text
    kept = encoded[: max(limit, 0)].decode(errors="ignore")
    end = len(kept)
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end] if end else kept


def _edges(text: str) -> str:
    """Without what hides a file, looks like an option or a home folder, or is dropped by Windows."""
    return text.lstrip(" .-~").rstrip(" .")
