"""The search page, its suggestions and the row of anonymous viewers."""

import pytest
from django.test import Client

from catalog.search import titles_rebuild
from catalog.tests import factories
from catalog.tests.pages.shelf import loads_foreign, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def _index(settings, tmp_path) -> None:
    settings.SEARCH_DIR = tmp_path / "search"
    factories.TitleFactory(
        anime=factories.AnimeFactory(title="Kumo no Toshokan", document=True), text="The Cloud Library"
    )
    factories.AnimeFactory(title="Grown-ups of Cloud Library", adult=True, document=True)
    titles_rebuild()


@pytest.mark.usefixtures("_index")
def test_search_forgives_and_leaves_adult_titles_out(client: Client) -> None:
    html = text_of(client.get("/search?q=clowd libary"))
    assert "Kumo no Toshokan" in html
    assert "Grown-ups" not in html
    assert loads_foreign(html) == []


@pytest.mark.usefixtures("_index")
def test_suggestions_are_options_of_a_listbox(client: Client) -> None:
    response = client.get("/search/suggest?q=cloud")
    html = text_of(response)
    assert html.count('role="option"') == 2
    assert "The Cloud Library" in html
    assert "<html" not in html


@pytest.mark.usefixtures("_index")
@pytest.mark.parametrize("q", ["", " ", "\x00", "%%%", "x" * 5000, "<script>alert(1)</script>"])
def test_odd_queries_answer_calmly(client: Client, q: str) -> None:
    response = client.get("/search", {"q": q})
    assert response.status_code == 200
    assert "<script>alert" not in text_of(response)


def test_resume_row_shows_what_the_browser_kept(client: Client) -> None:
    anime, hidden = factories.AnimeFactory(document=True), factories.AnimeFactory(hidden=True, document=True)
    html = text_of(client.get(f"/resume?at={anime.pk}.3.600.1440,{hidden.pk}.1.5.10,junk,999999.1.1.1"))
    assert anime.title in html
    assert hidden.title not in html
    assert f"/watch/{anime.pk}/3" in html
    assert "14 minutes left" in html
    assert client.get("/resume?at=junk").status_code == 204
