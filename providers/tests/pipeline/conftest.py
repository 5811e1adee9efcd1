"""One anime that the catalogue knows, one provider that has it, another that can be searched, and Jikan."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from catalog.tests.importing.records import jikan_record
from core.jobs.services import job_run
from core.models import Job
from providers.adapters.drafts import Card, Detail, EpisodeDraft
from providers.metadata.clients import client_of
from providers.metadata.registry import client_classes
from providers.models import Enrichment, MatchState, Provider, ProviderRole, ProviderTitle
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from providers.tests.pipeline.doubles import Script, doubles_install

NAME = "Hoshi no Niwa"


def page(slug: str, title: str = NAME, *, episodes: int = 2, **facts: Any) -> Detail:
    """The page of a title with its episode list."""
    url = f"https://one.example.org/anime/{slug}/"
    drafts = [EpisodeDraft(f"Episode {n}", f"{url}episode-{n}/", n, n) for n in range(1, episodes + 1)]
    return Detail(slug, title, url, episodes=tuple(drafts), **facts)


def card(slug: str, title: str = NAME) -> Card:
    return Card(slug, title, f"https://two.example.org/anime/{slug}/")


def run(row: Enrichment) -> Job:
    """Do the row's job once, as a worker would; its row after it."""
    job = Job.objects.get(pk=row.job_id)
    job_run(job_id=job.pk)
    job.refresh_from_db()
    return job


def run_again(row: Enrichment) -> Job:
    """Do a job that waits for its time, or whose worker died, as if that time had come."""
    Job.objects.filter(pk=row.job_id).update(run_after=None, lease_until="2020-01-01T00:00:00Z")
    return run(row)


@dataclass
class World:
    script: Script
    anime: Anime
    one: Provider
    two: Provider
    title: ProviderTitle


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    """The doubles, which answer at once: what they said is written down all the same."""
    monkeypatch.setattr("providers.enriching.run.KEEP_SECONDS", 0.0)
    yield doubles_install(monkeypatch)
    client_of.cache_clear()
    client_classes.cache_clear()  # what is put back stands in another order


@pytest.fixture
def world(db: None, script: Script) -> World:
    """The anime is an older import's: it has no synopsis, and MAL says 24 episodes now."""
    Provider.objects.update_or_create(
        name="jikan", defaults={"adapter": "jikan", "role": ProviderRole.METADATA, "is_enabled": True}
    )
    anime = AnimeFactory(title=NAME, mal_id=1, synopsis="", document=True, origin="offline-database")
    anime.titles.create(text=NAME, language="ja-Latn", kind="main")
    one = ProviderFactory(name="one", adapter="double")
    two = ProviderFactory(name="two", adapter="double")
    title = ProviderTitleFactory(provider=one, slug="hoshi", title=NAME, anime=anime, match_state=MatchState.AUTO)
    script.pages = {"hoshi": page("hoshi"), "hoshi-two": page("hoshi-two")}
    script.searches = {NAME: [card("hoshi-two"), card("another", "Another one")]}
    script.records = {"1": jikan_record(episodes=24)}
    return World(script, anime, one, two, title)
