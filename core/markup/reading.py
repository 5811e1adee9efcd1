"""From Markdown to HTML in two steps: parse, look up what the text names, render."""

from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from core.markup.addresses import address_rule_add
from core.markup.rules import rules_add
from core.markup.seen import seen_text
from core.markup.tables import table_rule_bound

VERSION = 1
"""Goes up when the same text would come out differently: what keeps HTML renders it anew then."""

NESTING = 16
HIDDEN = "▮▮▮"
"""What stands for a spoiler in an excerpt."""
IMAGE = "image:"
"""`![description](image:<id>)` is a picture that came with the text."""

_DIRECTED = frozenset({"p", "blockquote", "ul", "h3", "h4", "h5", "h6", "table"})
"""What begins a text of its own, which may run the other way."""
_INLINE = {"br", "strong", "em", "s", "code", "a", "span", "picture", "source", "img"}
_TAGS = _DIRECTED | _INLINE | {"hr", "pre", "ol", "li", "thead", "tbody", "tr", "th", "td"}
_ATTRIBUTES = {
    "a": {"href", "class", "data-seconds", "data-username"},
    "span": {"class", "tabindex"},
    "ol": {"start"},
    "source": {"type", "srcset", "sizes"},
    "img": {"src", "srcset", "alt", "width", "height", "loading", "decoding"},
    **{tag: {"dir"} for tag in _DIRECTED},
}
_CLASSES = {"a": {"mention", "place"}, "span": {"spoiler"}}
_LEVELS = {"h1": "h3", "h2": "h4", "h3": "h5"}

ImageHtml = Callable[[str, str], str | None]
"""(id, description) → the HTML of a picture that belongs to the text, or None."""


@dataclass(slots=True)
class Reading:
    """A parsed text. `mentions`: names it calls with @, in lower case. `links`: the addresses it links to, each once, in order.
    `images`: the ids of pictures that it places. `covered`: what of these two stands in spoilers alone.
    """

    tokens: list[Token]
    env: dict[str, Any]
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    images: tuple[str, ...] = field(default=())
    covered: frozenset[str] = frozenset()

    def html(self, *, people: Mapping[str, str] | None = None, image_html: ImageHtml | None = None) -> SafeString:
        """Safe HTML. `people`: of the mentions (in lower case), those that exist, with the path of their page."""
        self.env |= {"people": people or {}, "image_html": image_html}
        return mark_safe(_clean(_MD.renderer.render(self.tokens, _MD.options, self.env)))  # noqa: S308 — nh3 made it

    def excerpt(self, length: int = 160) -> str:
        """The beginning as one line of plain text, at most `length` characters, with spoilers covered."""
        words = " ".join("".join(_plain(self.tokens)).split())
        return words if len(words) <= length else words[: length - 1].rstrip() + "…"


def markdown_read(text: str, *, watch_path: str = "") -> Reading:
    """Parse Markdown of a stranger. With `watch_path`, times like 12:34 lead to that second of the video there."""
    env: dict[str, Any] = {"watch_path": watch_path}
    tokens = _MD.parse(seen_text(text), env)
    links, images = dict[str, bool](), dict[str, bool]()  # each with whether it stands in spoilers alone
    depth = 0
    for token in _inline(tokens):
        depth += (token.type == "spoiler_open") - (token.type == "spoiler_close")
        if token.type in ("link_open", "image"):
            source = str(token.attrs.get("href" if token.type == "link_open" else "src", ""))
            is_image = token.type == "image" and source.startswith(IMAGE)
            known, name = (images, source.removeprefix(IMAGE)) if is_image else (links, source)
            known[name] = known.get(name, True) and depth > 0
    covered = frozenset(name for name, is_covered in (links | images).items() if is_covered)
    return Reading(tokens, env, tuple(env.get("mentions", ())), tuple(links), tuple(images), covered)


def _inline(tokens: list[Token]) -> list[Token]:
    """All inline tokens, in order."""
    return [child for token in tokens if token.type == "inline" for child in token.children or ()]


def _plain(tokens: list[Token]) -> list[str]:
    parts, covered = [], 0
    for token in tokens:
        for child in token.children or () if token.type == "inline" else ():
            if child.type == "spoiler_open":
                covered += 1
                if covered == 1:
                    parts.append(HIDDEN)
            elif child.type == "spoiler_close":
                covered -= 1
            elif covered:
                continue
            elif child.type in ("softbreak", "hardbreak"):
                parts.append(" ")
            elif child.type == "mention":
                parts.append(f"@{child.content}")
            else:
                parts.append(child.content)
        if token.type in ("fence", "code_block"):
            parts.append(token.content)
        parts.append(" " if token.nesting <= 0 else "")
    return parts


class _Renderer(RendererHTML):
    """CommonMark's HTML with our inline elements; headings begin where a page's own end."""

    def mention(self, tokens: list[Token], idx: int, options: Any, env: dict[str, Any]) -> str:
        name = tokens[idx].content
        path = env["people"].get(name.lower())
        if path is None:
            return f"@{escape(name)}"
        return f'<a class="mention" href="{escape(path)}" data-username="{escape(name)}">@{escape(name)}</a>'

    def place(self, tokens: list[Token], idx: int, options: Any, env: dict[str, Any]) -> str:
        seconds = tokens[idx].meta["seconds"]
        href = f"{env['watch_path']}?t={seconds}"
        return f'<a class="place" href="{escape(href)}" data-seconds="{seconds}">{escape(tokens[idx].content)}</a>'

    def image(self, tokens: Sequence[Token], idx: int, options: Any, env: MutableMapping[str, Any]) -> str:
        """A picture of ours, or a link: nothing is loaded from elsewhere."""
        source, words = str(tokens[idx].attrs.get("src", "")), tokens[idx].content
        if source.startswith(IMAGE):
            show = env["image_html"]
            return (show(source.removeprefix(IMAGE), words) if show else None) or escape(words)
        return f'<a href="{escape(source)}">{escape(words or source)}</a>'

    def renderToken(self, tokens: Any, idx: int, options: Any, env: Any) -> str:  # noqa: N802 — markdown-it's name
        token = tokens[idx]
        token.tag = _LEVELS.get(token.tag, token.tag) if token.type.startswith("heading") else token.tag
        if token.nesting == 1 and token.tag in _DIRECTED:
            token.attrSet("dir", "auto")
        return super().renderToken(tokens, idx, options, env)


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What of an attribute stays: of classes only ours. Pictures are ours by what `_Renderer.image` makes."""
    if name == "class":
        kept = [one for one in value.split() if one in _CLASSES.get(tag, ())]
        return " ".join(kept) or None
    return value


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
    )


def _made() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": NESTING}, renderer_cls=_Renderer)
    md.enable(["strikethrough", "table"])
    md.disable(["lheading", "reference", "html_block", "html_inline"])
    address_rule_add(md)
    table_rule_bound(md)
    rules_add(md)
    return md


_MD = _made()
