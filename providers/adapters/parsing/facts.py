"""The box of facts on a title's page: bold words, each with what it says, in the words of several languages."""

from collections.abc import Iterable

from providers.adapters.parsing.documents import Element, line_of, text_of, texts_once

_NAMES = {
    "genres": ("genre", "genres", "tür", "türler"),
    "status": ("status", "durum"),
    "kind": ("jenis", "type", "tipe", "tip", "typ"),
    "released": ("rilis", "released", "released on", "tayang", "yayın", "yayın tarihi", "erschienen"),
    "duration": ("durasi", "duration", "süre", "dauer"),
    "studios": ("studio", "studios", "stüdyo"),
    "count": ("episode", "episodes", "total episode", "total episodes", "jumlah episode", "bölüm", "bölüm sayısı"),
    "japanese": ("japanese", "jepang", "japonca"),
    "english": ("english", "inggris", "i̇ngilizce"),
    "synonyms": ("synonyms", "sinonim", "alternatif", "alternative"),
    "season": ("season", "musim", "sezon"),
}
_NAME_OF = {word: name for name, words in _NAMES.items() for word in words}
_UNTOLD = ("?", "-", "N/A", "Unknown")
MAX_NAME = 100


class Facts:
    """What the box says, by the names above."""

    def __init__(self, rows: Iterable[Element]) -> None:
        self._texts: dict[str, str] = {}
        self._links: dict[str, tuple[str, ...]] = {}
        for row in rows:
            self._read(row)

    def text(self, name: str) -> str:
        """What a fact says, on one line; "" where it is not told or is a "?"."""
        found = self._texts.get(name, "")
        return "" if found in _UNTOLD else found

    def names(self, name: str) -> tuple[str, ...]:
        """The names that a fact lists, as links or between commas; none where it is not told."""
        told = self.text(name)
        listed = self._links.get(name) or [part.strip() for part in told.split(",")]
        return texts_once(listed if told else (), longest=MAX_NAME)

    def _read(self, row: Element) -> None:
        label = next(row.iter("b", "strong"), None)
        if label is None:
            return
        written = text_of(label)
        name = _NAME_OF.get(written.rstrip(" :").casefold())
        if name is None or name in self._texts:
            return
        self._texts[name] = line_of(text_of(row).removeprefix(written)).lstrip(": ")
        self._links[name] = tuple(text_of(link) for link in row.iter("a"))
