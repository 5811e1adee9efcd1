"""From bytes to text, whatever charset a page declares or has."""

import codecs

import pytest

from providers.errors import PageUnreadable
from providers.fetching.charsets import text_of

pytestmark = pytest.mark.once
JAPANESE = "<title>進撃の巨人 第7話</title>" * 10
RUSSIAN = "<p>Привет, это последняя серия первого сезона, дальше будет продолжение.</p>" * 10


@pytest.mark.parametrize(
    ("text", "charset"),
    [(JAPANESE, name) for name in ("utf-8", "shift_jis", "euc-jp", "iso-2022-jp", "utf-16", "gb18030")]
    + [(RUSSIAN, name) for name in ("windows-1251", "koi8-r", "utf-8")],
)
def test_a_declared_charset_is_read(text: str, charset: str) -> None:
    assert text_of(text.encode(charset), f"text/html; charset={charset}") == text


@pytest.mark.parametrize(
    "head",
    ['<meta charset="euc-jp">', "<META http-equiv=x content='text/html; charset=EUC-JP'>", '<?xml version="1.0" encoding="euc-jp"?>'],
)  # fmt: skip
def test_the_page_itself_declares_it(head: str) -> None:
    assert text_of((head + JAPANESE).encode("euc-jp")) == head + JAPANESE


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE])
def test_a_mark_at_the_start_wins(mark: bytes) -> None:
    names = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
    body = mark + JAPANESE.encode(names.get(mark, "utf-32-le"))
    assert text_of(body, "text/html; charset=windows-1251") == JAPANESE


@pytest.mark.parametrize("charset", ["shift_jis", "euc-jp", "utf-8"])
def test_without_a_declaration_it_is_found(charset: str) -> None:
    assert text_of(JAPANESE.encode(charset)) == JAPANESE


@pytest.mark.parametrize(
    "wrong", ["iso-8859-1", "windows-1251", "utf-16", "ascii", "no-such-charset", "utf-7", "rot13", "hex"]
)
def test_utf8_under_a_wrong_name_is_utf8(wrong: str) -> None:
    assert text_of(JAPANESE.encode(), f"text/html; charset={wrong}") == JAPANESE


def test_a_text_cut_in_mid_character_keeps_its_charset() -> None:
    body = JAPANESE.encode()[:-10] + b"\xe9</p>"
    text = text_of(body)
    assert text.startswith(JAPANESE[:100])
    assert 1 <= text.count("\ufffd") <= 3


@pytest.mark.parametrize(
    "body",
    [b"a\x01\x02\x0b\x1f\x7fb", b"a+2AA-b" * 20, b"\xed\xa0\x80 half",
     bytes(range(1, 256)) * 40, b"\xff\xfe\x00\xd8\x00\xd8", b"\xff" * 5000],
)  # fmt: skip
def test_no_bytes_give_control_characters_or_half_ones(body: bytes) -> None:
    for content_type in ("", "text/html; charset=utf-7", "text/html; charset=utf-16", "text/html; charset=big5"):
        text = text_of(body, content_type)
        assert not any(ord(letter) < 32 and letter not in "\t\n\r" for letter in text)
        text.encode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"x", "image/png"), (b"x", "Video/MP4"), (b"x", "application/octet-stream"), (b"x", "application/zip"),
     (b"\x7fELF\x00\x00", "text/html"), (b"", "text/html"), (b" \n ", "")],
)  # fmt: skip
def test_what_is_no_text_is_refused(body: bytes, content_type: str) -> None:
    with pytest.raises(PageUnreadable):
        text_of(body, content_type)


@pytest.mark.parametrize(
    "content_type",
    ["application/rss+xml", "application/x-javascript", "application/json", "image/svg+xml", "application/xhtml+xml"],
)
def test_text_by_other_names_is_read(content_type: str) -> None:
    assert text_of(b"<rss/>", content_type) == "<rss/>"


def test_half_characters_of_utf16_never_come_out() -> None:
    for mark in (b"", codecs.BOM_UTF16_LE):
        body = mark + b"\x00\xd8" * 9 + "ok".encode("utf-16-le")
        assert "\ud800" not in text_of(body, "text/html; charset=utf-16-le")
