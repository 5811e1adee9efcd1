"""What an enrichment costs: rows are loaded once, episodes are placed once."""

import sys
from collections import Counter

import pytest

from catalog.tests.factories import AnimeFactory
from core.models import JobState
from providers.enriching import searching
from providers.models import MatchState, Provider, ProviderEpisode
from providers.services import episodes, matching
from providers.services.enrichment import enrichment_request
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from providers.tests.pipeline.conftest import World, page, run
from tests.query_counts import assert_queries


def test_an_anime_with_a_search_for_it(world: World) -> None:
    row = enrichment_request(key_of=world.anime)
    with assert_queries("providers/enrichment of an anime"):
        job = run(row)
    assert job.state == JobState.DONE


def test_a_title_that_becomes_its_anime_on_the_way(world: World) -> None:
    row = enrichment_request(key_of=ProviderTitleFactory(provider=world.two, slug="hoshi-two", title="hoshi-two"))
    with assert_queries("providers/enrichment of a title"):
        job = run(row)
    assert job.state == JobState.DONE


def test_again_when_nothing_is_new(world: World) -> None:
    run(enrichment_request(key_of=world.anime))
    row = enrichment_request(key_of=world.anime, is_forced=True)
    with assert_queries("providers/enrichment again"):
        job = run(row)
    assert job.state == JobState.DONE


def test_more_providers_to_search_need_the_names_of_the_anime_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProviderFactory.create_batch(3, adapter="double")
    asked: list[list[int]] = []
    names_of = searching.names_of
    monkeypatch.setattr(searching, "names_of", lambda ids: asked.append(list(ids)) or names_of(ids))
    world.script.searches = {}
    run(enrichment_request(key_of=world.anime))
    assert world.script.questions("search") == 4
    assert asked == [[world.anime.pk]]


def test_the_episodes_of_each_title_are_placed_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though the title was matched, by the real matcher, after its list was read."""
    monkeypatch.setitem(sys.modules, "providers.services.matching", matching)
    anime = AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000, document=True)
    world.script.pages["kaze"] = page("kaze", "Kaze no Tani no Uta")
    title = ProviderTitleFactory(provider=world.two, slug="kaze", title="kaze")
    placed: Counter[int] = Counter()
    place = episodes.sources_sync

    def counted(*, title: object) -> int:
        placed[title.pk] += 1  # type: ignore[attr-defined]
        return place(title=title)  # type: ignore[arg-type]

    monkeypatch.setattr(episodes, "sources_sync", counted)
    assert run(enrichment_request(key_of=title)).state == JobState.DONE
    title.refresh_from_db()
    assert (title.anime_id, title.match_state) == (anime.pk, MatchState.AUTO)
    assert placed == {title.pk: 1}
    rows = ProviderEpisode.objects.filter(title=title).order_by("first")
    assert [row.places for row in rows] == [[[anime.pk, "regular", number]] for number in (1, 2)]


def test_a_provider_that_is_switched_off_meanwhile_is_asked_nothing_more(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Titles are loaded again after some seconds, so that a run that waited for a service does not go by old settings."""
    monkeypatch.setattr("providers.enriching.run.TITLES_SECONDS", 0.0)
    ProviderTitleFactory(provider=world.two, slug="hoshi-two", anime=world.anime, match_state="auto")

    def switch_off(question: str, what: str) -> None:
        if question == "anime":
            Provider.objects.filter(pk=world.two.pk).update(is_enabled=False)

    world.script.before = switch_off
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.DONE
    row.refresh_from_db()
    assert [found["provider"] for found in row.result["titles"]] == ["one"]
