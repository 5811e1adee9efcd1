"""Keeping a title's episode list: what is new, what changed, what went, and lists that make no sense."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from providers.adapters.drafts import EpisodeDraft
from providers.models import ProviderEpisode, ProviderTitle
from providers.services import episodes
from providers.services.episodes import episodes_store
from providers.tests.factories import ProviderTitleFactory
from tests.races import at_once

pytestmark = pytest.mark.django_db
BEFORE = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def title() -> ProviderTitle:
    return ProviderTitleFactory.create()


def draft(number: int | None, **more: Any) -> EpisodeDraft:
    url = more.pop("url", f"https://provider.example/episode-{number}/")
    return EpisodeDraft(label=f"Episode {number}", url=url, first=number, last=number, **more)


def listed(title: ProviderTitle) -> list[tuple[int | None, bool]]:
    return [(row.first, row.gone_at is not None) for row in title.episodes.all()]


def test_a_list_is_kept_in_its_order_and_tells_what_is_new(title: ProviderTitle) -> None:
    new = episodes_store(title=title, drafts=[draft(1), draft(2, variants=(("dub", "de"),), season=1)])
    assert [(row.first, row.pk is not None) for row in new] == [(1, True), (2, True)]
    assert episodes_store(title=title, drafts=[draft(1), draft(2, season=1), draft(3)])[0].first == 3
    assert listed(title) == [(1, False), (2, False), (3, False)]
    assert title.episodes.get(first=2).variants == []
    assert episodes_store(title=title, drafts=[draft(n, season=1 if n == 2 else None) for n in (1, 2, 3)]) == []


def test_what_went_is_marked_and_may_come_back(title: ProviderTitle) -> None:
    episodes_store(title=title, drafts=[draft(1), draft(2)])
    ProviderEpisode.objects.update(
        mirrors=[{"url": "https://x.example"}], mirrors_at=BEFORE, places=[[1, "regular", 1]]
    )
    episodes_store(title=title, drafts=[draft(2)])
    assert sorted(listed(title)) == [(1, True), (2, False)]
    gone_at = title.episodes.get(first=1).gone_at
    episodes_store(title=title, drafts=[draft(2)])
    assert title.episodes.get(first=1).gone_at == gone_at
    assert episodes_store(title=title, drafts=[draft(1), draft(2)]) == []
    assert listed(title) == [(1, False), (2, False)]
    row = title.episodes.get(first=1)
    assert (row.mirrors, row.mirrors_at, row.places) == ([{"url": "https://x.example"}], BEFORE, [[1, "regular", 1]])


def test_a_newer_number_is_when_it_came_out(title: ProviderTitle) -> None:
    episodes_store(title=title, drafts=[draft(1), draft(2)])
    assert (title.latest_episode, title.released_at) == (2, None)
    assert title.episodes_at is not None
    start = timezone.now()
    episodes_store(title=title, drafts=[draft(1), draft(2), draft(3)])
    assert title.latest_episode == 3
    assert title.released_at is not None
    assert title.released_at >= start
    ProviderTitle.objects.update(released_at=BEFORE)
    episodes_store(title=title, drafts=[draft(1), draft(2), draft(3), draft(0), draft(None, season=0)])
    episodes_store(title=title, drafts=[draft(n) for n in (1, 3)])
    episodes_store(title=title, drafts=[draft(3), EpisodeDraft("All", "https://x.example/b", 1, 24, is_batch=True)])
    title.refresh_from_db()
    assert (title.latest_episode, title.released_at) == (3, BEFORE)
    episodes_store(title=title, drafts=[draft(3), draft(1, season=2, url="https://x.example/s2e1")])
    assert title.latest_episode == 1
    assert title.released_at != BEFORE


@pytest.mark.parametrize(("known", "moves"), [(7, False), (6, True)])
def test_what_the_home_page_told_already_is_no_news(title: ProviderTitle, known: int, moves: bool) -> None:
    ProviderTitle.objects.update(latest_episode=known, released_at=BEFORE)
    episodes_store(title=title, drafts=[draft(n) for n in range(1, 8)])
    title.refresh_from_db()
    assert (title.latest_episode, title.released_at != BEFORE) == (7, moves)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "",
        "/relative",
        "https://x.example/\x00",
        "http://[bad/",
        "file:///etc/passwd",
        "https://x.example/" + "a" * 1000,
        "JAVASCRIPT:alert(1)",
    ],
)
def test_what_is_no_address_is_left_out(title: ProviderTitle, url: str) -> None:
    assert [row.first for row in episodes_store(title=title, drafts=[draft(1, url=url), draft(2)])] == [2]
    assert listed(title) == [(2, False)]


def test_odd_numbers_words_and_variants_are_made_fit(title: ProviderTitle) -> None:
    variants: Any = (
        ("sub", "id"),
        ("sub", "id"),
        ("song", "en"),
        ("dub", "x" * 13),
        ("dub", "<script>"),
        "sub",
        ("raw",),
    )
    episodes_store(
        title=title,
        drafts=[
            EpisodeDraft("E\x00" + "🍡" * 400, "https://x.example/1", 2**31, 2**40, 70_000, variants=variants),
            EpisodeDraft("range", "https://x.example/2", 9, 3),
            EpisodeDraft("minus", "https://x.example/3", -4, -1, -1),
            EpisodeDraft("again", "https://x.example/2", 5, 5),
        ],
    )
    rows = title.episodes.values_list("first", "last", "season", "variants")
    assert list(rows) == [(None, None, None, [["sub", "id"]]), (9, 9, None, []), (None, None, None, [])]
    assert len(title.episodes.first().label) == 300


def test_an_empty_list_is_an_answer_and_a_huge_one_is_cut(
    title: ProviderTitle, monkeypatch: pytest.MonkeyPatch
) -> None:
    episodes_store(title=title, drafts=[draft(1)])
    assert episodes_store(title=title, drafts=[]) == []
    assert listed(title) == [(1, True)]
    monkeypatch.setattr(episodes, "MOST", 50)
    assert len(episodes_store(title=title, drafts=(draft(n) for n in range(2, 200)))) == 50


def test_ten_thousand_duplicates_and_a_list_read_again_write_nothing(title: ProviderTitle) -> None:
    drafts = [draft(n) for n in range(1_000)]
    episodes_store(title=title, drafts=drafts)
    with CaptureQueriesContext(connection) as asked:
        assert episodes_store(title=title, drafts=drafts * 10) == []
    written = [query["sql"][:40] for query in asked.captured_queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    assert [sql.split('"')[1] for sql in written] == ["providers_providertitle"]


@pytest.mark.django_db(transaction=True)
def test_the_same_list_from_many_at_once_is_stored_once() -> None:
    title = ProviderTitleFactory.create()
    drafts = [draft(n) for n in range(1, 30)]
    found: list[int] = []
    ends = at_once([lambda: found.append(len(episodes_store(title=title, drafts=drafts)))] * 4)
    assert (ends, sorted(found)) == ({"done": 4}, [0, 0, 0, 29])
    assert title.episodes.count() == 29
