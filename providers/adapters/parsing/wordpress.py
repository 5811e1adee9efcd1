"""What the pages of WordPress sites have in common: cards, and a title's page with a box of facts."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from providers.adapters.drafts import Card, Detail, EpisodeDraft
from providers.adapters.parsing.cards import card_title, series_of
from providers.adapters.parsing.dates import date_of, seconds_of, year_of
from providers.adapters.parsing.documents import (
    Element,
    Select,
    first,
    line_of,
    paragraphs_of,
    select,
    text_of,
    texts_once,
)
from providers.adapters.parsing.facts import MAX_NAME, Facts
from providers.adapters.parsing.links import Links, slug_after
from providers.adapters.parsing.numbers import newest_of
from providers.adapters.parsing.titles import MAX_TITLE, title_clean, title_native, titles_split
from providers.adapters.parsing.words import kind_of, score_of, status_of
from providers.errors import PageUnreadable

_IMAGE = select("img")
_CANONICAL = select("link[rel=canonical]")


class DetailMarks(NamedTuple):
    """Where a theme's page of a title says what; `player` is what only the page of an episode has. A theme without a line of
    other titles tells them among its facts.
    """

    heading: Select
    player: Select
    cover: Select
    facts: Select
    synopsis: Select
    score: Select
    genres: Select
    other_titles: Select | None = None


def card_linked(card: Element, links: Links, *, heading: str, folders: tuple[str, ...]) -> Card | None:
    """Slug, title, address and picture of what a piece of a list links to first; None where that is no title.

    `heading` is what the theme writes on it: without one the link's own title counts. `folders` are those of titles.
    """
    link = next(card.iter("a"), None)
    if link is None:
        return None
    slug, url, is_episode = series_of(links.read(link.get("href")), links, folders=folders)
    title = card_title(heading or line_of(link.get("title")), is_episode=is_episode)
    return Card(slug, title, url, links.picture(first(_IMAGE(card)))) if slug and title else None


def detail_read(
    tree: Element,
    url: str,
    *,
    marks: DetailMarks,
    folders: tuple[str, ...],
    episodes: tuple[EpisodeDraft, ...],
) -> Detail:
    """A title's page at `url` with its `episodes`. Raises `PageUnreadable` for a page of something else."""
    links = Links(url)
    title = title_clean(text_of(first(marks.heading(tree))))
    if not title or marks.player(tree):
        raise PageUnreadable(_("The page is not about a title."))
    address, slug = _address(tree, links, url, folders)
    facts = Facts(marks.facts(tree))
    english = title_clean(facts.text("english"))
    line = text_of(first(marks.other_titles(tree))) if marks.other_titles else ""
    others = titles_split(line or facts.text("synonyms"))
    named = texts_once((english, *others), longest=MAX_TITLE)
    released = facts.text("released")
    released_on = date_of(released)
    return Detail(
        slug=slug,
        title=title,
        url=address,
        alternative_titles=tuple(name for name in named if name != title),
        native_title=title_native(titles_split(facts.text("japanese"))) or title_native(others),
        english_title=english,
        cover_url=links.picture(first(marks.cover(tree))),
        synopsis=paragraphs_of(marks.synopsis(tree)),
        kind=kind_of(facts.text("kind")),
        status=status_of(facts.text("status")),
        year=released_on.year if released_on else year_of(released or facts.text("season")),
        released_on=released_on,
        duration_seconds=seconds_of(facts.text("duration")),
        episode_count=newest_of(facts.text("count")),
        score=score_of(text_of(first(marks.score(tree)))),
        genres=facts.names("genres") or texts_once(map(text_of, marks.genres(tree)), longest=MAX_NAME),
        studios=facts.names("studios"),
        episodes=episodes,
    )


def _address(tree: Element, links: Links, url: str, folders: tuple[str, ...]) -> tuple[str, str]:
    """(address, slug) of the page: as it was asked for, or as the page names itself."""
    canonical = first(_CANONICAL(tree))
    for address in (links.read(url), links.read(canonical.get("href")) if canonical is not None else ""):
        for folder in folders:
            if slug := slug_after(address, folder):
                return address.partition("?")[0], slug
    raise PageUnreadable(_("The page's address names no title."))
