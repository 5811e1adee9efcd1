"""Workers and people who write of the same titles at the same moment: nobody waits crosswise, nothing leads nowhere."""

import pytest

from accounts.tests.factories import UserFactory
from catalog.models import EpisodeSource
from catalog.services.merging import anime_merge
from catalog.services.splitting import EpisodeSpan, SplitDraft, anime_split
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from core.jobs import job_enqueue
from core.jobs.services import job_run
from providers.adapters.drafts import Card, EpisodeDraft
from providers.models import FieldSource, MatchState, ProviderTitle
from providers.services.episodes import episodes_store, sources_sync
from providers.services.matching import MATCH_JOB, title_decide, title_match
from providers.services.overrides import override_set
from providers.services.sources import sources_set
from providers.services.titles import cards_store
from providers.tests.episodes.playing import HOST, entry, playing
from providers.tests.factories import ProviderFactory, ProviderTitleFactory
from tests.races import DONE, at_once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _hosts(settings) -> None:
    settings.PLAYER_HOSTS = [HOST]


def test_workers_that_match_and_a_person_who_decides() -> None:
    AnimeFactory(title="Kaze no Tani no Uta", popularity=50_000)
    chosen, staff = AnimeFactory(title="Midori no Saka"), UserFactory()
    titles = ProviderTitleFactory.create_batch(6, title="Kaze no Tani no Uta")
    for title in titles:
        entry(title, 1)
    job = job_enqueue(kind=MATCH_JOB, payload={})
    calls = [lambda title=title: title_match(title=title) for title in titles[::-1]]
    calls += [lambda title=title: title_decide(actor=staff, title=title, anime=chosen) for title in titles]
    calls.append(lambda: job_run(job_id=job.id))
    assert at_once(calls) == {DONE: 13}
    found = ProviderTitle.objects.values_list("match_state", "anime_id")
    assert set(found) == {(MatchState.HUMAN, chosen.pk)}
    assert {row[0] for row in playing()} == {chosen.pk}
    assert EpisodeSource.objects.count() == 6


def test_lists_of_one_provider_from_many_workers() -> None:
    provider = ProviderFactory()
    cards = [Card(slug=f"show-{n}", title=f"Show {n}", url=f"https://x.example/{n}") for n in range(40)]
    calls = [lambda cards=cards[n:] + cards[:n]: cards_store(provider=provider, cards=cards) for n in (0, 7, 20)]
    calls += [
        lambda cards=cards[n : n + 20][::-1]: cards_store(provider=provider, cards=cards, is_home=True) for n in (0, 20)
    ]
    for _time in range(2):
        assert at_once(calls) == {DONE: 5}
    assert ProviderTitle.objects.count() == 40
    ranks = sorted(ProviderTitle.objects.exclude(home_rank=None).values_list("home_rank", flat=True))
    assert ranks == list(range(20))


def test_titles_are_decided_while_two_anime_become_one() -> None:
    keep, duplicate = AnimeFactory.create_batch(2, episode_count=12)
    staff = UserFactory()
    titles = ProviderTitleFactory.create_batch(5)
    for title in titles:
        entry(title, 1)
    theirs = ProviderTitleFactory(anime=duplicate, match_state=MatchState.AUTO)
    entry(theirs, 2)
    calls = [lambda title=title: title_decide(actor=staff, title=title, anime=duplicate) for title in titles]
    calls.insert(2, lambda: anime_merge(actor=None, keep=keep, duplicate=duplicate))
    calls.append(lambda: sources_sync(title=theirs))
    assert at_once(calls) == {DONE: 7}
    assert set(ProviderTitle.objects.values_list("anime_id", flat=True)) == {keep.pk}
    sources_sync(title=theirs)
    assert {(row[0], row[2]) for row in playing()} == {(keep.pk, 1), (keep.pk, 2)}


def test_a_list_is_read_and_numbers_are_set_while_an_anime_is_split() -> None:
    anime, staff = AnimeFactory(title="Hoshi no Niwa", episode_count=24), UserFactory()
    for number in range(1, 25):
        EpisodeFactory(anime=anime, number=number)
    title = ProviderTitleFactory(anime=anime, match_state=MatchState.AUTO)
    for number in range(1, 25):
        entry(title, number)
    sources_sync(title=title)
    drafts = [EpisodeDraft(label=row.label, url=row.url, first=row.first) for row in title.episodes.all()]
    draft = SplitDraft(fields={"title": "Hoshi no Niwa II"}, episodes=EpisodeSpan(first=13, last=24))
    calls = [
        lambda: episodes_store(title=title, drafts=drafts),
        lambda: sources_sync(title=title),
        lambda: anime_split(actor=None, anime=anime, draft=draft),
        lambda: override_set(actor=staff, title=title, first=1, last=6, anime=anime),
        lambda: sources_sync(title=title),
        lambda: sources_set(actor=staff, anime_id=anime.pk, choices={"title": "jikan", "year": "staff"}),
        lambda: sources_set(actor=staff, anime_id=anime.pk, choices={"year": "jikan", "title": "staff"}),
    ]
    assert at_once(calls) == {DONE: 7}
    assert FieldSource.objects.filter(anime=anime).count() == 1
    sources_sync(title=title)
    where = [(row[0], row[2]) for row in playing()]
    made = ({row for row, _number in where} - {anime.pk}).pop()
    assert sorted(where) == sorted([(one, number) for one in (anime.pk, made) for number in range(1, 13)])
