"""Covers are fetched once for each address, posters are read where they lie, and nothing is asked when nobody may."""

import pytest
from django.core.files.storage import default_storage

from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core import egress
from core.jobs.services import job_run
from core.media.images import image_store
from core.models import Job
from providers.covers.hashing import SAME, cover_hash, distance
from providers.models import CoverHash, ProviderTitle
from providers.services import covers, posters
from providers.services.covers import anime_cover_hash, covers_request, title_cover_hash
from providers.services.posters import poster_fetch
from providers.tasks import covers_hash
from providers.tests.covers.pictures import cover_draw, jpeg, marked, scaled
from providers.tests.factories import ProviderFactory, ProviderTitleFactory

pytestmark = pytest.mark.django_db
HERE, THERE = "https://img.example.org/1.jpg", "https://img.example.org/2.jpg"


class Web:
    """What lies at which address, and what was asked for. An exception is raised, a number is a status."""

    def __init__(self):
        self.files, self.asked, self.rates = {}, [], []

    def fetch(self, url, *, policy):
        self.asked.append(url)
        self.rates.append(policy.rates)
        assert (policy.hosts, policy.max_bytes, policy.obeys_robots) == ((egress.ANY_PUBLIC_HOST,), 5 * 1024**2, True)
        found = self.files.get(url, 404)
        if isinstance(found, Exception):
            raise found
        status, body = (200, found) if isinstance(found, bytes) else (found, b"")
        return egress.Response(status, {"Content-Type": "image/jpeg"}, url, 0.0, len(body), body)


@pytest.fixture
def web(monkeypatch, settings):
    settings.EGRESS_ENABLED = True
    web = Web()
    monkeypatch.setattr(egress, "fetch", web.fetch)
    return web


@pytest.fixture(scope="module")
def cover():
    return cover_draw(4)


def test_a_titles_cover_is_fetched_once_and_kept_with_its_address(web, cover):
    web.files[HERE] = jpeg(cover)
    title = ProviderTitleFactory(cover_url=HERE)
    assert title_cover_hash(title=title) == cover_hash(jpeg(cover))
    kept = ProviderTitle.objects.get(pk=title.pk)
    assert (kept.cover_hash, kept.cover_hashed_url) == (cover_hash(jpeg(cover)), HERE)
    assert title_cover_hash(title=kept) == kept.cover_hash
    assert web.asked == [HERE]


def test_a_new_address_is_fetched_anew(web, cover):
    web.files |= {HERE: jpeg(cover), THERE: jpeg(cover_draw(5))}
    title = ProviderTitleFactory(cover_url=HERE)
    first = title_cover_hash(title=title)
    title.cover_url = THERE
    title.save(update_fields=["cover_url"])
    assert title_cover_hash(title=title) not in (None, first)
    assert web.asked == [HERE, THERE]


@pytest.mark.parametrize(
    "answer",
    [404, 403, 500, b"<html>no</html>", b"", egress.EgressTooLarge(), egress.EgressRefused()],
)
def test_what_fails_is_nothing_and_is_left_alone_for_an_hour(web, answer):
    web.files[HERE] = answer
    title, anime = ProviderTitleFactory(cover_url=HERE), AnimeFactory(poster_url=THERE)
    web.files[THERE] = answer
    for _turn in range(2):
        assert title_cover_hash(title=title) is None
        assert anime_cover_hash(anime_id=anime.pk) is None
    assert web.asked == [HERE, THERE]
    assert ProviderTitle.objects.get(pk=title.pk).cover_hashed_url == ""
    assert not CoverHash.objects.exists()


@pytest.mark.parametrize("error", [egress.EgressPaced(), egress.EgressUnavailable(), egress.EgressTimeout()])
def test_what_passes_is_no_failure_of_the_cover(web, cover, error):
    web.files[HERE] = error
    title = ProviderTitleFactory(cover_url=HERE)
    with pytest.raises(type(error)):
        title_cover_hash(title=title)
    web.files[HERE] = jpeg(cover)
    assert title_cover_hash(title=title) is not None


def test_an_empty_cover_says_nothing_and_is_not_asked_for_again(web):
    from PIL import Image

    web.files[HERE] = jpeg(Image.new("RGB", (300, 420), "grey"))
    title = ProviderTitleFactory(cover_url=HERE)
    assert title_cover_hash(title=title) is None
    assert title_cover_hash(title=ProviderTitle.objects.get(pk=title.pk)) is None
    anime = AnimeFactory(poster_url=THERE)
    web.files[THERE] = web.files[HERE]
    for _turn in range(2):
        assert anime_cover_hash(anime_id=anime.pk) is None
    assert not CoverHash.objects.exists()
    assert web.asked == [HERE, THERE]


def test_without_a_cover_there_is_no_hash(web):
    assert title_cover_hash(title=ProviderTitleFactory()) is None
    assert anime_cover_hash(anime_id=AnimeFactory().pk) is None
    assert anime_cover_hash(anime_id=10**9) is None
    assert web.asked == []


