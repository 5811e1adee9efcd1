"""Addresses in the text become links: what begins with http:// or https://, up to a space.

linkify-it, which markdown-it brings for this, takes exponential time for some texts of a hundred characters (`xn--a.xn--a.…`):
on a server that anybody may write to that is a switch to turn it off. This rule reads each character a bounded number of times.
"""

import re
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from core.markup.counting import counted

LONGEST = 2_000
_SCHEME = re.compile(r"(?<![A-Za-z0-9])(https?)$", re.IGNORECASE)
_REST = re.compile(rf'://[^\s<>"`」』】》。、）]{{1,{LONGEST}}}')
_TRAILING = "?!.,:;*_~'\"|)]}»”’。、！？）」』"
_PAIRS = {")": "(", "]": "[", "}": "{", "）": "（", "」": "「", "』": "『"}


def address_rule_add(md: MarkdownIt) -> None:
    """Teach `md` to link addresses."""
    md.inline.ruler.before("link", "address", _address)


def _address(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != ":" or state.linkLevel or silent:
        return False
    scheme = _SCHEME.search(state.pending[-8:])
    rest = _REST.match(state.src, state.pos, state.posMax) if scheme else None
    if scheme is None or rest is None:
        return False
    found = scheme[1] + _without_trailing(rest[0])
    if not _has_host(found):  # first: what is none costs little, however often it comes
        return False
    href = state.md.normalizeLink(found)
    if not state.md.validateLink(href) or not counted(state.env):
        return False
    state.pending = state.pending[: len(state.pending) - len(scheme[1])]
    state.push("link_open", "a", 1).attrs = {"href": href}
    state.push("text", "", 0).content = found
    state.push("link_close", "a", -1)
    state.pos += len(found) - len(scheme[1])
    return True


def _without_trailing(rest: str) -> str:
    """Without the signs that belong to the sentence; a closing bracket stays where it was opened within."""
    end = len(rest)
    while end and rest[end - 1] in _TRAILING:
        sign = rest[end - 1]
        if sign in _PAIRS and rest.count(_PAIRS[sign], 0, end) >= rest.count(sign, 0, end):
            break
        end -= 1
    return rest[:end]


def _has_host(address: str) -> bool:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return bool(host.strip(".-_"))
