"""Looking for an anime at a provider that has no title of it yet: its names are searched, the matcher judges what is found."""

from collections.abc import Sequence

from django.utils import timezone

from catalog.facade import AnimeName, names_of
from providers.adapters import adapter_class
from providers.adapters.contract import Capability
from providers.adapters.drafts import Card
from providers.enriching.ages import TRIED_AGAIN
from providers.enriching.asking import adapter_of, asked
from providers.enriching.run import Run
from providers.models import Enrichment, Provider, ProviderRole, ProviderTitle
from providers.services.titles import cards_store

MAX_WORDS = 2
"""How many names of an anime are searched."""
MAX_FITTING = 3
"""How many titles of one provider are taken from a search."""
_NEEDS = frozenset((Capability.SEARCH, Capability.DETAIL))


def providers_to_search(run: Run, anime_id: int) -> list[Provider]:
    """Those that are on, can be searched, have no title of the anime (or had one: it may have moved), and were not asked for
    it within a day.
    """
    rows = Provider.objects.filter(role=ProviderRole.TITLES, is_enabled=True)
    rows = rows.exclude(pk__in=ProviderTitle.objects.filter(anime=anime_id, gone_at=None).values("provider"))
    asked_before = {} if run.is_forced else searched_lately(anime_id)
    return [
        provider
        for provider in rows.order_by("position", "name")
        if provider.name not in run.done("searched")
        and provider.name not in asked_before
        and (found := adapter_class(provider.adapter)) is not None
        and found.capabilities >= _NEEDS
    ]


def searched_lately(anime_id: int) -> dict[str, str]:
    """{provider: when it was asked for this anime (ISO)}, within a day."""
    since = (timezone.now() - TRIED_AGAIN).isoformat()
    found: dict[str, str] = {}
    for result in Enrichment.objects.filter(anime=anime_id).values_list("result", flat=True):
        found.update({name: at for name, at in result.get("searched", {}).items() if at > since})
    return found


def provider_search(run: Run, provider: Provider, anime_id: int, *, words: Sequence[str]) -> None:
    """Search a provider by names of an anime (`search_words`), one after the other until one of them finds something; titles
    that may be it are stored, matched and noted as found.

    Raises what asking raises.
    """
    from providers.services.matching import title_match

    adapter = adapter_of(provider, *_NEEDS)
    fitting: list[Card] = []
    for name in words:
        with asked(provider, "search", run.beat) as ask:
            cards = adapter.search(ask, name).cards
        if fitting := _fitting(cards, provider, anime_id):
            break
    for title in cards_store(provider=provider, cards=fitting):
        run.beat()
        title_match(title=title)
        run.note("found", title.pk)


def search_words(anime_id: int) -> list[str]:
    """The names to search by: the main one, then an English one."""
    names = names_of([anime_id]).names
    texts = [*_texts(names, "main", ""), *_texts(names, "official", "en"), *_texts(names, "official", "ja-Latn")]
    return list(dict.fromkeys(texts))[:MAX_WORDS]


def _texts(names: Sequence[AnimeName], kind: str, language: str) -> list[str]:
    return [name.text for name in names if name.kind == kind and language in ("", name.language)]


def _fitting(cards: Sequence[Card], provider: Provider, anime_id: int) -> list[Card]:
    """The cards that the matcher takes for this anime, for sure or perhaps."""
    from providers.matching.matcher import matcher
    from providers.matching.queries import Query

    queries = [Query(card.title, year=card.year, kind=card.kind, provider=provider.name) for card in cards]
    matches = matcher().match_many(queries)
    found = [
        (match.confidence, card)
        for card, match in zip(cards, matches, strict=True)
        if match.anime_id == anime_id and match.decision != "none"
    ]
    return [card for _confidence, card in sorted(found, key=lambda pair: -pair[0])[:MAX_FITTING]]
