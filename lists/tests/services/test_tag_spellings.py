"""Tags of a person are one however they are spelled, in the spelling that was used first; others' spellings are theirs."""

import io
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.facade import anime_merge
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from core.jobs.services import job_run
from lists.access import get_list
from lists.models import EntryTag, ListActivity, ListEntry, ListImport
from lists.selectors.entries import tags_of
from lists.selectors.list_facets import facets_of
from lists.selectors.statistics import list_statistics
from lists.services import activity_undo, batch_undo, entries_change, entry_remove, entry_set
from lists.services.imports import import_apply, import_start, import_undo
from lists.tag_keys import tag_key
from lists.tests.importing.mal_files import mal_file

pytestmark = pytest.mark.django_db
fold = import_module("lists.migrations.0008_tags_in_any_case").fold


@pytest.fixture
def user() -> User:
    return UserFactory.create(username="keeper", activity_visibility="everyone")


@pytest.fixture
def anime() -> list[Anime]:
    return [AnimeFactory.create(document=True, mal_id=number) for number in (1, 2, 3)]


def spelled(user: User, anime: Anime) -> list[str]:
    tags = EntryTag.objects.filter(entry__user=user, entry__anime=anime).order_by("name")
    assert all(tag.key == tag_key(tag.name) for tag in tags)
    return [tag.name for tag in tags]


def brought(user: User, lines: list[dict], rule: str = "theirs") -> ListImport:
    """An import that was read and applied."""
    found = import_start(user=user, file=io.BytesIO(mal_file(lines)), file_name="list.xml")
    job_run(job_id=found.job_id)
    found.refresh_from_db()
    return done(import_apply(list_import=found, rule=rule))


def done(found: ListImport) -> ListImport:
    job_run(job_id=found.job_id)
    found.refresh_from_db()
    return found


@pytest.mark.parametrize(
    ("one", "other"), [("Winter", "winter"), ("Зима", "зИМА"), ("Straße", "STRASSE"), ("Café", "CAFE\u0301")]
)
def test_the_same_letters_are_one_tag(user: User, anime: list[Anime], one: str, other: str) -> None:
    entry_set(user=user, anime_id=anime[0].pk, tags=[one])
    entry_set(user=user, anime_id=anime[1].pk, tags=[other, one])
    assert spelled(user, anime[1]) == [one]
    assert tags_of(user) == [(one, 2)]
    stranger = UserFactory.create()
    entry_set(user=stranger, anime_id=anime[0].pk, tags=[other])
    assert spelled(stranger, anime[0]) == [other]


def test_another_spelling_changes_nothing(user: User, anime: list[Anime]) -> None:
    entry_set(user=user, anime_id=anime[0].pk, tags=["Winter", "cosy"])
    assert entry_set(user=user, anime_id=anime[0].pk, tags=["winter", "COSY"]).activity is None
    entry_set(user=user, anime_id=anime[0].pk, tags=[])
    entry_set(user=user, anime_id=anime[0].pk, tags=["WINTER"])
    assert spelled(user, anime[0]) == ["WINTER"]


def test_the_database_holds_each_once(user: User, anime: list[Anime]) -> None:
    entry = entry_set(user=user, anime_id=anime[0].pk, tags=["Winter"]).entry
    with pytest.raises(IntegrityError), transaction.atomic():
        EntryTag.objects.create(entry=entry, name="winter", key=tag_key("winter"))


def test_bulk_edits(user: User, anime: list[Anime]) -> None:
    ids = [one.pk for one in anime]
    entry_set(user=user, anime_id=ids[0], tags=["Winter"])
    for key in ids[1:]:
        entry_set(user=user, anime_id=key)
    done = entries_change(user=user, anime_ids=ids, source="site", add_tags=["winter", "New"])
    assert [spelled(user, one) for one in anime] == [["New", "Winter"]] * 3
    batch_undo(user=user, batch=done.batch)
    assert [spelled(user, one) for one in anime] == [["Winter"], [], []]
    assert entries_change(user=user, anime_ids=ids, source="site", remove_tags=["WINTER"]).changed == 1
    assert not EntryTag.objects.exists()


