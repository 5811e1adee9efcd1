"""From the bytes of a page to its text, whatever the page says or does not say about its charset."""

import codecs
import re

from django.utils.translation import gettext as _

from providers.errors import PageUnreadable

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s{0,99}<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{2,40})", re.IGNORECASE)
_HEAD_BYTES = 4096
_SAMPLE_BYTES = 16 * 1024
# What browsers read under these names: supersets, since pages use letters that the small ones lack.
_SUPERSETS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Python's own codecs that no page is written in, and UTF-7, which can hide markup and half characters.
_NO_CHARSETS = frozenset({"utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "undefined"})
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BINARY = re.compile(
    r"(?:image/(?!svg)|video/|audio/|font/|application/(?:octet-stream|pdf|zip|gzip|x-(?!.*(?:xml|json|www|html|script))))",
    re.IGNORECASE,
)
_TOLERATED = 0.001
"""The share of bytes that may be broken before the charset itself is doubted: texts are often cut in mid-character."""


def text_of(body: bytes, content_type: str = "") -> str:
    """The text of a page: without NUL, control characters and lone surrogates, unreadable bytes as U+FFFD.

    A mark at its start, the header, `<meta charset>` and the XML declaration are believed in this order as far as the
    bytes agree; then UTF-8; then the likeliest. Raises `PageUnreadable` for what is no text.
    """
    if not body.strip() or _BINARY.match(content_type.strip()):
        raise PageUnreadable(_("The answer is no page."))
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _cleaned(body.decode(name, "replace"))
    declared = _declared(body[:_HEAD_BYTES], content_type)
    if b"\x00" in body[:1024] and not (declared or "").startswith(("utf-16", "utf-32")):
        raise PageUnreadable(_("The answer is no page."))
    return _cleaned(_decoded(body, declared))


def _declared(head: bytes, content_type: str) -> str | None:
    """The Python name of the charset that header or page declare, None when they name none that exists."""
    by_header = _HEADER.search(content_type)
    by_page = _META.search(head) or _XML.match(head)
    for name in (by_header and by_header[1], by_page and by_page[1].decode("ascii", "replace")):
        if name and (known := _known(name)):
            # A declaration that can be read byte by byte is not in UTF-16, whatever it says.
            if known.startswith(("utf-16", "utf-32")) and b"<" in head and b"\x00" not in head:
                continue
            return known
    return None


def _known(name: str) -> str | None:
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    if found.name in _NO_CHARSETS or not getattr(found, "_is_text_encoding", True):
        return None
    return _SUPERSETS.get(found.name, found.name)


def _decoded(body: bytes, declared: str | None) -> str:
    # Bytes that happen to be UTF-8 with letters beyond ASCII are UTF-8: pages declare yesterday's charset for years.
    if declared is None or not body.isascii():
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    for name in dict.fromkeys((declared or "utf-8", "utf-8")):
        text = body.decode(name, "replace")
        if text.count("\ufffd") <= max(2, len(body) * _TOLERATED):
            return text
    return _guessed(body, declared or "utf-8")


def _guessed(body: bytes, otherwise: str) -> str:
    from charset_normalizer import from_bytes

    start = next((at for at, byte in enumerate(body) if byte > 127), 0)
    best = from_bytes(body[max(0, start - 1024) : start + _SAMPLE_BYTES]).best()
    return body.decode(_known(best.encoding) or otherwise if best else otherwise, "replace")


def _cleaned(text: str) -> str:
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text)).removeprefix("\ufeff")
