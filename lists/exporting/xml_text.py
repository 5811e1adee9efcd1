"""Pieces of XML as MyAnimeList writes them."""

from xml.sax.saxutils import escape  # writing only

from lists.importing.xml_lines import FORBIDDEN

_NEEDS_ESCAPING = ("]]>", "\r", "&#")
"""A carriage return is lost in CDATA; what looks like a reference is cleaned away by readers that mend control characters."""


def element(name: str, value: object) -> str:
    """`<name>value</name>`. Control characters, which XML cannot hold, are left out."""
    return f"<{name}>{_escaped(str(value))}</{name}>"


def element_cdata(name: str, text: str) -> str:
    """As MAL writes titles, comments and tags."""
    if any(word in text for word in _NEEDS_ESCAPING):
        return element(name, text)
    return f"<{name}><![CDATA[{_possible(text)}]]></{name}>"


def comment(text: str) -> str:
    """An XML comment of JSON. What would end it, be taken for a reference, or cannot stand in XML is written as JSON escapes it."""
    safe = (
        FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
        .replace("--", "\\u002d\\u002d")
        .replace("&", "\\u0026")
    )
    return f"<!-- {safe} -->"


def _escaped(text: str) -> str:
    return escape(_possible(text), {"\r": "&#13;"})


def _possible(text: str) -> str:
    """Without what XML cannot hold, nor the white space that stood behind it: whoever reads it takes that off."""
    return FORBIDDEN.sub("", text).strip()
