"""Inline rules beside those of CommonMark: ||spoilers||, @mentions, 12:34 as a place in the video."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline

from core.markup.counting import counted

SPOILER = "||"
_MENTION = re.compile(r"@([A-Za-z0-9_]{1,32})(?![A-Za-z0-9_@])")
_PLACE = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?![\d:])")


def rules_add(md: MarkdownIt) -> None:
    """Teach `md` the rules of this module."""
    md.inline.ruler.before("emphasis", "spoiler", _spoiler)
    md.inline.ruler.before("link", "mention", _mention)
    md.inline.ruler.before("link", "place", _place)
    for sign in "|@0123456789":
        md.inline.add_terminator_char(sign)


def _spoiler(state: StateInline, silent: bool) -> bool:
    """What stands between two pairs of bars, with all that is in it; nothing between them is text."""
    start, end = state.pos + len(SPOILER), state.posMax
    if not state.src.startswith(SPOILER, state.pos):
        return False
    closing = state.src.find(SPOILER, start, end)
    if closing < 0 or not state.src[start:closing].strip():
        return _bars(state, silent)
    if not silent:
        state.push("spoiler_open", "span", 1).attrs = {"class": "spoiler", "tabindex": "0"}
        state.pos, state.posMax = start, closing
        state.md.inline.tokenize(state)
        state.push("spoiler_close", "span", -1)
        state.posMax = end
    state.pos = closing + len(SPOILER)
    return True


def _bars(state: StateInline, silent: bool) -> bool:
    """A run of bars around nothing is text as a whole."""
    run = len(state.src[state.pos : state.posMax]) - len(state.src[state.pos : state.posMax].lstrip("|"))
    if not silent:
        state.append_pending("|" * run)
    state.pos += run
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    """@name, where it does not stand within a word or an address."""
    if state.src[state.pos] != "@" or (
        state.pos and (state.src[state.pos - 1].isalnum() or state.src[state.pos - 1] in "_@./")
    ):
        return False
    found = _MENTION.match(state.src, state.pos, state.posMax)
    if found is None or not (silent or counted(state.env)):
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = found[1]
        state.env.setdefault("mentions", {}).setdefault(found[1].lower(), None)
    state.pos = found.end()
    return True


def _place(state: StateInline, silent: bool) -> bool:
    """1:02:03 or 12:34, where the text stands beside a video."""
    if not state.env.get("watch_path") or not state.src[state.pos].isdigit():
        return False
    if state.pos and (state.src[state.pos - 1].isalnum() or state.src[state.pos - 1] in ":.,/-"):
        return False
    found = _PLACE.match(state.src, state.pos, state.posMax)
    if found is None or not (silent or counted(state.env)):
        return False
    if not silent:
        token = state.push("place", "", 0)
        token.content = found[0]
        token.meta = {"seconds": int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])}
    state.pos = found.end()
    return True
