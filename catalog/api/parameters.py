"""The query parameters of the catalogue's endpoints, and what they may answer beside the usual, for the schema."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from catalog.filters import SORTS
from catalog.filters.anime import ADULT
from catalog.filters.registry import filters
from catalog.filters.sorts import RELEVANCE

ADULT_ANSWER = {"403": "Adult titles, and the account does not show them"}
HIDDEN_ANSWER = {"410": "Taken down"}
RESTRICTED_ANSWER = {**HIDDEN_ANSWER, "403": "Cannot be played here, with the reason"}


def _parameter(
    name: str, schema: Any, description: str = "", *, required: bool = False, **more: Any
) -> OpenApiParameter:
    return OpenApiParameter(name, schema, description=description, required=required, **more)


def _whole(lowest: int, highest: int) -> dict[str, Any]:
    return {"type": "integer", "minimum": lowest, "maximum": highest}


PAGES = [_parameter("page", _whole(1, 1_000_000)), _parameter("page_size", _whole(1, 100), "Default 20.")]
CURSOR = _parameter("cursor", OpenApiTypes.STR, "A cursor of `next` or `previous`; empty to begin a walk by key.")
LIMIT = _parameter("limit", _whole(1, 50), "Default 20.")
ADULT_PARAMETER = _parameter(
    "adult", {"type": "string", "enum": list(ADULT)}, "With adult titles, or only those; for accounts that show them."
)
ADULT_FLAG = _parameter("adult", OpenApiTypes.BOOL, "With adult titles; for accounts that show them.")
SEARCH = [_parameter("q", OpenApiTypes.STR, "What to look for."), ADULT_FLAG]
CALENDAR = [
    _parameter("from", OpenApiTypes.DATE, "The first day; today when left out."),
    _parameter("days", _whole(1, 31), "Default 7."),
    _parameter("tz", OpenApiTypes.STR, "The IANA time zone that days are counted in; UTC when left out."),
    ADULT_FLAG,
]
TRANSLATION = _parameter("translation_id", OpenApiTypes.STR, "The translation; empty is the fallback of all.")
COPY = [
    _parameter(
        "from", OpenApiTypes.STR, "The translation to copy from; may be empty.", required=True, allow_blank=True
    ),
    _parameter("to", OpenApiTypes.STR, "The translation to copy to; may be empty.", required=True, allow_blank=True),
]


def list_parameters() -> list[OpenApiParameter]:
    """Every filter and order of the list of anime, those that other apps added included."""
    found = [_of_filter(described) for item in filters() for described in item.schema()]
    return [
        _parameter("q", OpenApiTypes.STR, "Only what a search for this finds."),
        *found,
        ADULT_PARAMETER,
        _parameter("sort", {"type": "string", "enum": [*SORTS, RELEVANCE]}, "Default popularity; relevance with `q`."),
        _parameter("order", {"type": "string", "enum": ["asc", "desc"]}, "Default: the direction people expect."),
        _parameter("seed", _whole(0, 999_999_999), "Of `sort=random`; the day decides when it is left out."),
    ]


def _of_filter(described: dict[str, Any]) -> OpenApiParameter:
    more = {key: described[key] for key in ("explode", "style") if key in described}
    return _parameter(described["name"], described["schema"], described.get("description", ""), **more)
