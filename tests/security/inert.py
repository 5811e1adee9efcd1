"""Whether a page is still the page that we wrote: what of its HTML could act, and what it is built of."""

from collections import Counter
from html.parser import HTMLParser

SCHEMES = ("javascript:", "vbscript:", "data:text", "data:image/svg", "data:application")
ADDRESSES = frozenset({"href", "src", "srcset", "action", "formaction", "data", "poster", "xlink:href"})
NEVER = frozenset({"iframe", "object", "embed", "frame", "applet", "base", "marquee", "math"})
BUILT = frozenset({"html", "head", "body", "main"})
"""Elements of which a page has one, whatever people wrote."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.built: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.faults += [f"<{tag}>"] * (tag in NEVER)
        for name, value in found.items():
            if name.startswith("on") or (name in ("srcdoc", "style") and "javascript" in value.lower()):
                self.faults.append(f"<{tag} {name}={value[:40]!r}>")
            address = "".join(value.split()).lower() if name in ADDRESSES else ""
            if address.startswith(SCHEMES):
                self.faults.append(f"<{tag} {name}={value[:40]!r}>")
        if (
            tag == "script"
            and not found.get("src", "").startswith("/static/")
            and found.get("type")
            not in (
                "application/json",
                "importmap",
            )
        ):
            self.faults.append(f"<script {found}>")
        self.built[tag] += tag in BUILT


def faults_of(html: str) -> list[str]:
    """What of a page could act and is not ours: handlers, scripts from elsewhere, frames, addresses that are scripts."""
    return _read(html).faults


def built_of(html: str) -> Counter[str]:
    """How many there are of the elements that a page is built of."""
    return _read(html).built


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
