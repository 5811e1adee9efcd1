"""Anime like another one: by genres, tags, studio, relations, and by who liked both.

Two steps. One statement collects the few hundred anime that share the most telling labels (rare labels tell more: idf);
then those are scored fully: the cosine of the label vectors, plus what people and relations say. Parts of the same story
are `related` and left out here: they would fill every list.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q

from catalog.models import Anime, AnimeStudio, AnimeTag, Rating, Relation, RelationKind, StudioRole
from catalog.selectors.anime import cards_of
from catalog.selectors.franchise import WALKED, member_ids
from core.generation_memo import GenerationMemo

CANDIDATES = 250
TELLING = 10
"""How many of an anime's labels are looked up: beyond that come the common ones, which tell little and match thousands."""
LIKED = 70
"""From this score (0–100) on, a rating says that somebody liked it."""
OF_ONE_STORY = 2
RATERS = 500
"""How many people's ratings are looked at for one anime."""

GENRE, TAG, STUDIO = 1.0, 1.15, 0.5
CO_RATING, RELATION, RENOWN = 0.6, 0.25, 0.5
_APART = (RelationKind.CHARACTER, RelationKind.SPIN_OFF, RelationKind.ALTERNATIVE_SETTING, RelationKind.OTHER)
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Similar:
    """An anime with how alike it is (0–1, rounded) and its card as JSON."""

    anime_id: int
    score: float
    card: bytes


@dataclass(frozen=True, slots=True)
class _Weights:
    """idf of each label over the whole catalogue."""

    by_label: dict[Key, float]

    def of(self, key: Key) -> float:
        return self.by_label.get(key, 0.0)


_weights_memo: GenerationMemo[_Weights] = GenerationMemo(size=1)
_similar_memo: GenerationMemo[list[Similar]] = GenerationMemo(size=512)


_co_ratings: list[Callable[[int], dict[int, float]]] = []


def co_ratings_register(source: Callable[[int], dict[int, float]]) -> None:
    """Let an upper app say which anime ({id: 0–1}) those like who like one; what it worked out at night beats a live count."""
    if source not in _co_ratings:
        _co_ratings.append(source)


def anime_similar(anime: Anime, *, limit: int, shows_hidden: bool = False) -> list[Similar]:
    """The `limit` anime most like this one, best first; adult ones only beside an adult one. Worked out once a generation."""
    return _similar_memo.get((anime.pk, limit, shows_hidden), lambda: _similar(anime, limit, shows_hidden))


def _similar(anime: Anime, limit: int, shows_hidden: bool) -> list[Similar]:
    weights = _weights_memo.get("idf", _read_weights)
    own = _labels_of([anime.pk])[anime.pk]
    relations = _relations(anime.pk)
    together = _liked_together(anime.pk)
    telling = sorted(own, key=weights.of, reverse=True)[:TELLING]
    pool = set(_candidates(telling, weights)) | set(together) | {pk for pk, kind in relations.items() if kind in _APART}
    pool -= member_ids(anime.pk)
    rows = Anime.objects.listed(shows_hidden=shows_hidden).filter(pk__in=pool)
    if not anime.is_adult:
        rows = rows.filter(is_adult=False)
    members = dict(rows.values_list("pk", "popularity"))
    labels = _labels_of(list(members))
    norm = _norm(own, weights)
    scored = []
    for pk, popularity in members.items():
        alike = _cosine(own, norm, labels[pk], weights) * (1 - RENOWN + RENOWN * min(math.log10(1 + popularity) / 6, 1))
        score = alike + CO_RATING * together.get(pk, 0.0) + RELATION * (relations.get(pk) in _APART)
        scored.append((score, pk))
    scored.sort(key=lambda item: (-item[0], item[1]))
    best = _varied(scored[: limit * 5], limit)
    cards = cards_of([pk for _score, pk in best])
    return [Similar(pk, round(min(score, 1.0), 4), cards[pk]) for score, pk in best if pk in cards]


def _varied(scored: list[tuple[float, int]], limit: int) -> list[tuple[float, int]]:
    """The best `limit` with at most two of one story, so that a long series does not fill the list."""
    ids = [pk for _score, pk in scored]
    story = {pk: pk for pk in ids}

    def head(pk: int) -> int:
        while story[pk] != pk:
            pk = story[pk]
        return pk

    for a, b in Relation.objects.filter(from_anime__in=ids, to_anime__in=ids, kind__in=WALKED).values_list(
        "from_anime_id", "to_anime_id"
    ):
        story[head(a)] = head(b)
    taken: Counter[int] = Counter()
    found = []
    for score, pk in scored:
        taken[head(pk)] += 1
        if taken[head(pk)] <= OF_ONE_STORY:
            found.append((score, pk))
    return found[:limit]


