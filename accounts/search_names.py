"""Names as people look for them: any case, any width of letters, ё as е."""

import unicodedata

SEPARATOR = "\n"  # between username and display name; in no text that is looked for
MAX = 200


def search_text(text: str) -> str:
    """The text folded for comparison: compatibility forms unfolded, lower case, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def search_name_of(username: str, display_name: str) -> str:
    """`SEPARATOR username SEPARATOR display name SEPARATOR`: so a whole name and the beginning of one are plain substrings."""
    return f"{SEPARATOR}{username.lower()}{SEPARATOR}{search_text(display_name)}"[: MAX - 1] + SEPARATOR
