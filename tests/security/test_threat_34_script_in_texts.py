"""Threat 34: what imports, staff and users write never becomes markup. tests/e2e/test_security.py looks at it in a browser."""

import pytest
from django.test import Client

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.importing.jikan import anime_map
from catalog.models import Anime
from catalog.services.documents import documents_rebuild
from catalog.tests import factories as make
from catalog.tests.importing.records import jikan_record

pytestmark = pytest.mark.django_db

PAYLOAD = "\"'><img src=x onerror=alert(1)><script>alert(1)</script></title>"
BY_NAME = PAYLOAD[:50]
ADDRESSES = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,<script>alert(1)"]
OFFICIAL = "https://stream.example.org/1"


@pytest.fixture
def anime() -> Anime:
    found = make.AnimeFactory(
        title=PAYLOAD,
        title_english=PAYLOAD,
        title_native=PAYLOAD,
        slug="x",
        synopsis=PAYLOAD,
        genres=[make.GenreFactory(name=PAYLOAD, slug="genre")],
        tags=[make.TagFactory(name=PAYLOAD, slug="tag")],
    )
    make.AnimeStudioFactory(anime=found, studio=make.StudioFactory(name=PAYLOAD, slug="studio"))
    make.TitleFactory(anime=found, text=PAYLOAD)
    episode = make.EpisodeFactory(anime=found, number=1, title=PAYLOAD, synopsis=PAYLOAD)
    make.EpisodeSourceFactory(episode=episode, local=True, label=PAYLOAD)
    make.SubtitleTrackFactory(episode=episode, label=PAYLOAD)
    make.EpisodeFactory(anime=found, number=2, title=PAYLOAD)  # without a source: its page offers the official links
    for address in [*ADDRESSES, OFFICIAL]:
        make.OfficialLinkFactory(anime=found, site=PAYLOAD, url=address)
    documents_rebuild(anime_ids=[found.pk])
    return found


@pytest.fixture
def person() -> User:
    return UserFactory.create(display_name=BY_NAME, bio=PAYLOAD)


@pytest.mark.parametrize("path", ["/", "/browse", "/anime/{id}-x", "/watch/{id}/1", "/watch/{id}/2", "/settings"])
def test_pages_escape_and_forbid_inline_scripts(client: Client, anime: Anime, person: User, path: str) -> None:
    client.force_login(person)
    response = client.get(path.format(id=anime.pk))
    assert response.status_code == 200
    html = response.content.decode()
    assert "onerror" in html  # the text is there
    assert "<img src=x" not in html
    assert "<script>alert" not in html
    policy = response["Content-Security-Policy"]
    scripts = next(part for part in policy.split(";") if part.strip().startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "'unsafe-eval'" not in scripts


@pytest.mark.parametrize("path", ["/search", "/browse", "/search/suggest", "/browse/studios", "/schedule"])
def test_what_is_asked_for_comes_back_escaped(client: Client, path: str) -> None:
    names = ("q", "genre", "studio", "studio_name", "sort", "view", "year_min", "day", "date", "span")
    html = client.get(path, dict.fromkeys(names, PAYLOAD)).content.decode()
    assert "<img src=x" not in html
    assert "<script>alert" not in html


def test_links_of_scripts_are_not_shown(client: Client, anime: Anime) -> None:
    links = client.get(f"/api/v1/anime/{anime.pk}").json()["official_links"]
    assert [link["url"] for link in links] == [OFFICIAL]
    for path in (f"/anime/{anime.pk}-x", f"/watch/{anime.pk}/2"):
        html = client.get(path).content.decode().lower()
        assert OFFICIAL in html
        assert "javascript:alert" not in html
        assert 'href="data:' not in html


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_import_takes_no_address_of_a_script(address: str) -> None:
    record = anime_map(
        jikan_record(
            streaming=[{"name": "Stream", "url": address}],
            trailer={"url": address, "embed_url": address},
            images={"jpg": {"image_url": address, "large_image_url": address}},
        )
    )
    assert record.links == []
    assert not [value for name, value in record.fields.items() if name.endswith("_url") and value]


def test_answers_of_the_api_are_never_sniffed_as_pages(client: Client, anime: Anime) -> None:
    for path in (f"/api/v1/anime/{anime.pk}", "/api/v1/anime", f"/api/v1/{PAYLOAD}"):
        response = client.get(path)
        assert "json" in response["Content-Type"]
        assert response["X-Content-Type-Options"] == "nosniff"
