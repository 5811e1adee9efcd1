"""The title index on disk: its schema, building and changing it, and fetching the candidates of a query from it.

Knows tantivy and nothing of Django or the database. One document is one name of one anime in one folded form.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import tantivy

from catalog.search.normalise import Key, script_of, title_keys

SCHEMA_VERSION = 3
"""Raise it whenever documents or folding change: an index of another version is built anew."""

HEAD_LENGTH = 4
"""Queries up to this many characters are also looked up as the beginning of a title or of a word."""

CHARACTERS_LENGTH = 10
"""A CJK name is also found by the characters among its first ones, whatever their order."""

_POPULAR_MEMBERS = 4_000_000
# The writer holds this much only while it writes; tantivy refuses less than 15 MB.
_WRITER_BYTES = 30_000_000
# Anime ids start at 1: the document of anime 0 is the index's own state, committed together with what it tells.
_STATE_ANIME = 0
_SEPARATOR = "\n"

try:
    _malloc_trim: Callable[[int], int] | None = ctypes.CDLL(None).malloc_trim
except (OSError, TypeError, AttributeError):
    _malloc_trim = None


@dataclass(frozen=True, slots=True)
class Source:
    """What the index keeps of one anime. `members` counts the people who follow it (its popularity); `is_hidden` also of
    stubs, which only lists know of.
    """

    anime_id: int
    titles: tuple[str, ...]
    members: int = 0
    is_adult: bool = False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """One indexed name that may be what the query means. `prior` is its popularity, 0–1."""

    anime_id: int
    words: str
    title: str
    prior: float


def popularity(members: int) -> float:
    """Members as 0–1 on a logarithmic scale: 0 for none, 1 for the most followed anime there is."""
    return min(1.0, math.log1p(max(0, members)) / math.log1p(_POPULAR_MEMBERS))


def build_schema() -> tantivy.Schema:
    """`grams` and `heads` are looked up; `anime`, `prior`, `season` and flags rank and filter; `name` is re-ranked."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("grams", tokenizer_name="grams", index_option="freq")
    builder.add_text_field("heads", tokenizer_name="heads", index_option="basic")
    builder.add_text_field("characters", tokenizer_name="heads", index_option="basic")
    builder.add_text_field("compact", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("anime", indexed=True, fast=True)
    builder.add_float_field("prior", fast=True)
    builder.add_unsigned_field("season", indexed=True)
    builder.add_boolean_field("adult", indexed=True)
    builder.add_boolean_field("hidden", indexed=True)
    return builder.build()


def open_index(path: Path, *, create: bool = False) -> tantivy.Index:
    """Open the index in folder `path`. Raises ValueError or OSError when it is missing or damaged."""
    index = tantivy.Index(build_schema(), path=str(path), reuse=True) if create else tantivy.Index.open(str(path))
    index.register_tokenizer("grams", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.ngram(2, 3)).build())
    index.register_tokenizer("heads", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    return index


def _heads(words: str) -> Iterator[str]:
    """The first 1–4 characters of the whole title, marked `^`, and of each further word."""
    compact = words.replace(" ", "")
    for length in range(1, min(HEAD_LENGTH, len(compact)) + 1):
        yield "^" + compact[:length]
    for word in words.split(" ")[1:]:
        for length in range(1, min(HEAD_LENGTH, len(word)) + 1):
            yield word[:length]


def _documents(source: Source) -> Iterator[tantivy.Document]:
    seen: set[str] = set()
    prior = popularity(source.members)
    for title in source.titles:
        for key in title_keys(title):
            if key.words in seen:
                continue
            seen.add(key.words)
            document = tantivy.Document()
            document.add_text("grams", key.compact)
            document.add_text("compact", key.compact)
            if script_of(key.compact) == "cjk":
                document.add_text("characters", " ".join(sorted(set(key.compact[:CHARACTERS_LENGTH]))))
            document.add_text("heads", " ".join(_heads(key.words)))
            document.add_text("name", key.words + _SEPARATOR + title)
            document.add_unsigned("anime", source.anime_id)
            document.add_float("prior", prior)
            document.add_unsigned("season", key.season)
            document.add_boolean("adult", source.is_adult)
            document.add_boolean("hidden", source.is_hidden)
            yield document


def write(index: tantivy.Index, *, sources: Iterable[Source], removed: Iterable[int] = (), state: str) -> int:
    """Drop the anime `removed`, add `sources` and keep `state`: in one commit. Returns the number of anime added.

    An anime that changed is in both: adding alone would keep its old names. The caller holds the folder's lock.
    """
    count = 0
    writer = index.writer(heap_size=_WRITER_BYTES, num_threads=1)
    try:
        for anime_id in (*removed, _STATE_ANIME):
            # By query: deletion by term takes a Python int for a signed one and then matches nothing in an unsigned field.
            writer.delete_documents_by_query(tantivy.Query.term_query(index.schema, "anime", anime_id, "basic"))
        for source in sources:
            for document in _documents(source):
                writer.add_document(document)
            count += 1
        writer.add_document(_state_document(state))
        writer.commit()
    except BaseException:
        writer.rollback()
        raise
    finally:
        # Also ends the writer's threads and frees its lock, which an exception's traceback would keep.
        writer.wait_merging_threads()
        del writer
        _release_memory()
    index.reload()
    return count


def _release_memory() -> None:
    """Give freed memory back to the system where the C library can (glibc).

    The writer's short-lived threads each leave an arena behind; without this, forty changes cost 100 MB of residence.
    """
    if _malloc_trim is not None:
        _malloc_trim(0)


def _state_document(state: str) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("anime", _STATE_ANIME)
    document.add_text("name", state)
    return document


def read_state(searcher: tantivy.Searcher, schema: tantivy.Schema) -> str:
    """The `state` of the commit that this snapshot shows; empty when it has none."""
    hits = searcher.search(tantivy.Query.term_query(schema, "anime", _STATE_ANIME), 1, count=False).hits
    return searcher.doc(hits[0][1]).get_first("name") or "" if hits else ""


class Snapshot:
    """One commit of the index, immutable: what a search reads while others may be writing."""

    def __init__(self, index: tantivy.Index) -> None:
        """Raises ValueError or OSError when files of the index are missing or damaged."""
        self._schema = index.schema
        self._searcher = index.searcher()
        self.state = read_state(self._searcher, self._schema)

    def similar(self, keys: list[Key], *, limit: int, adult: bool, hidden: bool) -> list[Candidate]:
        """Names that share 2- and 3-grams with any of `keys`, most alike (BM25) first."""
        grams = {gram for key in keys for gram in _grams(key.compact)}
        should = [(tantivy.Occur.Should, self._term("grams", gram)) for gram in sorted(grams)]
        return self._fetch(should, limit=limit, adult=adult, hidden=hidden) if should else []

    def named(self, compact: str, *, limit: int, adult: bool, hidden: bool) -> list[Candidate]:
        """Names that are exactly this, popular ones first."""
        must = [(tantivy.Occur.Must, self._term("compact", compact))]
        return self._fetch(must, limit=limit, adult=adult, hidden=hidden, popular=True)

    def beginning(self, compact: str, *, limit: int, adult: bool, hidden: bool) -> list[Candidate]:
        """Names that begin, or have a word that begins, with up to four characters; popular ones first."""
        must = [(tantivy.Occur.Must, self._term("heads", compact))]
        return self._fetch(must, limit=limit, adult=adult, hidden=hidden, popular=True)

    def misspelt(
        self, compact: str, *, edits: int, is_prefix: bool, limit: int, adult: bool, hidden: bool
    ) -> list[Candidate]:
        """Names (or, with `is_prefix`, names with a beginning) at most `edits` (1 or 2) from `compact`, popular ones first.

        For short queries, where one slip leaves hardly an n-gram whole.
        """
        term = tantivy.Query.fuzzy_term_query(self._schema, "compact", compact, edits, True, is_prefix)
        return self._fetch([(tantivy.Occur.Must, term)], limit=limit, adult=adult, hidden=hidden, popular=True)

    def containing(self, compact: str, *, limit: int, adult: bool, hidden: bool) -> list[Candidate]:
        """CJK names that have all characters of `compact`, or all but one, among their first ten, in any order."""
        characters = sorted(set(compact))
        should = [(tantivy.Occur.Should, self._term("characters", character)) for character in characters]
        query = tantivy.Query.boolean_query(should, max(1, len(characters) - 1))
        return self._fetch([(tantivy.Occur.Must, query)], limit=limit, adult=adult, hidden=hidden)

    def of_season(self, season: int, *, limit: int, adult: bool, hidden: bool) -> list[Candidate]:
        """Names marked as the given season of something, popular ones first."""
        must = [(tantivy.Occur.Must, self._term("season", season))]
        return self._fetch(must, limit=limit, adult=adult, hidden=hidden, popular=True)

    def _term(self, field: str, value: str | int | bool) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, value, "freq" if field == "grams" else "basic")

    def _fetch(
        self,
        clauses: list[tuple[tantivy.Occur, tantivy.Query]],
        *,
        limit: int,
        adult: bool,
        hidden: bool,
        popular: bool = False,
    ) -> list[Candidate]:
        for field, is_included in (("adult", adult), ("hidden", hidden)):
            if not is_included:
                clauses.append((tantivy.Occur.MustNot, self._term(field, True)))
        query = tantivy.Query.boolean_query(clauses)
        order = "prior" if popular else None
        hits = self._searcher.search(query, limit, count=False, order_by_field=order).hits
        addresses = [address for _, address in hits]
        ids = self._searcher.fast_field_values("anime", addresses)
        priors = self._searcher.fast_field_values("prior", addresses)
        found = []
        for address, anime_id, prior in zip(addresses, ids, priors, strict=True):
            words, _, title = str(self._searcher.doc(address).get_first("name")).partition(_SEPARATOR)
            found.append(Candidate(int(anime_id or 0), words, title, float(prior or 0)))
        return found


def _grams(compact: str) -> Iterator[str]:
    for size in (2, 3):
        for start in range(len(compact) - size + 1):
            yield compact[start : start + size]
