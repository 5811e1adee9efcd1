"""What a file is, by what is in it: its name says nothing that counts."""

from collections.abc import Callable
from typing import IO

from django.utils.translation import gettext as _

from lists.importing.errors import ListFileUnreadable
from lists.importing.readers import mal_xml
from lists.importing.records import ReadList

Reader = Callable[[IO[bytes]], ReadList]
_BLANK = b" \t\r\n\x00"
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def reader_of(file: IO[bytes]) -> Reader:
    """Who reads it; the file stands at its beginning again. Raises `ListFileUnreadable`."""
    head = file.read(4096)
    file.seek(0)
    for bom in _BOMS:
        head = head.removeprefix(bom)
    start = head.lstrip(_BLANK)
    if not start:
        raise ListFileUnreadable(_("The file is empty."))
    if start.startswith(b"<"):
        return mal_xml.read
    raise ListFileUnreadable(_("It is neither XML nor JSON nor a table that is known here."))