def test_imports_take_the_spelling_that_is_there_or_their_own_first(user: User, anime: list[Anime]) -> None:
    entry_set(user=user, anime_id=anime[0].pk, tags=["Winter"])
    lines = [
        {"id": 1, "tags": "winter"},
        {"id": 2, "tags": "WINTER, Summer, summer"},
        {"id": 3, "tags": "sUMMER"},
    ]
    found = brought(user, lines)
    assert found.rows.get(position=1).outcome == "same"
    assert [spelled(user, one) for one in anime] == [["Winter"], ["Summer", "Winter"], ["Summer"]]
    done(import_undo(list_import=found))
    assert list(ListEntry.objects.values_list("anime_id", flat=True)) == [anime[0].pk]
    assert spelled(user, anime[0]) == ["Winter"]


def test_filters_facets_and_statistics_know_one_folder(user: User, anime: list[Anime]) -> None:
    for one, tag in zip(anime, ("Winter", "winter", "b"), strict=True):
        entry_set(user=user, anime_id=one.pk, tags=[tag])
    client = Client()
    client.force_login(user)
    for asked in ("winter", "Winter", "WINTER"):
        assert client.get(f"/api/v1/anime-list?tag={asked}").json()["count"] == 2
    assert client.get("/api/v1/anime-list/tags").json() == [{"name": "Winter", "count": 2}, {"name": "b", "count": 1}]
    found = get_list(user, "keeper")
    assert facets_of(found.entries).tags == [("Winter", 2), ("b", 1)]
    assert list_statistics(user, found, zone=ZoneInfo("UTC")).own_tags == [("Winter", 2), ("b", 1)]
    html = text_of(client.get("/list?tag=winter"))
    assert anime[1].title in html
    assert anime[2].title not in html


class TestUndo:
    def test_of_lines_that_spell_it_otherwise(self, user: User, anime: list[Anime]) -> None:
        """What history wrote before tags became one."""
        activity = entry_set(user=user, anime_id=anime[0].pk, tags=["Winter"]).activity
        assert activity is not None
        ListActivity.objects.filter(pk=activity.pk).update(
            changes={"status": [None, "planned"], "tags": [[], ["winter"]]}
        )
        activity_undo(user=user, activity_id=activity.pk)
        assert not ListEntry.objects.exists()

    def test_brings_back_the_spelling_of_today(self, user: User, anime: list[Anime]) -> None:
        entry_set(user=user, anime_id=anime[0].pk, tags=["winter"])
        removal = entry_remove(user=user, anime_id=anime[0].pk)
        entry_set(user=user, anime_id=anime[1].pk, tags=["Winter"])
        assert removal is not None
        activity_undo(user=user, activity_id=removal.pk)
        assert spelled(user, anime[0]) == ["Winter"]


def test_merged_anime_keep_each_tag_once(user: User, anime: list[Anime]) -> None:
    entry_set(user=user, anime_id=anime[0].pk, tags=["Winter", "a"])
    entry_set(user=user, anime_id=anime[1].pk, tags=["winter", "b"])
    anime_merge(actor=None, keep=anime[0], duplicate=anime[1])
    assert spelled(user, anime[0]) == ["Winter", "a", "b"]


class TestOldRows:
    def old(self, user: User, anime: Anime, *names: str) -> None:
        """Tags as an older release wrote them."""
        entry = ListEntry.objects.create(user=user, anime=anime)
        for name in names:
            EntryTag.objects.create(entry=entry, name=name)

    def test_are_folders_of_their_own_until_they_are_merged(self, user: User, anime: list[Anime]) -> None:
        self.old(user, anime[0], "Winter", "winter")
        assert tags_of(user) == [("Winter", 1), ("winter", 1)]
        found = get_list(user, "keeper").entries
        assert found.filter(pk__in=EntryTag.objects.called("Winter").values("entry")).count() == 1

    def test_become_one_in_the_spelling_used_first(self, user: User, anime: list[Anime]) -> None:
        self.old(user, anime[0], "winter", "Winter", "b")
        self.old(user, anime[1], "WINTER", "B", "Зима")
        self.old(UserFactory.create(), anime[1], "WINTER")
        self.old(user, anime[2], "зима")
        for _again in range(2):
            fold(apps)
            assert [spelled(user, one) for one in anime] == [["b", "winter"], ["b", "winter", "Зима"], ["Зима"]]
            assert tags_of(user) == [("b", 2), ("winter", 2), ("Зима", 2)]
        assert EntryTag.objects.filter(name="WINTER").count() == 1
