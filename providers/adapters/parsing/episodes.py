"""Episode lists: rows of a link, a number, a title and a date, newest or oldest first."""

import datetime
from collections.abc import Iterable
from itertools import chain, islice

from providers.adapters.drafts import EpisodeDraft
from providers.adapters.parsing.dates import date_of
from providers.adapters.parsing.documents import Element, line_of, text_of
from providers.adapters.parsing.links import Links
from providers.adapters.parsing.numbers import batch_is, numbers_of

MAX_EPISODES = 10_000
MAX_ROWS = 2 * MAX_EPISODES
MAX_LABEL = 300
# What the themes call the cells of a row.
_CELLS = {
    "lchx": "label",
    "epl-title": "label",
    "eps": "number",
    "epl-num": "number",
    "date": "date",
    "epl-date": "date",
}
_CELLS_READ = 40
"""Elements of a row that are looked at; rows inside rows would each be walked by all around them."""


def episode_rows(
    lists: Iterable[Element], links: Links, *, today: datetime.date | None = None
) -> tuple[EpisodeDraft, ...]:
    """The entries of lists, oldest first, each address once; rows without a safe link or with an endless label are left out."""
    rows = islice(chain.from_iterable(found.iter("li") for found in lists), MAX_ROWS)
    drafts = (_row_read(row, links, today) for row in rows)
    return episodes_ordered(draft for draft in drafts if draft)


def episode_linked(link: Element, links: Links) -> EpisodeDraft | None:
    """The entry that a lone link is, as those to batches are."""
    url, label = links.read(link.get("href")), text_of(link) or line_of(link.get("title"))
    return _draft(url, label, "", None) if url else None


def episodes_ordered(drafts: Iterable[EpisodeDraft]) -> tuple[EpisodeDraft, ...]:
    """Oldest first, each address once, at most 10,000; batches at the end. Lists run either way: their numbers tell which."""
    once = list({draft.url: draft for draft in reversed(list(drafts))}.values())
    numbered = [draft.first for draft in once if draft.first is not None and not draft.is_batch]
    if numbered and numbered[0] > numbered[-1]:
        once.reverse()
    once.sort(key=lambda draft: draft.is_batch)
    return tuple(once[:MAX_EPISODES])


def _row_read(row: Element, links: Links, today: datetime.date | None) -> EpisodeDraft | None:
    cells: dict[str, Element] = {}
    link = None
    for element in islice(row.iter("a", "span", "div"), _CELLS_READ):
        if link is None and element.tag == "a" and element.get("href"):
            link = element
        if (names := element.get("class")) and (cell := _CELLS.get(names) or _cell_among(names)):
            cells.setdefault(cell, element)
    if link is None or not (url := links.read(link.get("href"))):
        return None
    number, released = text_of(cells.get("number")), text_of(cells.get("date"))
    label = text_of(cells.get("label")) or number or text_of(link)
    return _draft(url, label, number, date_of(released, today=today) if released else None)


def _cell_among(names: str) -> str | None:
    """What one of the classes of an element says that it is."""
    return next((_CELLS[name] for name in names.split() if name in _CELLS), None) if " " in names else None


def _draft(url: str, label: str, number: str, released_on: datetime.date | None) -> EpisodeDraft | None:
    if len(label) > MAX_LABEL:
        return None
    is_batch = batch_is(label) or "/batch/" in url
    slug = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    first, last = numbers_of(label, cell=number[:40], slug=slug, is_batch=is_batch)
    return EpisodeDraft(label or url[:MAX_LABEL], url, first, last, released_on=released_on, is_batch=is_batch)
