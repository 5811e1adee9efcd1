"""Genres, tags and studios by name, made when an import first meets them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.text import slugify

from catalog.importing.records import AnimeRecord, LabelDraft, StudioDraft
from catalog.models import Genre, Studio, Tag, TagCategory

Draft = LabelDraft | StudioDraft
OneKind = TypeVar("OneKind", LabelDraft, StudioDraft)
_ATTEMPTS = 3


class LabelBook:
    """The ids of all genres, tags and studios by folded name.

    Names identify, not MAL's ids: one id may stand for several names in the files. New labels are committed before the
    batch that uses them, so a batch that fails leaves nothing dangling here.
    """

    def __init__(self) -> None:
        self.genres = _ids(Genre)
        self.tags = _ids(Tag)
        self.studios = _ids(Studio)

    @classmethod
    def of(cls, records: Sequence[AnimeRecord], *, is_open: bool = True) -> "LabelBook":
        """The book of these records' labels alone: three small queries where all are known by these very names, else the
        whole one, with those that were missing made if it `is_open`. The caller holds no transaction.
        """
        book = cls.__new__(cls)
        wanted = [
            {draft.name for record in records for draft in getattr(record, name) or ()}
            for name in ("genres", "tags", "studios")
        ]
        book.genres, book.tags, book.studios = (
            _ids(model, names) for model, names in zip((Genre, Tag, Studio), wanted, strict=True)
        )
        known = (book.genres, book.tags, book.studios)
        if all({name.casefold() for name in names} <= set(ids) for names, ids in zip(wanted, known, strict=True)):
            return book
        return cls._whole(records) if is_open else cls()

    @classmethod
    def _whole(cls, records: Sequence[AnimeRecord]) -> "LabelBook":
        """Of all labels, with those of the records that were missing."""
        for attempt in range(_ATTEMPTS):
            try:
                with transaction.atomic():
                    book = cls()
                    book.labels_create(records)
                return book
            except IntegrityError:
                # Somebody made the same label at the same moment: it is found now.
                if attempt + 1 == _ATTEMPTS:
                    raise
        raise AssertionError

    def known(self, record: AnimeRecord) -> AnimeRecord:
        """The record without labels that the book does not have; a collection of which none is left says nothing."""
        return replace(
            record,
            genres=_those_in(self.genres, record.genres),
            tags=_those_in(self.tags, record.tags),
            studios=_those_in(self.studios, record.studios),
        )

    def labels_create(self, records: Iterable[AnimeRecord]) -> None:
        """Make every label of `records` that is not there yet."""
        genres: dict[str, Draft] = {}
        tags: dict[str, Draft] = {}
        studios: dict[str, Draft] = {}
        for record in records:
            for found, drafts, known in (
                (genres, record.genres, self.genres),
                (tags, record.tags, self.tags),
                (studios, record.studios, self.studios),
            ):
                for draft in drafts or ():
                    folded = draft.name.casefold()
                    if folded not in known:
                        found.setdefault(folded, draft)
        for model, found, known in (
            (Genre, genres, self.genres),
            (Tag, tags, self.tags),
            (Studio, studios, self.studios),
        ):
            if found:
                _create(model, found)
                known.update(_ids(model))

    def genre_id(self, draft: LabelDraft) -> int | None:
        """None only in a dry run, where nothing is made."""
        return self.genres.get(draft.name.casefold())

    def tag_id(self, draft: LabelDraft) -> int | None:
        return self.tags.get(draft.name.casefold())

    def studio_id(self, draft: StudioDraft) -> int | None:
        return self.studios.get(draft.name.casefold())


def _those_in(ids: dict[str, int], drafts: list[OneKind] | None) -> list[OneKind] | None:
    return [draft for draft in drafts or () if draft.name.casefold() in ids] or None


def _ids(model: type[models.Model], names: Collection[str] | None = None) -> dict[str, int]:
    """{folded name: id} of all, or of these names alone."""
    if names is not None and not names:
        return {}
    rows = model._base_manager.order_by("-pk")
    if names is not None:
        rows = rows.filter(name__in=list(names))
    return {name.casefold(): key for key, name in rows.values_list("pk", "name")}


def _create(model: type[models.Model], drafts: dict[str, Draft]) -> None:
    slugs = set(model._base_manager.values_list("slug", flat=True))
    mal_ids = set(model._base_manager.exclude(mal_id=None).values_list("mal_id", flat=True))
    rows = []
    for draft in drafts.values():
        mal_id = draft.mal_id if draft.mal_id not in mal_ids else None
        mal_ids.add(mal_id)
        row = {"name": draft.name, "slug": _slug(model, draft.name, slugs), "mal_id": mal_id}
        if isinstance(draft, LabelDraft):
            row["is_adult"] = draft.is_adult
            if model is Tag:
                row["category"] = draft.category or TagCategory.OTHER
        rows.append(model(**row))
    model._base_manager.bulk_create(rows)


def _slug(model: type[models.Model], name: str, taken: set[str]) -> str:
    base = slugify(name, allow_unicode=model is Studio)[:70] or model._meta.model_name or "label"
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    taken.add(slug)
    return slug
