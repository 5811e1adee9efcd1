"""What is written in a format is read again as the same list, and written again as the same file."""

import io
from dataclasses import replace

import pytest

from catalog.models import Anime, ExternalId
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.dates import partial_date_parts
from lists.exporting import FORMATS
from lists.exporting.formats import ListFormat
from lists.importing.fields import score_written
from lists.models import ListEntry
from lists.services.import_shell import list_bring
from lists.services.states import FIELDS, EntryState
from lists.services.stored_states import states_of, states_store
from lists.tests.importing.roundtrip import EXTRAS, PRECISE, STATES, content_of, exported, list_fill, read_back

pytestmark = pytest.mark.django_db
ALL = pytest.mark.parametrize("format", FORMATS.values(), ids=lambda found: found.code)
_LEAST = {"anilist": 1, "kitsu": 10}
"""0 is "no score" there, and Kitsu's worst rating is 2 of 20."""
_SITES = {"hiroba": "mal", "shiki_xml": "shikimori", "yamtrack": "mal"}


def said_of(state: EntryState, format: ListFormat) -> dict:
    """What the format can say of a state, as it says it."""
    values = {name: getattr(state, name) for name in format.said}
    if format.score_step > 1 and state.score is not None:
        values["score"] = score_written(state.score, step=format.score_step) * format.score_step
    if state.score == 0 and format.code in _LEAST:
        values["score"] = _LEAST[format.code]
    for name in {"started_on", "finished_on"} & values.keys():
        if not format.has_partial_dates and None in partial_date_parts(values[name]):
            values[name] = ""
    if format.code == "mal":
        values["tags"] = tuple(sorted({tag.replace(",", ";") for tag in values["tags"]}))
    return values


@ALL
def test_each_entry_is_read_as_it_was_written(format: ListFormat) -> None:
    user = UserFactory()
    anime = list_fill(user, (*STATES, *PRECISE))
    found = read_back(exported(user, format.code))
    assert (found.format, len(found.records)) == (format.code, len(anime))
    assert {bad.reason for bad in found.bad} <= ({"duplicate"} if format.code == "yamtrack" else set())
    by_title = {record.title: record for record in found.records}
    site = _SITES.get(format.code, format.code)
    for row, state in zip(anime, (*STATES, *PRECISE), strict=True):
        record = by_title[row.title]
        assert record.said == format.said
        assert {name: getattr(record.state, name) for name in format.said} == said_of(state, format)
        assert record.state == replace(EntryState(), **said_of(state, format))
        assert dict(record.ids)[site] == ExternalId.objects.get(anime=row, site=site).value


def imported(user, records) -> None:
    """Into an empty account, as an import that takes everything does it."""
    for record in records:
        anime_id = _anime_of(record)
        state = EntryState(**{name: getattr(record.state, name) for name in FIELDS if name in record.said})
        states_store(user, {anime_id: (None, state)})
        times = {"created_at": record.created_at, "updated_at": record.updated_at}
        given = {name: value for name, value in times.items() if value}
        ListEntry.objects.filter(user=user, anime_id=anime_id).update(extras=record.extras, **given)


def _anime_of(record) -> int:
    for site, value in record.ids:
        found = ExternalId.objects.filter(site=site, value=value).values_list("anime_id", flat=True).first()
        if found:
            return found
    return Anime.objects.get(title=record.title).pk


@ALL
def test_export_import_export_is_the_same(format: ListFormat) -> None:
    user, other = UserFactory(), UserFactory()
    list_fill(user, (*STATES, *PRECISE))
    first = exported(user, format.code)
    assert first == exported(user, format.code)
    imported(other, read_back(first).records)
    second = exported(other, format.code)
    has_times = format.code in ("hiroba", "anilist", "kitsu")
    assert content_of(format.code, second, has_times=has_times) == content_of(format.code, first, has_times=has_times)


