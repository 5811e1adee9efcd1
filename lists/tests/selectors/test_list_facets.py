"""What a list can be narrowed by follows the list and the catalogue, and is worked out anew only when one of them changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory, GenreFactory
from core import generation
from lists.access import entries_of
from lists.models import ListEntry
from lists.selectors.list_facets import Facets, facets_of


def queries_of(user: object) -> tuple[Facets, int]:
    with CaptureQueriesContext(connection) as captured:
        found = facets_of(entries_of(user, user))  # type: ignore[arg-type]
    return found, len(captured)


@pytest.mark.django_db(transaction=True)
def test_kinds_years_and_genres_are_kept_until_the_list_or_the_catalogue_changes() -> None:
    user, other = UserFactory(), UserFactory()
    action, drama, adult = (GenreFactory(slug=name, name=name.title()) for name in ("action", "drama", "adult"))
    adult.is_adult = True
    adult.save()
    first = AnimeFactory(kind="tv", year=2001, genres=[action, adult])
    second = AnimeFactory(kind="movie", year=None, genres=[action, drama])
    for anime in (first, second):
        ListEntry.objects.create(user=user, anime=anime)
    wanted = Facets(["movie", "tv"], [2001], [("action", "Action", 2), ("drama", "Drama", 1)], [])
    assert queries_of(user) == (wanted, 4)
    assert queries_of(user) == (wanted, 2)
    ListEntry.objects.create(user=other, anime=second)
    assert queries_of(other)[0].genres == [("action", "Action", 1), ("drama", "Drama", 1)]
    ListEntry.objects.filter(user=user, anime=second).update(status="completed")
    assert queries_of(user) == (wanted, 2)
    ListEntry.objects.filter(user=user, anime=second).delete()
    assert queries_of(user)[0] == Facets(["tv"], [2001], [("action", "Action", 1)], [])
    first.year = 1999
    first.save()
    generation.bump()
    assert queries_of(user)[0].years == [1999]


@pytest.mark.django_db
def test_ones_own_list_shows_what_was_hidden_and_others_do_not_see_it() -> None:
    user, other = UserFactory(), UserFactory()
    shown, hidden = AnimeFactory(kind="tv"), AnimeFactory(kind="ova", visibility="hidden")
    for anime in (shown, hidden):
        ListEntry.objects.create(user=user, anime=anime)
    assert facets_of(entries_of(user, user)).kinds == ["ova", "tv"]
    assert facets_of(entries_of(other, user)).kinds == ["tv"]
