"""What a list can be written as, and what each format leaves out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.facade import User
from catalog.facade import Site
from lists.exporting import anilist, hiroba, kitsu, mal_xml, shikimori, yamtrack
from lists.services.states import FIELDS

_ALL = frozenset(FIELDS)
_BASIC = frozenset({"status", "score", "episodes_watched", "rewatch_count", "notes"})
_DATES = frozenset({"started_on", "finished_on"})


@dataclass(frozen=True, slots=True)
class ListFormat:
    """`sites` are whose ids it needs, the first that there is (none: ours). `said` are the fields of `EntryState` that it can
    express, `score_step` the steps its scores have on our 0–100, `has_partial_dates` whether "2024-05" can be said.
    """

    code: str
    label: str | Promise
    extension: str
    media_type: str
    write: Callable[[User], Iterator[bytes]]
    sites: tuple[str, ...]
    said: frozenset[str]
    score_step: int = 1
    has_partial_dates: bool = True
    hint: str | Promise = ""

    @property
    def unsaid(self) -> tuple[str, ...]:
        """The fields that are lost in it."""
        return tuple(name for name in FIELDS if name not in self.said)


_KNOWN = (
    ListFormat(
        code="hiroba",
        label=_("Hiroba (JSON)"),
        extension="json",
        media_type="application/json",
        write=hiroba.write,
        sites=(),
        said=_ALL,
        hint=_("Everything: for a copy to keep, and for another Hiroba."),
    ),
    ListFormat(
        code="mal",
        label=_("MyAnimeList (XML)"),
        extension="xml",
        media_type="application/xml",
        write=mal_xml.write,
        sites=mal_xml.SITES_MAL,
        said=_BASIC | _DATES | {"tags"},
        score_step=10,
        hint=_("Taken by MyAnimeList, AniList, Kitsu, Shikimori and most others."),
    ),
    ListFormat(
        code="anilist",
        label=_("AniList (JSON)"),
        extension="json",
        media_type="application/json",
        write=anilist.write,
        sites=(Site.ANILIST.value,),
        said=_ALL - {"is_favourite"},
        hint=_("As AniList's API answers; tags are its custom lists."),
    ),
    ListFormat(
        code="kitsu",
        label=_("Kitsu (JSON)"),
        extension="json",
        media_type="application/json",
        write=kitsu.write,
        sites=(Site.KITSU.value,),
        said=_BASIC | _DATES | {"is_private"},
        score_step=5,
        has_partial_dates=False,
        hint=_("As Kitsu's API answers."),
    ),
    ListFormat(
        code="shikimori",
        label=_("Shikimori (JSON)"),
        extension="json",
        media_type="application/json",
        write=shikimori.write,
        sites=mal_xml.SITES_SHIKIMORI,
        said=_BASIC,
        score_step=10,
    ),
    ListFormat(
        code="shiki_xml",
        label=_("Shikimori (XML)"),
        extension="xml",
        media_type="application/xml",
        write=mal_xml.write_shikimori,
        sites=mal_xml.SITES_SHIKIMORI,
        said=_BASIC,
        score_step=10,
    ),
    ListFormat(
        code="yamtrack",
        label=_("Yamtrack (CSV)"),
        extension="csv",
        media_type="text/csv",
        write=yamtrack.write,
        sites=mal_xml.SITES_MAL,
        said=_BASIC | _DATES,
        has_partial_dates=False,
        hint=_("A table; each rewatch is a row."),
    ),
)
FORMATS: dict[str, ListFormat] = {found.code: found for found in _KNOWN}
