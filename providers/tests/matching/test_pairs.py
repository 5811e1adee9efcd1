"""Real titles of providers against the real records: the goals of matching."""

import gzip
import os
import time
from collections import defaultdict
from pathlib import Path

import orjson
import pytest

from bench.imports import NAMES
from bench.matching import is_tuning, pairs_read, shares
from catalog.facade import AnimeName, NamedAnime, Names, jikan_anime_map, title_fold
from catalog.importing.formats import FORMATS, Mapper
from catalog.importing.reader import Source, entries_read
from catalog.importing.records import BadRecord
from providers.matching.following import Catalogue
from providers.matching.index import Index
from providers.matching.matcher import Matcher
from providers.matching.queries import Query


def records_names(path: Path) -> Names:
    """The names of a file of records, as an import would store them; ids are MAL's."""
    anime, names, relations = {}, [], []
    with gzip.open(path) as lines:
        for line in lines:
            record = jikan_anime_map(orjson.loads(line))
            key = next(int(value) for site, value in record.ids if site == "mal")
            given = record.fields
            anime[key] = NamedAnime(
                key,
                key,
                given.get("kind") or "unknown",
                given.get("year"),
                given.get("episode_count"),
                given.get("popularity") or 0,
            )
            names += [AnimeName(key, title.text, title.kind, title.language) for title in record.titles]
            relations += [(key, relation.mal_id, relation.kind) for relation in record.relations or ()]
    followed = {"sequel", "side_story", "summary", "parent"}
    return Names(anime, names, [one for one in relations if one[2] in followed and one[1] in anime])


def names_added(names: Names, folder: Path) -> Names:
    """What the imports of `bench.imports.NAMES` add to these names."""
    texts: dict[int, set[str]] = defaultdict(set)
    for name in names.names:
        texts[name.anime_id].add(name.text)
    known = {("mal", str(key)): key for key in names.anime}
    added: list[AnimeName] = []
    for form, file in NAMES:
        source = Source(folder / file)
        mapper = Mapper(FORMATS[form], source)
        for entry in entries_read(source, FORMATS[form].read):
            record = mapper.map(entry)
            if isinstance(record, BadRecord) or (key := next(filter(None, map(known.get, record.ids)), None)) is None:
                continue
            known |= dict.fromkeys(record.ids, key)
            for title in record.titles:
                if title.text not in texts[key]:
                    texts[key].add(title.text)
                    added.append(AnimeName(key, title.text, title.kind, title.language))
    return Names(names.anime, [*names.names, *added], names.relations)


def test_shares_are_counted_of_what_they_say() -> None:
    found = shares([(True, "auto"), (False, "auto"), (True, "queue"), (False, "none")])
    assert found == {"top1": 50, "auto": 50, "wrong": 50, "queue": 25, "none": 25}
    assert shares([])["wrong"] == 0


def test_halves_are_halves() -> None:
    assert 4_800 < sum(is_tuning(mal_id) for mal_id in range(10_000)) < 5_200


@pytest.fixture(scope="module")
def names() -> Names:
    return records_names(Path(os.environ["HIROBA_DATA"]) / "jikan" / "anime_full.jsonl.gz")


@pytest.fixture(scope="module")
def matcher(names: Names) -> Matcher:
    return Matcher(Catalogue(Index(names)))


@pytest.mark.data
@pytest.mark.slow
def test_main_titles_of_one_anime_alone_find_it(names: Names, matcher: Matcher) -> None:
    owners: dict[str, set[int]] = defaultdict(set)
    for name in names.names:
        owners[title_fold(name.text).replace(" ", "")].add(name.anime_id)
    own = [
        name
        for name in names.names
        if name.kind == "main" and owners.get(title_fold(name.text).replace(" ", "")) == {name.anime_id}
        if title_fold(name.text)
    ]
    assert len(own) > 26_000
    matches = matcher.match_many(Query(name.text) for name in own)
    is_first = [match.anime_id == name.anime_id for match, name in zip(matches, own, strict=True)]
    auto = [right for right, match in zip(is_first, matches, strict=True) if match.decision == "auto"]
    assert sum(is_first) >= 0.999 * len(own)
    assert sum(auto) >= 0.97 * len(own)
    assert all(auto)


@pytest.mark.data
@pytest.mark.slow
def test_goals_on_real_pairs(names: Names) -> None:
    matcher = Matcher(Catalogue(Index(names_added(names, Path(os.environ["HIROBA_DATA"])))))
    pairs = pairs_read(Path(os.environ["HIROBA_DATA"]) / "providers" / "title-pairs.jsonl.gz")
    queries = [Query(str(pair["provider_title"])) for pair in pairs]
    matcher.match_many(queries[:500])
    began = time.process_time()
    matches = matcher.match_many(queries)
    speed = len(queries) / (time.process_time() - began)
    outcomes = [(match.mal_id == pair["mal_id"], match.decision) for match, pair in zip(matches, pairs, strict=True)]
    every = shares(outcomes)
    held_out = shares([one for one, pair in zip(outcomes, pairs, strict=True) if not is_tuning(int(pair["mal_id"]))])
    assert every["top1"] >= 96
    assert every["auto"] >= 85
    assert every["wrong"] <= 1.5
    assert held_out["auto"] >= 84.5
    assert held_out["wrong"] <= 1.75
    assert abs(every["top1"] - held_out["top1"]) < 1
    assert speed >= 2_000
