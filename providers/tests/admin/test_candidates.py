"""What sources say of an anime, side by side: staff choose whom a field follows, and have all asked again."""

import pytest
from django.utils import timezone

from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.models import Job
from providers.models import FieldSource, MatchState, ProviderTitle
from providers.tests.admin.staff import PAYLOAD, Staff, addresses_elsewhere
from providers.tests.factories import ProviderFactory, ProviderTitleFactory

PAGE = "providers_candidates"


@pytest.fixture
def title(db: None) -> ProviderTitle:
    anime = AnimeFactory(title="Hoshi no Niwa", synopsis="", document=True)
    return ProviderTitleFactory(
        provider=ProviderFactory(name="hoshi"),
        anime=anime,
        match_state=MatchState.AUTO,
        detail_at=timezone.now(),
        synopsis=f"A garden {PAYLOAD}",
        genres=["Drama"],
    )


@pytest.fixture
def anime(title: ProviderTitle) -> Anime:
    assert title.anime is not None
    return title.anime


def test_the_table_holds_what_each_says(moderator: Staff, anime: Anime) -> None:
    answer = moderator.get(PAGE, anime.pk)
    synopsis = next(line for line in answer.context["lines"] if line.name == "synopsis")
    assert answer.context["sources"] == ["hoshi"]
    labels = {line.name: line.label for line in answer.context["lines"]}
    assert (labels["title_native"], labels["external_ids"]) == ("Title (native)", "External ids")
    assert ">duration_seconds<" not in answer.content.decode()
    assert [cell.text for cell in synopsis.cells if cell] == [f"A garden {PAYLOAD}"]
    assert "<script>alert(1)" not in answer.content.decode()
    assert addresses_elsewhere(answer) == []


def test_a_field_follows_who_is_chosen_and_the_rank_again(admin: Staff, anime: Anime) -> None:
    assert admin.post(PAGE, anime.pk, **{"act": "choose", "field-synopsis": "hoshi"}).status_code == 302
    anime.refresh_from_db()
    row = FieldSource.objects.get()
    assert (row.field, row.source, row.set_by) == ("synopsis", "hoshi", admin.user)
    assert anime.synopsis.startswith("A garden")
    admin.post(PAGE, anime.pk, **{"act": "choose", "field-synopsis": ""})
    assert not FieldSource.objects.exists()


@pytest.mark.parametrize("form", [{"field-synopsis": "nobody"}, {"field-password": "hoshi"}])
def test_bad_choices_change_nothing(admin: Staff, anime: Anime, form: dict[str, str]) -> None:
    assert admin.post(PAGE, anime.pk, act="choose", **form).status_code == 302
    assert not FieldSource.objects.exists()


def test_all_sources_are_asked_again(admin: Staff, anime: Anime) -> None:
    admin.post(PAGE, anime.pk, act="sync")
    assert Job.objects.get().kind == "providers.enrich"


def test_moderators_look_but_choose_nothing(moderator: Staff, anime: Anime) -> None:
    assert 'name="act"' not in moderator.get(PAGE, anime.pk).content.decode()
    for form in ({"act": "choose", "field-synopsis": "hoshi"}, {"act": "sync"}):
        assert moderator.post(PAGE, anime.pk, **form).status_code == 403
    assert not FieldSource.objects.exists()
    assert not Job.objects.exists()


def test_an_anime_that_is_not_there_leads_to_the_list(moderator: Staff, db: None) -> None:
    assert moderator.get(PAGE, 999_999).status_code == 302
