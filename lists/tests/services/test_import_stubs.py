"""Unknown titles of somebody's file: bounded, gone with the undo, never in the way of other people."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from catalog.importing.precedence import STUB
from catalog.models import Anime, ExternalId
from catalog.tests.factories import AnimeFactory, ExternalIdFactory, UserFactory
from lists.models import ListEntry, ListImport
from lists.scrobbling.matching import Unmatched, play_match
from lists.scrobbling.plays import Play
from lists.selectors.imports import import_report
from lists.services.import_shell import list_bring

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings: Any, tmp_path: Path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"
    cache.clear()


def bring(user: Any, *entries: dict[str, Any]) -> dict[str, Any]:
    """The report of a file of our own format."""
    lines = [{"status": "watching", **entry} for entry in entries]
    reports: list[dict[str, Any]] = []
    list_bring(
        user=user,
        file=io.BytesIO(json.dumps({"format": "hiroba-list", "version": 1, "entries": lines}).encode()),
        file_name="list.json",
        format="auto",
        rule="theirs",
        is_dry=False,
        report=lambda found: reports.append(import_report(found)),
    )
    return reports[0]


def on_list(user: Any) -> list[int]:
    return list(ListEntry.objects.filter(user=user).order_by("anime_id").values_list("anime_id", flat=True))


def test_a_stub_with_others_ids_misleads_nobody() -> None:
    real = AnimeFactory(title="Ao no Umi", document=True, mal_id=500)
    for site, value in (("anilist", "40"), ("anidb", "41")):
        ExternalIdFactory(anime=real, site=site, value=value)
    bring(
        UserFactory(), {"title": "Poison", "ids": {"mal": ["777"], "anilist": ["40"], "anidb": ["41"], "kitsu": ["9"]}}
    )
    poison = Anime.objects.get(title="Poison")
    assert set(ExternalId.objects.filter(anime=poison).values_list("site", "value")) == {("mal", "777"), ("kitsu", "9")}
    later = AnimeFactory(title="Later known", document=True)
    ExternalIdFactory(anime=later, site="kitsu", value="9")
    victim = UserFactory()
    bring(victim, {"title": "a", "ids": {"anilist": ["40"]}}, {"title": "b", "ids": {"kitsu": ["9"]}})
    assert on_list(victim) == [real.pk, later.pk]
    play = Play("x", "mika", is_film=False, title="?", season=1, number=3, show_ids=(("anidb", "41"),))
    assert play_match(play).anime_id == real.pk


def test_a_stub_of_an_animes_name_makes_nothing_ambiguous() -> None:
    real = AnimeFactory(title="Ao no Umi", document=True)
    bring(UserFactory(), {"title": "Ao no Umi", "ids": {"mal": ["778"]}})
    assert Anime.objects.filter(title="Ao no Umi").count() == 2
    victim = UserFactory()
    bring(victim, {"title": "Ao no Umi"})
    assert on_list(victim) == [real.pk]
    assert play_match(Play("x", "m", is_film=False, title="Ao no Umi", season=1, number=3)).anime_id == real.pk


def test_a_stub_is_found_by_name_only_by_who_has_it() -> None:
    first, second = UserFactory(), UserFactory()
    for user in (first, first, second):
        bring(user, {"title": "Quite unheard of"})
    assert len(on_list(first)) == len(on_list(second)) == 1
    assert on_list(first) != on_list(second)
    with pytest.raises(Unmatched):
        play_match(Play("x", "m", is_film=False, title="Quite unheard of", season=1, number=3))


def test_what_is_no_id_never_reaches_the_catalogue() -> None:
    bring(
        UserFactory(),
        {"title": "Odd", "ids": {"mal": ["0", "x"], "anidb": ["../1"], "hiroba": ["series-1"], "tmdb": ["a/1"]}},
    )
    assert not ExternalId.objects.exists()


def test_a_flood_is_bounded_and_told(settings: Any) -> None:
    settings.LISTS_STUBS_AN_IMPORT, settings.LISTS_STUBS_A_DAY = 3, 5
    user = UserFactory()
    report = bring(user, *({"title": f"Flood {n}", "ids": {"mal": [str(1000 + n)]}} for n in range(60)))
    assert Anime.objects.filter(origin=STUB).count() == len(on_list(user)) == 3
    assert [line["position"] for line in report["errors"]] == list(range(4, 61))
    assert {line["reason"] for line in report["errors"]} == {"too_many_unknown"}
    counts = ListImport.objects.get().counts
    assert (counts["unknown"], counts["error"], counts["applied"]) == (3, 57, {"applied": 3, "skipped": 57})
    bring(user, *({"title": f"More {n}", "ids": {"mal": [str(2000 + n)]}} for n in range(5)))
    assert Anime.objects.filter(origin=STUB).count() == 5
    bring(UserFactory(), {"title": "Somebody else's", "ids": {"mal": ["3000"]}})
    assert Anime.objects.filter(origin=STUB).count() == 6


def test_its_owner_sees_a_stub_on_the_list_and_its_page(client: Client) -> None:
    user = UserFactory()
    bring(user, {"title": "Quite unheard of", "ids": {"mal": ["901"]}})
    client.force_login(user)
    assert "Quite unheard of" in client.get("/list").content.decode()
    (anime,) = Anime.objects.all()
    assert client.get(f"/anime/{anime.pk}", follow=True).status_code == 200
    assert client.get("/api/v1/anime").json()["results"] == []
