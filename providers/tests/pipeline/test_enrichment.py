"""An enrichment from end to end: what is read, found, merged and told; and that nothing is done twice."""

import sys
from dataclasses import replace

import pytest
from django.utils import timezone

from catalog.models import Anime, AnimeDocument, FieldProvenance
from catalog.services.anime import anime_update
from catalog.tests.factories import UserFactory
from core.errors import NotFound, ValidationFailed
from core.models import Job, JobState
from providers.adapters.drafts import EpisodeDraft
from providers.models import Enrichment, FieldSource, MatchState, MetadataSnapshot, ProviderEpisode, ProviderTitle
from providers.services.enrichment import (
    ENRICH_JOB,
    FRESH,
    enrichment_request,
    enrichment_wait,
    enrichments_forget,
    is_settled,
)
from providers.tests.factories import ProviderEpisodeFactory, ProviderTitleFactory
from providers.tests.pipeline import doubles
from providers.tests.pipeline.conftest import NAME, World, card, page, run


def test_an_anime_is_read_searched_merged_and_told(world: World) -> None:
    row = enrichment_request(key_of=world.anime)
    job = run(row)
    assert (job.state, job.error_code) == (JobState.DONE, "")
    row.refresh_from_db()
    assert is_settled(row)
    assert row.result["problems"] == []
    assert row.result["new_episodes"] == 4
    assert [(found["provider"], found["slug"]) for found in row.result["titles"]] == [
        ("one", "hoshi"),
        ("two", "hoshi-two"),
    ]
    assert "episode_count" in row.result["changed"]["jikan"]
    anime = Anime.objects.get(pk=world.anime.pk)
    assert (anime.episode_count, anime.origin) == (24, "jikan")
    assert anime.synopsis.startswith("A gardener")
    assert '"episode_count":24' in AnimeDocument.objects.get(anime=anime).detail.replace(" ", "")
    assert MetadataSnapshot.objects.get().anime_id == anime.pk
    assert ProviderEpisode.objects.filter(title__anime=anime).count() == 4
    assert not ProviderTitle.objects.filter(slug="another").exists()


def test_the_cover_of_what_a_search_found_is_hashed_before_it_is_judged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, str]] = []
    judged = doubles.title_match

    def title_match(*, title: ProviderTitle, **options: bool) -> ProviderTitle:
        done.append(("judged", title.slug))
        return judged(title=title, **options)

    monkeypatch.setattr(
        "providers.services.covers.title_cover_hash", lambda *, title: done.append(("hashed", title.slug))
    )
    monkeypatch.setattr(sys.modules["providers.services.matching"], "title_match", title_match)
    for slug in ("hoshi", "hoshi-two"):
        world.script.pages[slug] = page(slug, cover_url=f"https://img.example.org/{slug}.jpg")
    run(enrichment_request(key_of=world.anime))
    assert done[-2:] == [("hashed", "hoshi-two"), ("judged", "hoshi-two")]
    assert [slug for what, slug in done if what == "hashed"] == ["hoshi", "hoshi-two"]


def test_again_within_minutes_asks_nobody_and_forced_doubles_nothing(world: World) -> None:
    run(enrichment_request(key_of=world.anime))
    asked = sum(world.script.asked.values())
    again = enrichment_request(key_of=world.anime)
    assert Job.objects.filter(kind=ENRICH_JOB).count() == 1
    assert is_settled(again)
    assert enrichment_wait(enrichment=again, seconds=60).pk == again.pk
    assert sum(world.script.asked.values()) == asked
    row = enrichment_request(key_of=world.anime, is_forced=True)
    run(row)
    row.refresh_from_db()
    assert (row.result["changed"], row.result["new_episodes"], row.result["new_sources"]) == ({}, 0, 0)
    assert ProviderEpisode.objects.count() == 4


