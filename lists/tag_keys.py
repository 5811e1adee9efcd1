"""What makes two spellings of a tag one folder."""

import unicodedata

TAG_LENGTH = 50
TAG_KEY_LENGTH = 3 * TAG_LENGTH
"""Folding the case makes at most three characters of one."""


def tag_key(name: str) -> str:
    """The same for the same letters in any case and script, composed or not; at most `TAG_KEY_LENGTH` characters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())[:TAG_KEY_LENGTH]
