"""Reads the XML of list files line by line: flat memory, no DTD, no entities, whatever encoding it says it has."""

import codecs
import re
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError  # the type only; parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from lists.importing.errors import ListFileUnreadable, ListFileUnsafe

_CHUNK = 64 * 1024
_DEPTH_LIMIT, _FIELDS_LIMIT = 6, 200
_SILENCE_LIMIT = 1024 * 1024
"""So many bytes without a tag or a text between two events are one monstrous tag or comment."""
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:x0*(?:[0-8bcBC]|0*[eEfF]|1[0-9a-fA-F])|0*(?:[0-8]|1[124-9]|2[0-9]|3[01]));")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")

LEFTOVER = "x-hiroba-entry"
"""A comment that begins with this word holds an entry of our own format, for an anime that the site has not."""
XmlLine = tuple[str, dict[str, str]]


def xml_lines(file: IO[bytes], *, root: str) -> Iterator[XmlLine]:
    """(tag, {field: text}) of each element right below the root, as it is closed; (LEFTOVER, {"json": …}) of our comments.

    Control characters, which XML forbids but sites write, are left out. Raises `ListFileUnreadable` for what is not XML or
    has another root, `ListFileUnsafe` for a DTD, entities, or elements as no list has them.
    """
    target = _Lines(root)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    since_event, events = 0, 0
    try:
        for text in _texts(file):
            parser.feed(text)
            since_event = since_event + len(text) if target.events == events else 0
            events = target.events
            if since_event > _SILENCE_LIMIT:
                raise ListFileUnsafe("xml_long_tag")
            yield from target.take()
        parser.close()
    except DefusedXmlException as error:
        raise ListFileUnsafe("xml_entities") from error
    except ParseError as error:
        line = getattr(error, "position", (0, 0))[0]
        raise ListFileUnreadable("xml_broken", line=line) from error
    yield from target.take()


def _texts(file: IO[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(_encoding(file))(errors="replace")
    held = ""
    while chunk := file.read(_CHUNK):
        text = held + decoder.decode(chunk)
        cut = text.rfind("&", -16)  # a reference may lie across two chunks
        held, text = ("", text) if cut < 0 else (text[cut:], text[:cut])
        yield _clean(text)
    yield _clean(held + decoder.decode(b"", final=True))


def _clean(text: str) -> str:
    return _REFERENCE.sub("", FORBIDDEN.sub("", text))


def _encoding(file: IO[bytes]) -> str:
    head = file.read(1024)
    file.seek(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head[:4] in (b"<\x00?\x00", b"<\x00m\x00"):
        return "utf-16-le"
    if head[:4] in (b"\x00<\x00?", b"\x00<\x00m"):
        return "utf-16-be"
    declared = _DECLARED.match(head)
    name = declared.group(1).decode() if declared else "utf-8"
    try:
        found = codecs.lookup(name)
        "".encode(found.name)
        codecs.getincrementaldecoder(found.name)(errors="replace").decode(b"<")
    except (LookupError, ValueError, TypeError):
        return "utf-8-sig"
    return "utf-8-sig" if found.name in ("utf-8", "utf-16", "utf-32") else found.name


class _Lines:
    """The parser's target: keeps the line it is in, hands over those that are closed."""

    def __init__(self, root: str) -> None:
        self.events = 0
        self._root = root
        self._depth = 0
        self._tag = ""
        self._fields: dict[str, str] = {}
        self._text: list[str] = []
        self._closed: list[XmlLine] = []

    def start(self, tag: str, attributes: dict[str, Any]) -> None:
        self.events += 1
        self._depth += 1
        if self._depth == 1 and tag != self._root:
            raise ListFileUnreadable("xml_no_list", tag=tag[:60], root=self._root)
        if self._depth > _DEPTH_LIMIT or len(self._fields) > _FIELDS_LIMIT:
            raise ListFileUnsafe("xml_nested")
        if self._depth == 2:
            self._tag, self._fields = tag, {}
        self._text = []

    def data(self, text: str) -> None:
        self.events += 1
        if self._depth >= 3:
            self._text.append(text)

    def comment(self, text: str) -> None:
        self.events += 1
        word, _space, rest = text.strip().partition(" ")
        if self._depth == 1 and word == LEFTOVER:
            self._closed.append((LEFTOVER, {"json": rest}))

    def end(self, tag: str) -> None:
        self.events += 1
        if self._depth == 3:
            self._fields[tag] = "".join(self._text)
        elif self._depth == 2:
            self._closed.append((self._tag, self._fields))
            self._fields = {}
        self._text = []
        self._depth -= 1

    def close(self) -> None:
        """Nothing is left to be done when the document ends."""

    def take(self) -> list[XmlLine]:
        """The lines closed since the last call."""
        found, self._closed = self._closed, []
        return found