def test_a_posters_hash_is_kept_until_the_poster_is_another(web, cover):
    web.files |= {HERE: jpeg(cover), THERE: jpeg(cover_draw(5))}
    anime = AnimeFactory(poster_url=HERE)
    first = anime_cover_hash(anime_id=anime.pk)
    assert anime_cover_hash(anime_id=anime.pk) == first
    Anime.objects.update(poster_url=THERE)
    assert anime_cover_hash(anime_id=anime.pk) == first  # until the new one is here
    assert poster_fetch(anime_id=anime.pk) == "stored"
    second = anime_cover_hash(anime_id=anime.pk)
    assert second != first
    assert list(CoverHash.objects.values_list("anime_id", "value")) == [(anime.pk, second)]
    assert web.asked == [HERE, THERE]


def test_one_download_gives_the_stored_poster_and_its_hash_at_the_pace_of_posters(web, cover):
    web.files[HERE] = jpeg(cover)
    anime = AnimeFactory(poster_url=HERE)
    assert job_run(job_id=covers_request().pk).result == {"hashed": 1, "failed": 0}
    anime.refresh_from_db()
    assert (anime.poster.purpose, CoverHash.objects.get().value) == ("poster", cover_hash(jpeg(cover)))
    assert (poster_fetch(anime_id=anime.pk), anime_cover_hash(anime_id=anime.pk)) == ("kept", cover_hash(jpeg(cover)))
    assert (web.asked, web.rates) == ([HERE], [(posters.RATE,)])


def test_a_host_that_rests_is_no_failure_of_a_poster(web, cover):
    anime = AnimeFactory(poster_url=HERE)
    web.files[HERE] = egress.EgressPaced()
    assert anime_cover_hash(anime_id=anime.pk) is None
    web.files[HERE] = jpeg(cover)
    assert anime_cover_hash(anime_id=anime.pk) == cover_hash(jpeg(cover))


def test_our_own_copy_is_read_without_asking_anybody(web, cover, settings):
    settings.EGRESS_ENABLED = False
    image = image_store(file=jpeg(cover), purpose="poster")
    anime = AnimeFactory(poster=image, poster_url=HERE)
    found = anime_cover_hash(anime_id=anime.pk)
    assert distance(found, cover_hash(jpeg(scaled(marked(cover))))) <= SAME
    assert web.asked == []
    default_storage.delete(image.variants["150"]["webp"])
    assert anime_cover_hash(anime_id=anime.pk) == found


def test_a_copy_whose_file_is_gone_is_a_failure_and_no_crash(web, cover):
    image = image_store(file=jpeg(cover_draw(9)), purpose="poster")
    default_storage.delete(image.variants["150"]["webp"])
    assert anime_cover_hash(anime_id=AnimeFactory(poster=image).pk) is None


def test_nothing_is_fetched_while_outgoing_requests_are_off(web, settings, cover):
    settings.EGRESS_ENABLED = False
    web.files |= {HERE: jpeg(cover)}
    title, anime = ProviderTitleFactory(cover_url=HERE), AnimeFactory(poster_url=HERE)
    covers = (title_cover_hash(title=title), anime_cover_hash(anime_id=anime.pk))
    assert (covers, web.asked) == ((None, None), [])
    settings.EGRESS_ENABLED = True  # it was no failure
    assert title_cover_hash(title=title) == anime_cover_hash(anime_id=anime.pk) == cover_hash(jpeg(cover))


def test_the_job_hashes_what_has_no_hash_and_goes_on_where_it_was(web, cover):
    web.files |= {HERE: jpeg(cover), THERE: 404}
    done, lost = AnimeFactory(poster_url=HERE), AnimeFactory(poster_url=THERE)
    AnimeFactory()
    AnimeFactory(poster_url=HERE, merged_into=done)
    job = covers_request()
    assert covers_request() is None
    assert job_run(job_id=job.pk).result == {"hashed": 1, "failed": 1}
    assert list(CoverHash.objects.values_list("anime_id", flat=True)) == [done.pk]
    web.asked.clear()
    lost.poster_url = HERE
    lost.save(update_fields=["poster_url"])
    again = job_run(job_id=covers_request().pk)
    assert again.result == {"hashed": 1, "failed": 0}
    assert set(CoverHash.objects.values_list("anime_id", flat=True)) == {done.pk, lost.pk}
    assert web.asked == [HERE]


def test_at_night_posters_are_hashed_where_somebody_has_titles_to_compare(web):
    provider = ProviderFactory(off=True)
    assert covers_hash() is False
    provider.is_enabled = True
    provider.save(update_fields=["is_enabled"])
    assert covers_hash() is True
    assert covers_hash() is False  # it is being done
    assert [job.kind for job in Job.objects.all()] == ["providers.covers"]


def test_a_job_that_was_long_enough_leaves_the_rest_to_the_next(web, cover, monkeypatch):
    web.files[HERE] = jpeg(cover)
    AnimeFactory(poster_url=HERE)
    with monkeypatch.context() as shortened:
        shortened.setattr(covers, "LONGEST_SECONDS", -1.0)
        assert job_run(job_id=covers_request().pk).result == {"hashed": 0, "failed": 0}
    assert job_run(job_id=covers_request().pk).result == {"hashed": 1, "failed": 0}


def test_the_job_asks_nobody_when_nobody_may(web, settings):
    settings.EGRESS_ENABLED = False
    AnimeFactory(poster_url=HERE)
    result = job_run(job_id=covers_request().pk)
    assert (result.result, web.asked, Job.objects.get().state) == ({"hashed": 0, "failed": 0}, [], "done")