def _read_weights() -> _Weights:
    """idf from three small aggregates."""
    total = max(Anime.objects.count(), 1)
    counts: dict[Key, int] = {}
    for noun, rows in (
        ("g", Anime.genres.through.objects.values_list("genre_id").annotate(n=Count("id"))),
        ("t", AnimeTag.objects.values_list("tag_id").annotate(n=Count("id"))),
        ("s", AnimeStudio.objects.filter(role=StudioRole.STUDIO).values_list("studio_id").annotate(n=Count("id"))),
    ):
        counts.update({(noun, pk): n for pk, n in rows})
    factor = {"g": GENRE, "t": TAG, "s": STUDIO}
    return _Weights({key: factor[key[0]] * math.log(1 + total / n) for key, n in counts.items()})


def _labels_of(anime_ids: list[int]) -> dict[int, dict[Key, float]]:
    """{anime id: {label: fit 0–1}}; three queries."""
    found: dict[int, dict[Key, float]] = defaultdict(dict)
    for pk, label in Anime.genres.through.objects.filter(anime_id__in=anime_ids).values_list("anime_id", "genre_id"):
        found[pk]["g", label] = 1.0
    for pk, label, rank in AnimeTag.objects.filter(anime_id__in=anime_ids).values_list("anime_id", "tag_id", "rank"):
        found[pk]["t", label] = rank / 100
    studios = AnimeStudio.objects.filter(anime_id__in=anime_ids, role=StudioRole.STUDIO)
    for pk, label in studios.values_list("anime_id", "studio_id"):
        found[pk]["s", label] = 1.0
    return found


_SHARING = {
    "g": "SELECT anime_id, genre_id AS label, 'g' AS noun FROM catalog_anime_genres WHERE genre_id IN ({ids})",
    "t": "SELECT anime_id, tag_id AS label, 't' AS noun FROM catalog_animetag WHERE tag_id IN ({ids})",
    "s": "SELECT anime_id, studio_id AS label, 's' AS noun FROM catalog_animestudio "
    "WHERE role = 'studio' AND studio_id IN ({ids})",
}


def _candidates(telling: list[Key], weights: _Weights) -> list[int]:
    """The anime with the most idf in common, members breaking ties; one statement."""
    parts = []
    for noun, statement in _SHARING.items():
        ids = [str(int(pk)) for kind, pk in telling if kind == noun]
        if ids:
            parts.append(statement.format(ids=", ".join(ids)))
    if not parts:
        return []
    cases = " ".join(
        f"WHEN noun = '{kind}' AND label = {int(pk)} THEN {weights.of((kind, pk)):.4f}" for kind, pk in telling
    )
    statement = (
        f"SELECT x.anime_id FROM ({' UNION ALL '.join(parts)}) AS x "  # noqa: S608
        f"JOIN catalog_anime a ON a.id = x.anime_id GROUP BY x.anime_id, a.popularity "
        f"ORDER BY SUM(CASE {cases} ELSE 0 END) DESC, a.popularity DESC LIMIT {CANDIDATES}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return [row[0] for row in cursor.fetchall()]


def _relations(anime_id: int) -> dict[int, str]:
    found: dict[int, str] = {}
    for a, b, kind in Relation.objects.filter(Q(from_anime=anime_id) | Q(to_anime=anime_id)).values_list(
        "from_anime_id", "to_anime_id", "kind"
    ):
        found.setdefault(b if a == anime_id else a, kind)
    return found


def _liked_together(anime_id: int) -> dict[int, float]:
    """{anime id: 0–1} by how many of those who liked this one liked it too, against how many like it anyway.

    Worked out by `co_ratings_register`'s sources where they know the anime, counted here where they do not yet.
    """
    for source in _co_ratings:
        if known := source(anime_id):
            most = max(known.values())
            return {pk: similarity / most for pk, similarity in known.items()}
    fans = Rating.objects.filter(anime_id=anime_id, score__gte=LIKED).order_by("-updated_at").values_list("user_id")
    people = [row[0] for row in fans[:RATERS]]
    if len(people) < 2:
        return {}
    both = (
        Rating.objects.filter(user_id__in=people, score__gte=LIKED)
        .exclude(anime_id=anime_id)
        .values_list("anime_id")
        .annotate(n=Count("id"))
        .filter(n__gte=2)
        .order_by("-n")[:CANDIDATES]
    )
    shared = dict(both)
    likes = dict(
        Rating.objects.filter(anime_id__in=list(shared), score__gte=LIKED)
        .values_list("anime_id")
        .annotate(n=Count("id"))
    )
    return {pk: n / math.sqrt(len(people) * max(likes.get(pk, n), n)) for pk, n in shared.items()}


def _norm(labels: dict[Key, float], weights: _Weights) -> float:
    return math.sqrt(sum((weights.of(key) * fit) ** 2 for key, fit in labels.items())) or 1.0


def _cosine(own: dict[Key, float], norm: float, other: dict[Key, float], weights: _Weights) -> float:
    shared = sum(weights.of(key) ** 2 * fit * other[key] for key, fit in own.items() if key in other)
    return shared / (norm * _norm(other, weights))
