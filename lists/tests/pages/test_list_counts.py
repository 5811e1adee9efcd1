"""The number above the rows of a list is that of all that fit, however it is narrowed and on every page."""

import re

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory
from lists.models import ListEntry

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("query", "count", "shown"),
    [
        ("", 103, 100),
        ("?page=2", 103, 3),
        ("?status=completed", 51, 51),
        ("?q=hoshi", 102, 100),
        ("?q=hoshi&page=2", 102, 2),
        ("?q=hoshi&page=7", 102, 0),
        ("?status=planned&q=%D0%81%D0%96%D0%98%D0%9A", 1, 1),
        ("?q=hoshi&type=movie", 0, 0),
        ("?favourite=1", 1, 1),
    ],
)
def test_counts(client: Client, query: str, count: int, shown: int) -> None:
    user = UserFactory()
    titles = ["ёжик", *(f"HOSHI {number}" for number in range(102))]
    for number, title in enumerate(titles):
        anime = AnimeFactory(title=title, kind="tv")
        status = "completed" if number % 2 else "planned"
        ListEntry.objects.create(user=user, anime=anime, status=status, is_favourite=number == 5)
    documents_rebuild()
    client.force_login(user)
    text = client.get(f"/list{query}").content.decode()
    found = re.search(r'<p class="list-summary[^>]*>\s*<b>([\d,]+)</b>', text)
    assert found is not None
    assert int(found[1]) == count
    assert text.count('<li class="entry"') == shown
