"""The one door of list files: any format in, a `ReadList` or one of the errors of `importing.errors` out."""

from typing import IO

from lists.importing.detection import file_read
from lists.importing.errors import ListFileUnreadable
from lists.importing.records import ReadList
from lists.importing.unpacking import unpacked

AUTO = "auto"
_FAMILIES = {
    "mal": frozenset({"mal", "mal_api", "shiki_xml"}),
    "anilist": frozenset({"anilist", "anilist_gdpr"}),
    "kitsu": frozenset({"kitsu", "mal"}),
    "shikimori": frozenset({"shikimori", "shiki_xml"}),
}
"""What else is meant by the name of a site: its API's answers, its other exports, and MAL's XML where that is its export."""


def list_read(*, file: IO[bytes], file_name: str = "", format: str = AUTO) -> ReadList:
    """The list in a file, plain, gzipped or alone in a zip. `file_name` is not trusted for anything.

    With a `format` (a code of `exporting.FORMATS`) the file must be of it. Raises `ListFileUnreadable`, `ListFileTooLarge`
    and `ListFileUnsafe`; nothing else, whatever the bytes are.
    """
    with unpacked(file) as within:
        found = file_read(within)
    is_empty = not found.records and not found.bad
    if format not in (AUTO, "") and found.format not in _FAMILIES.get(format, {format}) and not is_empty:
        raise ListFileUnreadable("other_format", found=found.format, wanted=format)
    return found
