"""Posters are fetched once, kept here, hashed from the same bytes; failures are left alone and hosts that rest, too."""

import datetime
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog.facade import anime_poster_set, anime_update
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core import egress
from core.jobs.services import job_run
from core.media.images import image_store
from core.models import Job, StoredImage
from providers.covers.hashing import cover_hash
from providers.models import CoverHash, PosterCopy, Provider
from providers.services import posters
from providers.services.covers import anime_cover_hash
from providers.services.posters import HostRests, poster_fetch, poster_request, posters_due, posters_request
from providers.tasks import posters_fetch
from providers.tests.covers.pictures import cover_draw, jpeg
from providers.tests.servers import answer, provider_site

pytestmark = pytest.mark.django_db
ONE, TWO = (jpeg(cover_draw(seed).resize((120, 170))) for seed in (1, 2))
PAUSE = answer(status="429 Too Many Requests", headers={"Retry-After": "120"})


@pytest.fixture
def site(settings, monkeypatch):
    settings.EGRESS_ENABLED = True
    monkeypatch.setattr(posters, "RATE", egress.Rate(1000, 1.0))
    pages = {"/1.jpg": answer(ONE), "/2.jpg": answer(TWO)}
    with provider_site(pages) as (_provider, site):
        Provider.objects.filter(name="jikan").update(base_url=site.base_url, is_enabled=True)
        yield site


def anime_at(site, path, **fields):
    return AnimeFactory(poster_url=f"{site.base_url}{path}", **fields)


def test_a_poster_is_stored_and_hashed_with_one_request(site):
    anime = anime_at(site, "/1.jpg")
    assert poster_fetch(anime_id=anime.pk) == "stored"
    anime.refresh_from_db()
    assert (anime.poster.purpose, sorted(anime.poster.variants["120"])) == ("poster", ["avif", "webp"])
    assert anime.colour == anime.poster.colour
    assert anime_cover_hash(anime_id=anime.pk) == cover_hash(ONE) == CoverHash.objects.get().value
    assert (poster_fetch(anime_id=anime.pk), posters_due(limit=9)) == ("kept", [])
    assert site.asked == ["/1.jpg"]


@pytest.mark.parametrize(
    ("page", "days"),
    [
        (answer(status="404 Not Found"), 7),
        (answer(b"<html>no</html>"), 7),
        (answer(ONE[:200]), 7),
        (answer(ONE + bytes(5 * 1024**2)), 7),
        (answer(status="302 Found", headers={"Location": "http://10.0.0.1/1.jpg"}), 7),
        (answer(status="500 Oops"), 0),
    ],
)
def test_what_cannot_be_had_is_left_alone(site, page, days):
    site.pages["/1.jpg"] = page
    anime = anime_at(site, "/1.jpg")
    assert poster_fetch(anime_id=anime.pk) == "failed"
    copy = PosterCopy.objects.get()
    assert ((copy.again_at - timezone.now()).days, copy.error != "") == (days - 1 if days else 0, True)
    assert (poster_fetch(anime_id=anime.pk), posters_due(limit=9), len(site.asked)) == ("kept", [], 1)
    assert (Anime.objects.get().poster, StoredImage.objects.count()) == (None, 0)
    PosterCopy.objects.update(again_at=timezone.now() - datetime.timedelta(seconds=1))
    site.pages["/1.jpg"] = answer(TWO)
    assert (posters_due(limit=9), poster_fetch(anime_id=anime.pk)) == ([anime.pk], "stored")


def test_an_origin_that_nobody_may_ask_is_a_failure(site):
    for url in ("http://127.0.0.1:1/1.jpg", "ftp://127.0.0.1/1.jpg", "http://169.254.169.254/1.jpg"):
        assert poster_fetch(anime_id=AnimeFactory(poster_url=url).pk) == "failed"
    Provider.objects.update(base_url="https://jikan.example.org")  # nobody's service is at http any more
    assert poster_fetch(anime_id=anime_at(site, "/1.jpg").pk) == "failed"
    assert (PosterCopy.objects.filter(error="egress_refused").count(), site.asked) == (4, [])


def test_another_origin_is_fetched_anew_and_the_old_picture_goes(site, django_capture_on_commit_callbacks):
    anime = anime_at(site, "/1.jpg")
    poster_fetch(anime_id=anime.pk)
    former = Anime.objects.get().poster
    Anime.objects.update(poster_url=f"{site.base_url}/2.jpg")
    assert posters_due(limit=9) == [anime.pk]
    with django_capture_on_commit_callbacks(execute=True):
        assert poster_fetch(anime_id=anime.pk) == "stored"
    assert (Anime.objects.get().poster != former, StoredImage.objects.count()) == (True, 1)
    assert anime_cover_hash(anime_id=anime.pk) == cover_hash(TWO)
    Anime.objects.update(poster_url=f"{site.base_url}/gone.jpg")
    assert poster_fetch(anime_id=anime.pk) == "failed"
    assert (StoredImage.objects.count(), posters_due(limit=9)) == (1, [])


