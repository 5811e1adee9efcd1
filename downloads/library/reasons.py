"""Why a file is taken for an episode, or only may be it: codes, and what they mean to people."""

from django.utils.translation import gettext_lazy as _

REASONS = {
    "id": _("an id in an NFO file"),
    "title_same": _("the same title"),
    "title_like": _("a similar title"),
    "title_shared": _("several anime are called so"),
    "year_same": _("the year fits"),
    "year_differs": _("another year"),
    "season_named": _("the season is in its title"),
    "season_tvdb": _("TheTVDB counts it so"),
    "season_sequel": _("the sequel of the first season"),
    "season_unknown": _("the season was not found"),
    "counted_on": _("the number counts on through the seasons"),
    "length_unknown": _("its number of episodes is not known"),
    "beyond": _("it has not so many episodes"),
    "no_number": _("no number of an episode"),
    "special_tvdb": _("a special by TheTVDB's number"),
    "kind_known": _("the catalogue has such a special"),
    "kind_unknown": _("no such special in the catalogue"),
    "film": _("a film, or a single episode"),
    "list_locked": _("the list of its episodes is locked, and this one is not in it"),
    "name_odd": _("its name has characters that cannot be served"),
    "span_odd": _("too many episodes for one file"),
}


def reasons_text(codes: str) -> list[str]:
    """What the codes of a suggestion (parted by spaces) mean, in the language of this moment; unknown ones are left out."""
    return [str(REASONS[code]) for code in codes.split() if code in REASONS]