def test_who_had_nothing_is_not_searched_again_within_a_day(world: World) -> None:
    world.script.searches = {}
    run(enrichment_request(key_of=world.anime))
    before = world.script.questions("search")
    Enrichment.objects.update(succeeded_at=timezone.now() - FRESH, requested_at=timezone.now() - 2 * FRESH)
    ProviderTitle.objects.update(episodes_at=timezone.now() - FRESH)
    row = enrichment_request(key_of=world.anime)
    assert run(row).state == JobState.DONE
    assert world.script.questions("search") == before > 0
    row.refresh_from_db()
    assert "two" in row.result["searched"]


def test_every_name_of_an_anime_is_one_enrichment(world: World) -> None:
    rows = [enrichment_request(key_of=subject) for subject in (world.anime, world.title, 1)]
    assert {row.pk for row in rows} == {rows[0].pk}
    assert Job.objects.get(kind=ENRICH_JOB).unique_key == f"anime:{world.anime.pk}"


def test_a_title_becomes_its_anime_on_the_way(world: World) -> None:
    title = ProviderTitleFactory(provider=world.two, slug="hoshi-two", title="hoshi-two")
    row = enrichment_request(key_of=title)
    assert row.key == f"title:{title.pk}"
    assert run(row).state == JobState.DONE
    title.refresh_from_db()
    assert (title.anime_id, title.match_state, title.title) == (world.anime.pk, MatchState.AUTO, NAME)
    assert Job.objects.get(kind=ENRICH_JOB).unique_key == f"anime:{world.anime.pk}"
    rows = {found.key: found for found in Enrichment.objects.all()}
    assert set(rows) == {f"title:{title.pk}", f"anime:{world.anime.pk}"}
    assert all(is_settled(found) and found.anime_id == world.anime.pk for found in rows.values())
    assert ProviderEpisode.objects.filter(title__provider=world.one).count() == 2


def test_a_title_of_an_anime_that_is_being_enriched_joins_it(world: World) -> None:
    title = ProviderTitleFactory(provider=world.two, slug="hoshi-two", title="hoshi-two")
    of_title, of_anime = enrichment_request(key_of=title), enrichment_request(key_of=world.anime)
    assert run(of_title).result == {"joined": of_anime.key}
    assert enrichment_wait(enrichment=of_title, seconds=0).pk == of_anime.pk
    assert world.script.questions("anime") == 0
    run(of_anime)
    found = enrichment_wait(enrichment=of_title, seconds=60)
    assert (found.pk, is_settled(found), world.script.questions("anime")) == (of_anime.pk, True, 1)


def test_a_mal_id_that_nobody_has_makes_its_anime(world: World) -> None:
    from catalog.tests.importing.records import jikan_record

    world.script.records["77"] = jikan_record(mal_id=77, title="Kaze no Niwa")
    row = enrichment_request(key_of=77)
    assert (row.key, run(row).state) == ("mal:77", JobState.DONE)
    anime = Anime.objects.get(title="Kaze no Niwa")
    row.refresh_from_db()
    assert (row.anime_id, row.result["anime_id"]) == (anime.pk, anime.pk)
    assert enrichment_request(key_of=77).key == f"anime:{anime.pk}"


def test_a_mal_id_that_mal_does_not_know_makes_nothing(world: World) -> None:
    before = Anime.objects.count()
    row = enrichment_request(key_of=404)
    assert run(row).state == JobState.DONE
    row.refresh_from_db()
    assert (Anime.objects.count(), row.anime_id, row.result["titles"]) == (before, None, [])


def test_an_unmatched_title_stays_one(world: World) -> None:
    world.script.pages["strange"] = page("strange", "Nothing like it")
    title = ProviderTitleFactory(provider=world.one, slug="strange", title="strange")
    row = enrichment_request(key_of=title)
    assert run(row).state == JobState.DONE
    row.refresh_from_db()
    assert (row.anime_id, row.result["match"]["state"]) == (None, MatchState.NONE)
    assert ProviderEpisode.objects.filter(title=title).count() == 2


