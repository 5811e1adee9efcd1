"""What sources say of an anime, side by side: staff choose whom a field follows, and have all asked again."""

import pytest
from django.utils import timezone

from catalog.models import Anime, FieldProvenance
from catalog.tests.factories import AnimeFactory, GenreFactory
from core.models import Job
from providers.admin.candidates import LONGEST
from providers.models import FieldSource, MatchState, ProviderTitle
from providers.services.sources import sources_set
from providers.tests.admin.staff import PAYLOAD, Staff, addresses_elsewhere, messages_of
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


@pytest.mark.parametrize(
    "form",
    [{"field-synopsis": "nobody"}, {"field-password": "hoshi"}, {"act": "?", "field-synopsis": "hoshi"}, {"act": ""}],
)
def test_bad_choices_are_told_and_change_nothing(admin: Staff, anime: Anime, form: dict[str, str]) -> None:
    answer = admin.post(PAGE, anime.pk, **{"act": "choose", **form})
    assert answer.status_code == 302
    assert "Fields follow" not in messages_of(answer)
    assert messages_of(answer)
    assert not FieldSource.objects.exists()
    assert not Job.objects.exists()


def test_what_is_shown_is_what_the_form_keeps(admin: Staff, anime: Anime) -> None:
    """A lock, and a choice of a source that says nothing now, outlive a form that did not touch them."""
    sources_set(actor=admin.user, anime_id=anime.pk, choices={"synopsis": "staff", "year": "kitsu"})
    lines = {line.name: line for line in admin.get(PAGE, anime.pk).context["lines"]}
    assert (lines["synopsis"].chosen, lines["year"].chosen, lines["kind"].chosen) == ("staff", "kitsu", "")
    for line in lines.values():
        assert line.chosen in dict(line.choices)
    shown = {f"field-{name}": line.chosen for name, line in lines.items()}
    admin.post(PAGE, anime.pk, act="choose", **{**shown, "field-genres": "hoshi"})
    assert dict(FieldSource.objects.values_list("field", "source")) == {"year": "kitsu", "genres": "hoshi"}
    assert FieldProvenance.objects.get(anime=anime, field="synopsis").is_locked
    admin.post(PAGE, anime.pk, act="choose", **{**shown, "field-genres": "hoshi", "field-synopsis": ""})
    assert not FieldProvenance.objects.filter(anime=anime, field="synopsis", is_locked=True).exists()


def test_the_same_is_said_in_any_order_and_to_the_last_word(admin: Staff, title: ProviderTitle) -> None:
    anime = title.anime
    assert anime is not None
    anime.genres.set([GenreFactory(name="Action"), GenreFactory(name="Drama")])
    anime.synopsis = f"{'A garden. ' * LONGEST}Day."
    anime.save()
    title.genres, title.synopsis = ["Drama", "Action"], f"{'A garden. ' * LONGEST}Night."
    title.save()
    lines = {line.name: line for line in admin.get(PAGE, anime.pk).context["lines"]}
    genres, synopsis = (lines[name].cells[0] for name in ("genres", "synopsis"))
    assert (genres.text, genres.is_current) == ("Drama · Action", True)
    assert (synopsis.text, synopsis.is_current) == (lines["synopsis"].current, False)


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
