"""What the files look like: what is left out is told, nothing runs, nothing breaks them."""

import csv
import io

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import ExternalId
from catalog.tests.factories import AnimeFactory, UserFactory
from core.errors import ValidationFailed
from lists.exporting import FORMATS, list_write
from lists.selectors.exports import export_outlooks
from lists.services.states import EntryState
from lists.services.stored_states import states_store
from lists.tests.importing.roundtrip import STATES, exported, list_fill, read_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory()


def test_an_unknown_format_is_refused(user) -> None:
    with pytest.raises(ValidationFailed):
        list_write(user=user, format="xlsx")


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_list_is_a_list(user, format: str) -> None:
    data = exported(user, format)
    assert read_back(data).records == ()
    assert read_back(data).bad == ()


def test_entries_without_an_id_there_are_named_at_the_end(user) -> None:
    list_fill(user, STATES[:2])
    anime = AnimeFactory(title="Only -- here --")
    states_store(user, {anime.pk: (None, EntryState(status="watching"))})
    mal = exported(user, "mal").decode()
    assert mal.index("Only") > mal.rindex("</anime>")
    assert orjson.loads(exported(user, "anilist"))["x_hiroba"]["without_id"][0]["title"] == anime.title
    assert orjson.loads(exported(user, "kitsu"))["meta"]["x_hiroba"]["without_id"][0]["anime_id"] == anime.pk
    assert orjson.loads(exported(user, "shikimori"))[-1]["target_id"] is None
    for code in FORMATS:
        last = read_back(exported(user, code)).records[-1]
        assert (last.title, last.ids, last.state.status) == (anime.title, (), "watching")
    outlook = {found.format.code: (found.entries, found.without_id) for found in export_outlooks(user)}
    assert outlook == {code: (3, 0 if code == "hiroba" else 1) for code in FORMATS}


def test_an_id_that_two_anime_share_is_written_once(user) -> None:
    first, second = list_fill(user, STATES[:2])
    ExternalId.objects.filter(anime=second, site="anilist").delete()
    shared = ExternalId.objects.get(anime=first, site="anilist").value
    ExternalId.objects.create(anime=second, site="anilist", value=shared)
    found = read_back(exported(user, "anilist"))
    assert [dict(record.ids)["mal"] for record in found.records] == ["100", "101"]
    assert found.bad == ()
    assert [row.without_id for row in export_outlooks(user) if row.format.code == "anilist"] == [1]


def test_private_entries_and_hidden_anime_are_their_persons_own(user) -> None:
    anime = AnimeFactory(mal_id=7, hidden=True)
    states_store(user, {anime.pk: (None, EntryState(status="completed", is_private=True))})
    for code in ("hiroba", "mal", "shikimori", "shiki_xml", "yamtrack"):
        assert len(read_back(exported(user, code)).records) == 1, code


def test_nobody_elses_entries(user) -> None:
    list_fill(UserFactory())
    assert read_back(exported(user, "hiroba")).records == ()


def test_cells_do_not_run(user) -> None:
    list_fill(user)
    rows = list(csv.reader(io.StringIO(exported(user, "yamtrack").decode(), newline="")))
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_as_many_queries_for_more_entries(user) -> None:
    list_fill(user, STATES[:1])
    counts = []
    for first_id in (200, 300):
        with CaptureQueriesContext(
            connection,
        ) as found:
            exported(user, "mal")
            export_outlooks(user)
        counts.append(len(found))
        list_fill(user, STATES, first_id=first_id)
    assert counts[0] == counts[1] <= 10
