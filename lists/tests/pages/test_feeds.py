"""The calendar's feeds: what is in them, for how long their address is good, and what titles cannot do to them."""

import datetime
from email.utils import parsedate_to_datetime

import pytest
import time_machine
from defusedxml import ElementTree
from django.test import Client
from django.utils import timezone

from accounts.tests.factories import UserFactory
from catalog.models import Anime, BroadcastRule
from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory, BroadcastRuleFactory, EpisodeFactory
from lists.models import ListEntry
from lists.services.calendars import calendar_key, calendar_revoke
from lists.tests.pages.ical import ical_read
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db
WEDNESDAY = datetime.datetime(2024, 5, 15, 12, 0, tzinfo=datetime.UTC)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def user():
    return UserFactory.create(username="watcher")


def airing(
    user, title: str = "Late Show", *, first_at=None, zone: str = "UTC", status: str = "watching", **fields
) -> Anime:
    """An anime on the list that airs every week from `first_at` on (1 May 2024, 22:30)."""
    facts = {"title": title, "status": "airing", "end_date": None, "episode_count": None, **fields}
    anime = AnimeFactory.create(**facts)
    begin = first_at or datetime.datetime(2024, 5, 1, 22, 30, tzinfo=datetime.UTC)
    BroadcastRuleFactory.create(anime=anime, first_at=begin, timezone=zone)
    documents_rebuild(anime_ids=[anime.pk])
    if user is not None:
        ListEntry.objects.create(user=user, anime=anime, status=status)
    return anime


def feed(client: Client, user, kind: str = "ics", **headers):
    return client.get(f"/calendar/{calendar_key(user=user)}.{kind}", headers=headers)


def events(client: Client, user) -> list[dict[str, str]]:
    return [event.values for event in ical_read(feed(client, user).content).inside]


def items(client: Client, user):
    return ElementTree.fromstring(feed(client, user, "rss").content).findall("channel/item")


@pytest.fixture
def at_noon():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.mark.usefixtures("at_noon")
class TestWhatIsInIt:
    def test_a_week_back_and_four_ahead(self, user, client: Client) -> None:
        anime = airing(user)
        airing(None, "Of nobody's list")
        key = calendar_key(user=user)
        with assert_queries("lists/GET calendar ics"):
            answer = client.get(f"/calendar/{key}.ics")
        with assert_queries("lists/GET calendar rss"):
            client.get(f"/calendar/{key}.rss")
        assert answer["Content-Type"] == "text/calendar; charset=utf-8"
        assert answer["Cache-Control"] == "private, no-cache"
        found = events(client, user)
        assert [one["DTSTART"] for one in found] == [
            f"{day}T223000Z" for day in ("20240508", "20240515", "20240522", "20240529", "20240605", "20240612")
        ]
        assert found[0]["UID"] == f"{anime.pk}-2@hiroba"
        assert found[0]["DTEND"] == "20240508T225400Z"
        assert found[0]["SUMMARY"] == "Late Show · 2"
        assert found[0]["URL"].startswith("http://testserver/anime/")

    @pytest.mark.parametrize(
        ("status", "is_in"),
        [
            ("planned", True),
            ("watching", True),
            ("on_hold", True),
            ("rewatching", True),
            ("completed", False),
            ("dropped", False),
        ],
    )
    def test_what_is_behind_one_is_not_in_it(self, user, client: Client, status: str, is_in: bool) -> None:
        airing(user, status=status)
        assert bool(events(client, user)) is is_in
        assert bool(items(client, user)) is is_in

    def test_hidden_never_and_adult_for_those_who_asked(self, client: Client) -> None:
        tester = UserFactory.create(role="tester")
        airing(tester, "Taken down", visibility="hidden", moderation_reason="x")
        airing(tester, "Grown up", is_adult=True)
        assert events(client, tester) == []
        tester.shows_adult = True
        tester.save()
        assert {one["SUMMARY"].partition(" ·")[0] for one in events(client, tester)} == {"Grown up"}

    def test_days_alone_are_whole_days(self, user, client: Client) -> None:
        anime = AnimeFactory.create(status="airing", end_date=None, document=True)
        EpisodeFactory.create(anime=anime, number=4, aired_on=datetime.date(2024, 5, 20))
        ListEntry.objects.create(user=user, anime=anime, status="planned")
        (event,) = ical_read(feed(client, user).content).inside
        assert event.values["DTSTART"] == "20240520"
        assert event.parameters["DTSTART"] == ";VALUE=DATE"
        (item,) = items(client, user)
        assert parsedate_to_datetime(item.findtext("pubDate")) == datetime.datetime(2024, 5, 20, tzinfo=datetime.UTC)

    def test_titles_are_in_the_owners_language_whoever_reads(self, user, client: Client) -> None:
        airing(user, "Kimi no Yoru", title_native="君の夜", title_english="Your Night")
        client.cookies["titles"] = "english"
        for language, title in (("native", "君の夜"), ("english", "Your Night"), ("romaji", "Kimi no Yoru")):
            user.title_language = language
            user.save()
            assert events(client, user)[0]["SUMMARY"] == f"{title} · 2"
            assert items(client, user)[0].findtext("title").startswith(title)

    def test_rss_says_when_and_keeps_its_ids(self, user, client: Client) -> None:
        anime = airing(user)
        answer = feed(client, user, "rss")
        assert answer["Content-Type"].startswith("application/rss+xml")
        channel = ElementTree.fromstring(answer.content).find("channel")
        assert channel.find(f"{ATOM}link").attrib == {
            "rel": "self", "href": f"http://testserver/calendar/{calendar_key(user=user)}.rss",
        }  # fmt: skip
        built = parsedate_to_datetime(channel.findtext("lastBuildDate"))
        assert built == datetime.datetime(2024, 5, 8, 22, 30, tzinfo=datetime.UTC)  # the latest that has been
        found = channel.findall("item")
        moments = [parsedate_to_datetime(item.findtext("pubDate")) for item in found]
        assert moments == sorted(moments, reverse=True)
        assert moments[-1] == datetime.datetime(2024, 5, 8, 22, 30, tzinfo=datetime.UTC)
        assert found[-1].find("guid").attrib == {"isPermaLink": "false"}
        assert found[-1].findtext("guid") == f"{anime.pk}-2@hiroba"
        assert found[-1].findtext("description") == "2024-05-08 22:30 UTC"


