"""A fetched poster is shown at once, everywhere, and never in place of what a person decided."""

import orjson
import pytest
from django.core.files.storage import default_storage

from catalog.models import Anime, AnimeDocument, AnimeStatus, CatalogChange, Visibility
from catalog.selectors.posters import posters_missing
from catalog.services.anime import anime_update
from catalog.services.posters import anime_poster_set
from catalog.tests.factories import AnimeFactory
from core.media.images import image_files, image_store
from core.models import StoredImage
from core.tests.media.pictures import picture

pytestmark = pytest.mark.django_db
URL = "https://img.example.org/1.jpg"


def image(seed: int = 1) -> StoredImage:
    return image_store(file=picture(size=(120, 170), colour=(50 * seed, 90, 160)), purpose="poster")


def card(anime: Anime) -> dict[str, object]:
    found: dict[str, object] = orjson.loads(AnimeDocument.objects.get(anime=anime).card)
    return found


def test_a_poster_is_in_the_card_at_once_and_an_anime_is_no_news_for_it() -> None:
    anime = AnimeFactory(poster_url=URL)
    touched, before = anime.updated_at, CatalogChange.objects.count()
    assert anime_poster_set(anime_id=anime.pk, image=image(), url=URL) is True
    anime.refresh_from_db()
    assert (anime.poster, anime.colour, anime.updated_at) == (image(), image().colour, touched)
    assert card(anime)["poster"]["variants"].keys() == image().variants.keys()  # type: ignore[index]
    assert CatalogChange.objects.count() == before + 1
    assert anime_poster_set(anime_id=anime.pk, image=image(), url=URL) is True  # again: nothing is written
    assert CatalogChange.objects.count() == before + 1


@pytest.mark.parametrize("change", ["poster", "no_poster", "url", "merged", "gone"])
def test_what_was_decided_meanwhile_stays_and_the_picture_goes(
    change: str, django_capture_on_commit_callbacks: object
) -> None:
    anime, theirs = AnimeFactory(poster_url=URL), image(2)
    if change == "poster":
        anime_update(actor=None, anime=anime, poster=theirs)
    elif change == "no_poster":
        anime_update(actor=None, anime=anime, poster=theirs)
        anime_update(actor=None, anime=anime, poster=None)
    elif change == "url":
        Anime.objects.update(poster_url="https://img.example.org/2.jpg")
    elif change == "merged":
        Anime.objects.filter(pk=anime.pk).update(merged_into=AnimeFactory())
    before, fetched = Anime.objects.get(pk=anime.pk).poster, image()
    anime_id = 10**9 if change == "gone" else anime.pk
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert anime_poster_set(anime_id=anime_id, image=fetched, url=URL) is False
    assert Anime.objects.get(pk=anime.pk).poster == before
    assert list(StoredImage.objects.all()) == [theirs]
    assert not any(default_storage.exists(name) for name in image_files(fetched))


def test_a_new_picture_takes_the_formers_place_unless_somebody_else_shows_that(
    django_capture_on_commit_callbacks: object,
) -> None:
    anime, other = AnimeFactory(poster_url=URL, poster=image(), colour=image().colour), AnimeFactory(poster=image())
    for seed, expected in ((2, True), (3, False)):
        former = Anime.objects.get(pk=anime.pk).poster
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            assert anime_poster_set(anime_id=anime.pk, image=image(seed), url=URL, former_id=former.pk)
        assert StoredImage.objects.filter(pk=former.pk).exists() is expected
        assert Anime.objects.get(pk=anime.pk).colour == image(seed).colour
    assert other.poster == image()
    assert anime_poster_set(anime_id=anime.pk, image=image(4), url=URL, former_id=image().pk) is False


def test_a_colour_that_staff_chose_stays() -> None:
    anime = anime_update(actor=None, anime=AnimeFactory(poster_url=URL), colour="")
    chosen = anime_update(actor=None, anime=AnimeFactory(poster_url=URL), colour="#123456")
    for row, colour in ((anime, image().colour), (chosen, "#123456")):
        assert anime_poster_set(anime_id=row.pk, image=image(), url=URL)
        assert Anime.objects.get(pk=row.pk).colour == colour


def test_what_airs_is_wanted_first_then_what_is_popular(django_assert_num_queries: object) -> None:
    old, airing = (
        AnimeFactory(poster_url=URL, popularity=10**6),
        AnimeFactory(poster_url=URL, status=AnimeStatus.AIRING),
    )
    less = AnimeFactory(poster_url=URL, popularity=3)
    AnimeFactory()
    AnimeFactory(poster_url=URL, poster=image())
    AnimeFactory(poster_url=URL, visibility=Visibility.HIDDEN)
    AnimeFactory(poster_url=URL, merged_into=old)
    bare = AnimeFactory(poster_url=URL, poster=image())
    anime_update(actor=None, anime=bare, poster=None)
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert posters_missing() == [(airing.pk, URL), (old.pk, URL), (less.pk, URL)]
