"""The admin of entries and history: looked at in few queries, nothing private in it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Role
from catalog.tests.factories import AnimeFactory, UserFactory
from lists.models import ListActivity
from lists.services import entry_remove, entry_set

pytestmark = pytest.mark.django_db

PAGES = ("/admin/lists/listentry/", "/admin/lists/listactivity/")


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory.create(role=Role.SUPERADMIN))
    return client


def listed(count: int) -> None:
    for _ in range(count):
        entry_set(user=UserFactory.create(), anime_id=AnimeFactory.create().pk, notes="between us", score=5)


@pytest.mark.parametrize("page", PAGES)
def test_lists_of_any_length_take_the_same_queries(staff: Client, page: str) -> None:
    counts = []
    for _ in range(2):
        listed(3)
        with CaptureQueriesContext(connection) as asked:
            answer = staff.get(page)
        assert answer.status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("page", PAGES)
def test_found_by_person_and_title_and_never_written(staff: Client, page: str) -> None:
    listed(2)
    activity = ListActivity.objects.select_related("user", "anime").first()
    assert activity is not None
    found = staff.get(page, {"q": activity.user.username}).content.decode()
    assert activity.anime.title in found
    assert "between us" not in found
    assert staff.get(page, {"q": "nobody"}).status_code == 200
    assert staff.get(f"{page}add/").status_code == 403


def test_what_is_private_is_not_shown(staff: Client) -> None:
    user, kept, gone = UserFactory.create(), AnimeFactory.create(), AnimeFactory.create()
    for anime in (kept, gone):
        entry_set(user=user, anime_id=anime.pk, is_private=True)
    entry_remove(user=user, anime_id=gone.pk)
    for page in PAGES:
        assert kept.title not in staff.get(page).content.decode()
    assert not ListActivity.objects.filter(kind="removed", changes__is_private__0=False).exists()
    shown = staff.get(PAGES[1], {"kind__exact": "removed"}).content.decode()
    assert gone.title not in shown