def test_the_local_hour_stays_when_the_clocks_change(user, client: Client) -> None:
    """Berlin leaves summer time on 27 October 2024: 20:00 there is 18:00 UTC before, 19:00 after."""
    airing(user, first_at=datetime.datetime(2024, 10, 5, 18, 0, tzinfo=datetime.UTC), zone="Europe/Berlin")
    with time_machine.travel(datetime.datetime(2024, 10, 23, 23, 30, tzinfo=datetime.UTC), tick=False):
        found = [one["DTSTART"] for one in events(client, user)]
        dates = [parsedate_to_datetime(item.findtext("pubDate")) for item in items(client, user)]
    assert found[:3] == ["20241019T180000Z", "20241026T180000Z", "20241102T190000Z"]
    assert dates[-2:] == [datetime.datetime(2024, 10, day, 18, tzinfo=datetime.UTC) for day in (26, 19)]


@pytest.mark.usefixtures("at_noon")
class TestStability:
    def test_ids_outlive_a_new_hour_and_a_new_title(self, user, client: Client) -> None:
        anime = airing(user)
        before = [one["UID"] for one in events(client, user)]
        guids = [item.findtext("guid") for item in items(client, user)]
        rule = BroadcastRule.objects.get(anime=anime)
        rule.first_at += datetime.timedelta(hours=3)
        rule.save()
        Anime.objects.filter(pk=anime.pk).update(title="Later Show")
        documents_rebuild(anime_ids=[anime.pk])
        after = events(client, user)
        assert after[0]["SUMMARY"].startswith("Later Show")
        assert {one["UID"] for one in after} >= set(before[:-1])
        assert set(guids[1:]) <= {item.findtext("guid") for item in items(client, user)}

    @pytest.mark.parametrize("kind", ["ics", "rss"])
    def test_an_unchanged_feed_is_not_sent_twice(self, user, client: Client, kind: str) -> None:
        anime = airing(user)
        first = feed(client, user, kind)
        with time_machine.travel(WEDNESDAY + datetime.timedelta(minutes=5), tick=False):
            again = feed(client, user, kind, **{"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"] == "private, no-cache"
        ListEntry.objects.filter(anime=anime).delete()
        assert feed(client, user, kind, **{"If-None-Match": first["ETag"]}).status_code == 200


@pytest.mark.usefixtures("at_noon")
class TestHostileTitles:
    def test_cannot_add_lines_or_properties(self, user, client: Client) -> None:
        title = "A, b; c\\n\r\nEND:VEVENT\nATTACH:http://evil.example/\x07\x85\u2028 end " + "鬼" * 60
        airing(user, title)
        found = events(client, user)
        assert len(found) == 6
        assert not any("ATTACH" in one for one in found)
        assert found[0]["SUMMARY"].startswith("A, b; c\\n\nEND:VEVENT\nATTACH:http")

    def test_cannot_leave_the_xml(self, user, client: Client) -> None:
        airing(user, "]]></title><script>alert(1)</script>&amp;\x07\ufffe")
        assert items(client, user)[0].findtext("title").startswith("]]></title><script>alert(1)</script>&amp; ·")


class TestAddress:
    def test_a_new_password_ends_it(self, user, client: Client) -> None:
        key = calendar_key(user=user)
        user.set_password("another-pferd-9")
        user.save()
        assert client.get(f"/calendar/{key}.ics").status_code == 404
        assert feed(client, user).status_code == 200

    def test_a_new_address_ends_the_old_at_once(self, user, client: Client) -> None:
        key = calendar_key(user=user)
        assert calendar_key(user=user) == key
        new = calendar_revoke(user=user)
        assert new != key
        for kind in ("ics", "rss"):
            assert client.get(f"/calendar/{key}.{kind}").status_code == 404
            assert client.get(f"/calendar/{new}.{kind}").status_code == 200

    @pytest.mark.parametrize(
        "fields", [{"is_active": False}, {"deletion_due_at": timezone.now()}, {"erased_at": timezone.now()}]
    )
    def test_who_is_suspended_or_leaves_has_none(self, user, client: Client, fields: dict) -> None:
        key = calendar_key(user=user)
        type(user).objects.filter(pk=user.pk).update(**fields)
        assert client.get(f"/calendar/{key}.ics").status_code == 404
        assert client.get(f"/calendar/{key}.rss").status_code == 404

    @pytest.mark.parametrize("key", ["x", "a:b:c", "é", "0" * 500, "A" * 43, "_" * 43, "=", "%00"])
    def test_forged_keys_open_nothing(self, client: Client, key: str) -> None:
        assert client.get(f"/calendar/{key}.ics").status_code == 404

    def test_anothers_signature_opens_nothing(self, user, client: Client) -> None:
        other = UserFactory.create()
        mixed = calendar_key(user=other)[:21] + calendar_key(user=user)[21:]
        assert client.get(f"/calendar/{mixed}.ics").status_code == 404

    def test_a_key_stays_good_when_the_sites_secret_is_renewed(self, user, client: Client, settings) -> None:
        key = calendar_key(user=user)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "x" * 60, [settings.SECRET_KEY]
        assert client.get(f"/calendar/{key}.ics").status_code == 200
        settings.SECRET_KEY_FALLBACKS = []
        assert client.get(f"/calendar/{key}.ics").status_code == 404

    def test_the_old_address_leads_to_the_new_one(self, user, client: Client) -> None:
        key = calendar_key(user=user)
        answer = client.get("/schedule.ics", {"key": key})
        assert (answer.status_code, answer["Location"]) == (301, f"/calendar/{key}.ics")
        assert client.get("/schedule.ics", {"key": "a/b"}).status_code == 404

    def test_logs_do_not_hold_it(self, user, client: Client, settings, monkeypatch: pytest.MonkeyPatch) -> None:
        from core import requests

        lines: list[dict] = []
        monkeypatch.setattr(requests, "SLOW_SECONDS", -1)
        monkeypatch.setattr(requests.log, "info", lambda event, **fields: lines.append(fields))
        feed(client, user)
        assert [line["path"] for line in lines] == ["/calendar/<str:key>.ics"]

    def test_reading_too_often_is_slowed(self, user, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        from core.throttles import Limit
        from lists.pages import feeds

        monkeypatch.setattr(feeds, "OWNER_LIMIT", Limit("calendar-owner-test", 2, 3600))
        assert [feed(client, user).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.usefixtures("at_noon")
class TestPage:
    def test_shows_both_addresses_and_what_comes(self, user, client: Client) -> None:
        airing(user)
        client.force_login(user)
        client.get("/list/calendar")
        with assert_queries("lists/GET calendar page"):
            page = client.get("/list/calendar").content.decode()
        key = calendar_key(user=user)
        assert f"http://testserver/calendar/{key}.ics" in page
        assert f"http://testserver/calendar/{key}.rss" in page
        assert "Late Show · 3" in page
        assert "5 broadcasts in the next four weeks" in page
        assert client.get("/schedule?mine=1").content.count(b'href="/list/calendar"') == 1

    def test_the_button_makes_new_ones(self, user, client: Client) -> None:
        key = calendar_key(user=user)
        assert client.post("/list/calendar").status_code == 302
        assert calendar_key(user=user) == key
        client.force_login(user)
        assert client.post("/list/calendar")["Location"] == "/list/calendar"
        assert client.get(f"/calendar/{key}.ics").status_code == 404
