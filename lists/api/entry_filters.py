"""What the query string of a list may say: declared names, anything else is refused before (threat 38)."""

from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter

from core.api.pagination import whole_number
from core.errors import ValidationFailed
from lists.models import EntryStatus
from lists.selectors.entries import QUERY_LENGTH, SORTS, EntryQuery

PAGED = frozenset({"page", "page_size"})
SHARED = PAGED | {"status", "q", "tag", "is_favourite", "year", "sort"}
OWN = SHARED | {"is_private"}
LONGEST_TAG, MOST_TAGS = 50, 10
ORDERS = [sign + name for name in SORTS for sign in ("", "-")]

PARAMETERS = [
    OpenApiParameter("status", str, enum=EntryStatus.values),
    OpenApiParameter("q", str, description="Part of any of the anime's titles."),
    OpenApiParameter("tag", str, many=True, description="Repeated: entries that have all of them."),
    OpenApiParameter("is_favourite", bool),
    OpenApiParameter("year", int, description="Of the anime."),
    OpenApiParameter("sort", str, enum=ORDERS, description="“-” turns it round; “-updated” by default."),
    OpenApiParameter("page", int),
    OpenApiParameter("page_size", int, description="1 to 100."),
]
OWN_PARAMETERS = [*PARAMETERS, OpenApiParameter("is_private", bool)]


def entry_query_of(params: QueryDict) -> EntryQuery:
    """The filters and the order of a request; raises `ValidationFailed` (422) naming what cannot be."""
    status, sort, words = params.get("status", ""), params.get("sort") or "-updated", params.get("q", "")
    tags = params.getlist("tag")
    wrong: dict[str, list[str]] = {}
    if status and status not in EntryStatus.values:
        wrong["status"] = [_("One of: %(names)s.") % {"names": ", ".join(EntryStatus.values)}]
    if sort not in ORDERS:
        wrong["sort"] = [_("One of: %(names)s.") % {"names": ", ".join(ORDERS)}]
    if len(words) > QUERY_LENGTH or "\x00" in words:
        wrong["q"] = [_("At most %(limit)s characters.") % {"limit": QUERY_LENGTH}]
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG or "\x00" in tag for tag in tags):
        wrong["tag"] = [_("There is no such tag.")]
    if wrong:
        raise ValidationFailed(wrong)
    return EntryQuery(
        status=status,
        q=words,
        tags=tuple(tags),
        is_favourite=_flag(params, "is_favourite"),
        is_private=_flag(params, "is_private"),
        year=whole_number(params, "year", 0, lowest=1900, highest=2200) or None,
        sort=sort,
    )


def _flag(params: QueryDict, name: str) -> bool | None:
    raw = params.get(name, "")
    if raw not in ("", "true", "false"):
        raise ValidationFailed({name: [_("Yes or no.")]})
    return raw == "true" if raw else None
