"""Joins a relative path to a folder so that the result cannot leave it (threat 9)."""

import os
import re
from pathlib import Path
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from core.media.errors import PathRefused

MAX_PATH_BYTES = 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")


def path_within(root: Path, relative: str) -> Path:
    """The real path of `relative` inside `root`; raises `PathRefused` (400) for anything that leaves it.

    `relative` is already URL-decoded, once, with `/` between parts; one that decodes further into `..`, a separator or a
    control character is refused as well. Symbolic links are followed and must end inside `root`. The file need not exist.
    """
    for text in _decodings(relative):
        if _CONTROL.search(text) or "\\" in text or text.startswith(("/", "~")) or _DRIVE.match(text):
            raise PathRefused(_("The path is not a plain relative path."))
        if any(part in ("", ".", "..") for part in text.split("/")):
            raise PathRefused(_("The path is not a plain relative path."))
    real_root = os.path.realpath(root)
    try:
        encoded = os.fsencode(relative)
        real = os.path.realpath(os.path.join(real_root, relative))  # noqa: PTH118 (realpath also resolves what is missing)
    except (OSError, ValueError) as error:
        raise PathRefused() from error
    # commonpath compares whole parts: /data does not contain /dataset.
    if len(encoded) > MAX_PATH_BYTES or real == real_root or os.path.commonpath([real_root, real]) != real_root:
        raise PathRefused(_("The path leads out of its folder."))
    return Path(real)


def _decodings(text: str) -> list[str]:
    """The text and what it becomes when something further down decodes it again, as often as that changes anything."""
    found = [text]
    for _turn in range(4):
        decoded = unquote(found[-1])
        if decoded == found[-1]:
            return found
        found.append(decoded)
    raise PathRefused(_("The path is encoded too often."))