def test_a_poster_of_staff_stays_whatever_its_origin(site):
    anime = anime_at(site, "/1.jpg")
    poster_fetch(anime_id=anime.pk)
    theirs = image_store(file=TWO, purpose="poster")
    anime_update(actor=None, anime=anime, poster=theirs)
    Anime.objects.update(poster_url=f"{site.base_url}/2.jpg")
    assert (posters_due(limit=9), poster_request(anime.pk)) == ([], None)
    assert poster_fetch(anime_id=anime.pk) == "kept"
    assert Anime.objects.get().poster == theirs


def test_a_poster_set_while_ours_was_fetched_stays(site, monkeypatch):
    anime = anime_at(site, "/1.jpg")
    theirs = image_store(file=TWO, purpose="poster")

    def late(**given):
        Anime.objects.update(poster=theirs)
        return anime_poster_set(**given)

    monkeypatch.setattr(posters, "anime_poster_set", late)
    assert poster_fetch(anime_id=anime.pk) == "kept"
    assert (Anime.objects.get().poster, PosterCopy.objects.count()) == (theirs, 0)


def test_the_job_leaves_hosts_that_ask_for_it_and_comes_back(site):
    first, second = anime_at(site, "/1.jpg", popularity=10**6), anime_at(site, "/2.jpg")
    site.pages["/2.jpg"] = PAUSE
    assert posters_fetch() is True
    assert posters_fetch() is False  # it is being done
    job = job_run(job_id=Job.objects.get().pk)
    assert (job.state, job.error_code) == ("queued", "hosts_rest")
    assert job.payload == {"anime_ids": [second.pk], "position": 0, "left": [], "delay": 0.0, "counts": {"stored": 1}}
    assert job.run_after > timezone.now() + datetime.timedelta(seconds=100)
    with pytest.raises(HostRests):
        poster_fetch(anime_id=second.pk)
    assert site.asked == ["/1.jpg", "/2.jpg"]
    assert Anime.objects.get(pk=first.pk).poster is not None
    Job.objects.update(run_after=None, attempt=posters.ATTEMPTS - 1)
    assert job_run(job_id=job.pk).result == {"stored": 1, "left": 1}
    assert posters_due(limit=9) == []  # others have their turn


def test_a_job_that_was_killed_goes_on_behind_the_last_poster(site, monkeypatch):
    rows = [
        anime_at(site, path, popularity=10**6 - place) for place, path in enumerate(("/1.jpg", "/2.jpg", "/gone.jpg"))
    ]
    job = posters_request()

    def killed(**given):
        if given["anime_id"] == rows[1].pk:
            raise KeyboardInterrupt
        return poster_fetch(**given)

    monkeypatch.setattr(posters, "poster_fetch", killed)
    with pytest.raises(KeyboardInterrupt):
        job_run(job_id=job.pk)
    monkeypatch.undo()
    monkeypatch.setattr(posters, "RATE", egress.Rate(1000, 1.0))
    Job.objects.update(lease_until=timezone.now() - datetime.timedelta(seconds=1))
    assert job_run(job_id=job.pk).result == {"stored": 2, "failed": 1}
    assert site.asked == ["/1.jpg", "/2.jpg", "/gone.jpg"]


def test_one_anime_is_asked_for_once_and_only_where_somebody_may_be_asked(site, settings):
    anime = anime_at(site, "/1.jpg")
    job = poster_request(anime.pk)
    assert poster_request(anime.pk) is None
    assert job_run(job_id=job.pk).result == {"stored": 1}
    assert (poster_request(anime.pk), poster_request(10**9), poster_request(AnimeFactory().pk)) == (None, None, None)
    other = anime_at(site, "/2.jpg")
    settings.EGRESS_ENABLED = False
    assert (poster_request(other.pk), posters_fetch()) == (None, False)
    settings.EGRESS_ENABLED = True
    Provider.objects.update(is_enabled=False)
    assert (poster_request(other.pk), posters_fetch()) == (None, False)


def test_an_operator_fetches_some_at_once(site, settings):
    anime_at(site, "/1.jpg", popularity=10**6)
    anime_at(site, "/2.jpg")
    out = io.StringIO()
    call_command("fetch_posters", "--limit", "1", stdout=out)
    assert (out.getvalue(), site.asked) == ("stored: 1\n", ["/1.jpg"])
    site.pages["/2.jpg"] = PAUSE
    with pytest.raises(CommandError, match="1 are left"):
        call_command("fetch_posters")
    with pytest.raises(CommandError, match="at least 1"):
        call_command("fetch_posters", "--limit", "0")
    settings.EGRESS_ENABLED = False
    with pytest.raises(CommandError, match="EGRESS_ENABLED"):
        call_command("fetch_posters")
