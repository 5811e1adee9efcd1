"""Small invented catalogues in memory, and what a title is in them."""

from catalog.facade import AnimeName, NamedAnime, Names
from providers.matching.following import Catalogue
from providers.matching.index import Index
from providers.matching.matcher import Match, Matcher
from providers.matching.queries import Query

Entry = tuple[str, dict]


def entry(title: str, **facts: object) -> Entry:
    """An anime called `title`; facts: kind, year, episodes, popularity, others (more names), sequel, side (positions)."""
    return title, facts


def matcher_of(*entries: Entry) -> Matcher:
    """A matcher of these anime, numbered from 1 in their order; MAL ids are a hundred times that."""
    anime, names, relations = {}, [], []
    for number, (title, facts) in enumerate(entries, 1):
        anime[number] = NamedAnime(
            number,
            number * 100,
            facts.get("kind", "tv"),
            facts.get("year"),
            facts.get("episodes"),
            facts.get("popularity", 1_000),
        )
        names.append(AnimeName(number, title, "main", "ja-Latn"))
        names += [AnimeName(number, other, "synonym", "und") for other in facts.get("others", ())]
        relations += [(number, facts[kind], name) for kind, name in _RELATIONS if kind in facts]
    return Matcher(Catalogue(Index(Names(anime, names, relations))))


_RELATIONS = (("sequel", "sequel"), ("side", "side_story"))


def best(matcher: Matcher, title: str, **known: object) -> int | None:
    """The number of the anime that a title most likely is."""
    return asked(matcher, title, **known).anime_id


def asked(matcher: Matcher, title: str, **known: object) -> Match:
    """The whole answer."""
    return matcher.match(Query(title, **known))  # type: ignore[arg-type]
