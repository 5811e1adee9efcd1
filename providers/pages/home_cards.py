"""What airs at providers, as cards: the catalogue's own where it is an anime, a drawn cover where it is none yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext

from catalog.facade import Badge, CardView, anime_cards, card_view, cover_draw
from core.site.preferences import TitleLanguage, title_language_of
from providers.selectors.home import HomeTitle


@dataclass(frozen=True, slots=True)
class HomeCard:
    """A card; `is_elsewhere` when it leads to the provider's own page. `sources` are labels of providers."""

    item: CardView
    sources: tuple[str, ...]
    is_elsewhere: bool


def home_cards(request: HttpRequest, titles: Iterable[HomeTitle], labels: Mapping[str, str]) -> list[HomeCard]:
    """Cards of the titles, in order; one query."""
    shown = list(titles)
    language = title_language_of(request)
    known = anime_cards(request.user, [title.anime_id for title in shown if title.anime_id])
    return [_card(title, known.get(title.anime_id or 0), language, labels) for title in shown]


def _card(title: HomeTitle, card: dict | None, language: TitleLanguage, labels: Mapping[str, str]) -> HomeCard:
    sources = tuple(labels.get(name, name) for name in title.sources)
    badges = [Badge("plain", gettext("Ep. %(number)s") % {"number": title.episode})] if title.episode else []
    if card is not None:
        return HomeCard(card_view(card, language, badges), sources, is_elsewhere=False)
    drawn = cover_draw({"title": title.name}, language)
    item = CardView(
        id=0,
        title=title.name,
        title_language="und",
        href=title.url,
        cover=drawn,
        image=None,
        score="",
        facts=(),
        genres="",
        badges=tuple(badges),
    )
    return HomeCard(item, sources, is_elsewhere=True)
