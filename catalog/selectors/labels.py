"""Genres, tags and studios by their slugs: small tables that filters and chips look things up in."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.models import Genre, Studio, Tag
from core.generation_memo import GenerationMemo


@dataclass(frozen=True, slots=True)
class Label:
    """A genre, tag or studio."""

    id: int
    slug: str
    name: str
    is_adult: bool = False


_MODELS = {"genre": Genre, "tag": Tag, "studio": Studio}
_memo: GenerationMemo[dict[str, Label]] = GenerationMemo(size=len(_MODELS))


def labels_by_slug(noun: str) -> Mapping[str, Label]:
    """All labels of "genre", "tag" or "studio" by slug; one query a generation."""

    def read() -> dict[str, Label]:
        fields = ["id", "slug", "name"] + ([] if noun == "studio" else ["is_adult"])
        return {row[1]: Label(*row) for row in _MODELS[noun]._default_manager.values_list(*fields)}

    return _memo.get(noun, read)
