"""Titles that only somebody's list knows: theirs to keep and to count, nothing to play."""

import pytest

from accounts.tests.factories import UserFactory
from catalog.facade import StubDraft, anime_stubs_create
from lists.access import entries_of
from lists.selectors.entries import EntryQuery, entries_page
from lists.selectors.progress import continue_watching
from lists.services import entry_set, episode_next

pytestmark = pytest.mark.django_db


def test_a_stub_that_is_being_watched_is_on_the_list_and_not_in_continue_watching() -> None:
    user = UserFactory.create()
    (stub,) = anime_stubs_create([StubDraft("Unheard of", (("mal", "901"),), episode_count=3)])
    entry_set(user=user, anime_id=stub, status="watching", episodes_watched=1)
    assert episode_next(user=user, anime_id=stub).state.episodes_watched == 2
    row = entries_page(user, entries_of(user, user), EntryQuery()).rows[0]
    assert (row.entry.anime_id, row.entry.status) == (stub, "watching")
    assert continue_watching(user) == []
    assert episode_next(user=user, anime_id=stub).state.status == "completed"
