"""What is stored of an anime elsewhere, merged and compared."""

from typing import Any

from django.utils import timezone

from catalog.models import Anime, FieldProvenance
from catalog.tests.importing.records import jikan_record
from providers.models import FieldSource, MetadataSnapshot, ProviderTitle
from providers.selectors.candidates import field_candidates
from providers.services.snapshots import snapshots_attach, stored_merge
from providers.tests.factories import ProviderTitleFactory
from providers.tests.pipeline.conftest import World


def snapshot(external_id: str = "1", *, anime: Anime | None = None, **changes: Any) -> MetadataSnapshot:
    now = timezone.now()
    return MetadataSnapshot.objects.create(
        source="jikan",
        external_id=external_id,
        anime=anime,
        payload=jikan_record(int(external_id), **changes),
        fetched_at=now,
        checked_at=now,
    )


def test_answers_are_attached_to_the_anime_whose_ids_they_are_of(world: World) -> None:
    mine, other = snapshot("1"), snapshot("2")
    assert snapshots_attach(anime_id=world.anime.pk) == 1
    assert snapshots_attach(anime_id=world.anime.pk) == 0
    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.anime_id, other.anime_id) == (world.anime.pk, None)


def test_merging_what_is_stored_twice_changes_nothing_the_second_time(world: World) -> None:
    snapshot(anime=world.anime)
    assert "synopsis" in stored_merge(anime_id=world.anime.pk).changed["jikan"]
    assert stored_merge(anime_id=world.anime.pk).changed == {}


def test_an_answer_of_another_work_or_of_nonsense_is_left_out(world: World) -> None:
    snapshot("9", anime=world.anime)
    MetadataSnapshot.objects.create(
        source="jikan",
        external_id="10",
        anime=world.anime,
        payload={"x": 1},
        fetched_at=timezone.now(),
        checked_at=timezone.now(),
    )
    MetadataSnapshot.objects.create(
        source="gone-service",
        external_id="1",
        anime=world.anime,
        payload={"x": 1},
        fetched_at=timezone.now(),
        checked_at=timezone.now(),
    )
    merged = stored_merge(anime_id=world.anime.pk)
    assert (merged.changed, merged.refused) == ({}, [("jikan", "record_contradicts")])


def test_candidates_stand_beside_what_is(world: World, django_assert_num_queries: Any) -> None:
    snapshot(anime=world.anime)
    day = timezone.now() - timezone.timedelta(days=2)
    ProviderTitle.objects.filter(pk=world.title.pk).update(
        detail_at=day, synopsis="Of the site.", genres=["Aksi"], alternative_titles=["Taman Bintang"], episode_count=12
    )
    FieldSource.objects.create(anime=world.anime, field="synopsis", source="one")
    FieldProvenance.objects.create(anime=world.anime, field="title", source="staff", is_locked=True)
    found = field_candidates(world.anime.pk)
    synopsis = found["synopsis"]
    assert (synopsis.current, synopsis.source, synopsis.locked, synopsis.chosen) == (
        "",
        "offline-database",
        False,
        "one",
    )
    assert [(one.source, one.value[:8], one.is_stale) for one in synopsis.candidates] == [
        ("jikan", "A garden", False),
        ("one", "Of the s", True),
    ]
    assert (found["title"].source, found["title"].locked) == ("staff", True)
    assert [one.value for one in found["episode_count"].candidates] == [12, 12]
    assert [one.value for one in found["genres"].candidates] == [["Drama"], ["Aksi"]]
    assert {"text": "Taman Bintang", "language": "und", "kind": "synonym"} in found["titles"].candidates[1].value
    assert found["studios"].candidates[0].value == [
        {"name": "Studio Nagare", "role": "studio"},
        {"name": "Kumo Pictures", "role": "producer"},
    ]
    assert found["external_ids"].current == {"mal": "1", "shikimori": "1"}


def test_candidates_take_the_same_queries_however_many(world: World) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    snapshot(anime=world.anime)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            field_candidates(world.anime.pk)
        counts.append(len(captured))
        for _title in range(5):
            ProviderTitleFactory(provider=world.two, anime=world.anime, detail_at=timezone.now(), genres=["x"])
    assert counts[0] == counts[1]