def test_what_people_decided_stays(world: World) -> None:
    rejected = ProviderTitleFactory(provider=world.two, slug="hoshi-two", title=NAME, match_state=MatchState.REJECTED)
    anime_update(actor=UserFactory(), anime=world.anime, synopsis="By hand.")
    FieldSource.objects.create(anime=world.anime, field="duration_seconds", source="one")
    world.script.pages["hoshi"] = page("hoshi", duration_seconds=1500, synopsis="Of the site.")
    run(enrichment_request(key_of=world.anime))
    rejected.refresh_from_db()
    anime = Anime.objects.get(pk=world.anime.pk)
    assert (rejected.match_state, rejected.anime_id) == (MatchState.REJECTED, None)
    assert (anime.synopsis, anime.duration_seconds) == ("By hand.", 1500)
    assert FieldProvenance.objects.get(anime=anime, field="duration_seconds").source == "one"


def test_mirrors_are_read_only_where_they_may_be_played(world: World, settings: object) -> None:
    settings.PLAYER_HOSTS = []  # type: ignore[attr-defined]
    run(enrichment_request(key_of=world.anime))
    assert world.script.questions("mirrors") == 0
    settings.PLAYER_HOSTS = ["cdn.example.org"]  # type: ignore[attr-defined]
    run(enrichment_request(key_of=world.anime, is_forced=True))
    assert world.script.questions("mirrors") == 4
    run(enrichment_request(key_of=world.anime, is_forced=True))
    assert world.script.questions("mirrors") == 4


def test_mirrors_of_what_is_gone_and_of_batches_are_not_read(world: World, settings: object) -> None:
    settings.PLAYER_HOSTS = ["cdn.example.org"]  # type: ignore[attr-defined]
    gone = ProviderEpisodeFactory(title=world.title, url="https://one.example.org/gone/", gone_at=timezone.now())
    ProviderEpisodeFactory(
        title=world.title, url="https://one.example.org/batch/", is_batch=True, gone_at=timezone.now()
    )
    draft = EpisodeDraft("Batch", "https://one.example.org/batch/", 1, 2, is_batch=True)
    detail = world.script.pages["hoshi"]
    world.script.pages["hoshi"] = replace(detail, episodes=(*detail.episodes, draft))
    run(enrichment_request(key_of=world.anime))
    asked = {what for _whom, question, what in world.script.asked if question == "mirrors"}
    assert len(asked) == 4
    assert not asked & {gone.url, draft.url}


def test_a_provider_whose_title_is_gone_is_searched_for_its_new_address(world: World) -> None:
    ProviderTitle.objects.filter(pk=world.title.pk).update(slug="hoshi-old")
    world.script.searches[NAME] = [card("hoshi")]
    world.script.pages["hoshi-two"] = page("hoshi-two", "Another one")
    row = enrichment_request(key_of=world.anime)
    run(row)
    moved = ProviderTitle.objects.get(provider=world.one, slug="hoshi")
    assert ProviderTitle.objects.get(slug="hoshi-old").gone_at is not None
    assert (moved.anime_id, moved.episodes.count()) == (world.anime.pk, 2)


def test_rows_of_what_became_no_anime_are_forgotten(world: World) -> None:
    for key in ("mal:77", "title:1", "mal:78"):
        Enrichment.objects.create(key=key, requested_at=timezone.now() - timezone.timedelta(days=40))
    Enrichment.objects.filter(key="mal:78").update(anime=world.anime)
    Enrichment.objects.create(key="mal:79", requested_at=timezone.now())
    assert enrichments_forget(older_than=timezone.timedelta(days=30)) == 2
    assert set(Enrichment.objects.values_list("key", flat=True)) == {"mal:78", "mal:79"}


def test_what_nobody_can_ask_for_is_refused(world: World) -> None:
    for number in (0, -1, 2**31, True):
        with pytest.raises(ValidationFailed):
            enrichment_request(key_of=number)
    world.anime.pk = 10**9
    with pytest.raises(NotFound):
        enrichment_request(key_of=world.anime)
    assert not Job.objects.exists()
    assert not Enrichment.objects.exists()