@ALL
def test_nothing_is_lost_that_the_site_has_no_anime_for(format: ListFormat) -> None:
    user, other = UserFactory(), UserFactory()
    anime = list_fill(user, (*STATES, *PRECISE))
    sites = format.sites or ("mal",)
    ExternalId.objects.filter(anime__in=anime[2:5], site__in=sites).delete()
    first = exported(user, format.code)
    found = read_back(first)
    assert len(found.records) == len(anime)
    imported(other, found.records)
    assert content_of(format.code, exported(other, format.code)) == content_of(format.code, first)


def test_our_own_format_holds_the_whole_state() -> None:
    user, other = UserFactory(), UserFactory()
    list_fill(user, (*STATES, *PRECISE))
    imported(other, read_back(exported(user, "hiroba")).records)
    mine, theirs = (list(ListEntry.objects.filter(user=who).order_by("anime_id")) for who in (user, other))
    assert states_of(user, mine) == states_of(other, theirs)
    columns = ("anime_id", "extras", "created_at", "updated_at")
    assert [[getattr(row, name) for name in columns] for row in mine] == [
        [getattr(row, name) for name in columns] for row in theirs
    ]


@pytest.mark.parametrize("name", EXTRAS)
def test_what_the_site_knew_besides_goes_back(name: str) -> None:
    user = UserFactory()
    list_fill(user)
    found = read_back(exported(user, name))
    assert [record.extras for record in found.records if record.extras] == [{name: EXTRAS[name]}]


@ALL
def test_anime_that_share_their_only_number_or_their_title_stay_apart(format: ListFormat) -> None:
    """Bangumi counts some seasons as one, and two shows may be called alike: an empty account gets the same anime."""
    user, other = UserFactory(), UserFactory()
    seasons = [AnimeFactory(title=title) for title in ("Sword Mountain", "Sword Mountain: Feast of Stars")]
    namesakes = [AnimeFactory(title="Namesake") for _ in range(2)]
    for anime, site, value in zip(
        (*seasons, *namesakes), ("bangumi", "bangumi", "anidb", "anidb"), ("146861", "146861", "7", "8"), strict=True
    ):
        ExternalId.objects.create(anime=anime, site=site, value=value)
    for number, anime in enumerate((*seasons, *namesakes)):
        states_store(user, {anime.pk: (None, EntryState(status="watching", episodes_watched=number))})
    data, reports = exported(user, format.code), []
    list_bring(
        user=other,
        file=io.BytesIO(data),
        file_name="",
        format="auto",
        rule="newest",
        is_dry=False,
        report=lambda found: reports.append(found.counts),
    )
    assert (reports[0]["new"], reports[0]["unknown"], reports[0]["error"]) == (4, 0, 0)
    counts = dict(ListEntry.objects.filter(user=other).values_list("anime_id", "episodes_watched"))
    assert counts == {anime.pk: number for number, anime in enumerate((*seasons, *namesakes))}
    assert content_of(format.code, exported(other, format.code)) == content_of(format.code, data)


@pytest.mark.parametrize("code", ["mal", "shiki_xml"])
@pytest.mark.parametrize("notes", ["\x01 edge \x02", "\ufffe\n]]> edge", "&# \x08"])
def test_what_xml_cannot_hold_leaves_no_trace(code: str, notes: str) -> None:
    """White space that stood behind a sign left out would be gone at the next reading: two exports would differ."""
    user, other = UserFactory(), UserFactory()
    list_fill(user, [EntryState(status="watching", notes=notes)])
    first = exported(user, code)
    imported(other, read_back(first).records)
    assert content_of(code, exported(other, code)) == content_of(code, first)


def test_entries_that_xml_carries_as_ours_lose_nothing_at_all() -> None:
    user = UserFactory()
    list_fill(user, [EntryState(status="watching", notes="\x01 a \ufffe--&#1; \uffff")], site_ids=False)
    assert read_back(exported(user, "mal")).records[0].state.notes == "\x01 a \ufffe--&#1; \uffff"
