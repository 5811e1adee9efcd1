"""Episode lists: rows of a link, a number, a title and a date, newest or oldest first."""

import datetime
from collections.abc import Iterable

from providers.adapters.drafts import EpisodeDraft
from providers.adapters.parsing.dates import date_of
from providers.adapters.parsing.documents import Element, line_of, text_of
from providers.adapters.parsing.links import Links, path_parts
from providers.adapters.parsing.numbers import batch_is, numbers_of

MAX_EPISODES = 10_000
MAX_LABEL = 300
# What the themes call the cells of a row.
_LABELS = ("lchx", "epl-title")
_NUMBERS = ("eps", "epl-num")
_DATES = ("date", "epl-date")


def episode_rows(
    rows: Iterable[Element], links: Links, *, today: datetime.date | None = None
) -> tuple[EpisodeDraft, ...]:
    """The entries of a list, oldest first, each address once; rows without a safe link or with an endless label are left out."""
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
    for element in row.iter():
        if link is None and element.tag == "a" and element.get("href"):
            link = element
        for name in (element.get("class") or "").split():
            cells.setdefault(name, element)
    if link is None or not (url := links.read(link.get("href"))):
        return None
    number = _cell(cells, _NUMBERS)
    label = _cell(cells, _LABELS) or number or text_of(link)
    released = _cell(cells, _DATES)
    return _draft(url, label, number, date_of(released, today=today) if released else None)


def _cell(cells: dict[str, Element], names: tuple[str, ...]) -> str:
    return next((text_of(cells[name]) for name in names if name in cells), "")


def _draft(url: str, label: str, number: str, released_on: datetime.date | None) -> EpisodeDraft | None:
    if len(label) > MAX_LABEL:
        return None
    path = path_parts(url)
    is_batch = batch_is(label) or path[:1] == ["batch"]
    first, last = numbers_of(label, cell=number[:40], slug=path[-1] if path else "", is_batch=is_batch)
    return EpisodeDraft(label or url[:MAX_LABEL], url, first, last, released_on=released_on, is_batch=is_batch)
