"""Lists of episodes as they are told: as the provider has them now, with the places that people gave them."""

import pytest
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from core import generation
from providers.models import EpisodeRedirect, MatchState, ProviderEpisode, ProviderTitle
from providers.selectors.anime import known_by_title
from providers.selectors.anime_documents import known_document
from providers.selectors.listings import listings_of
from providers.services.numbering import numbering_replace
from providers.services.overrides import override_delete, override_set
from providers.tests.factories import ProviderEpisodeFactory, ProviderTitleFactory


def told(title: ProviderTitle) -> list[tuple[str, int | None]]:
    """(label, number of our episode) of each line, as the API tells it."""
    known = known_by_title(None, title.provider.name, title.slug)
    rows = known_document(known)["episodes"][title.provider.name]
    return [(row["label"], row["number"]) for row in rows]


def title_read() -> ProviderTitle:
    title = ProviderTitleFactory(
        anime=AnimeFactory(document=True), match_state=MatchState.AUTO, episodes_at=timezone.now()
    )
    for number in (1, 2):
        ProviderEpisodeFactory(title=title, first=number, last=number, position=number)
    return title


@pytest.mark.django_db
def test_what_a_list_has_no_more_is_not_told() -> None:
    title = title_read()
    ProviderEpisode.objects.filter(title=title, first=1).update(gone_at=timezone.now())
    assert told(title) == [("Episode 2", 2)]
    assert [one.episodes for one in listings_of(title.anime_id)] == [1]


@pytest.mark.django_db(transaction=True)
def test_what_people_say_of_numbers_is_told_at_once() -> None:
    """Without any way to play, too: nothing else of the catalogue changes then."""
    title, staff = title_read(), UserFactory()
    assert told(title) == [("Episode 1", 1), ("Episode 2", 2)]
    row = override_set(actor=staff, title=title, first=1, last=2, anime=title.anime, target_first=13)
    assert told(title) == [("Episode 1", 13), ("Episode 2", 14)]
    override_delete(actor=staff, override=row)
    assert told(title) == [("Episode 1", 1), ("Episode 2", 2)]


@pytest.mark.django_db(transaction=True)
def test_new_mapping_files_are_a_new_generation() -> None:
    before = generation.current()
    numbering_replace(redirects=[])
    assert generation.current() > before
    assert not EpisodeRedirect.objects.exists()
