"""The pages of notifications: by day, by kind, one that leads to its place, deleting with undo, the bell, the settings."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory, TranslationFactory
from lists.facade import entry_set
from social.models import Block, DigestPreference, EpisodeWish, Notification
from social.notices import FOLLOWED, MENTION, NEW_EPISODE, REPLY
from social.services.notifications import Notice, notify
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client: Client) -> User:
    person = UserFactory.create()
    client.force_login(person)
    return person


@pytest.fixture
def anime() -> Anime:
    return AnimeFactory.create(title="Hoshi no Niwa", document=True)


def told(
    reader: User, kind: Any = REPLY, url: str = "/collections", about: str = "a title", **more: Any
) -> Notification:
    context = {"about": about, "excerpt": "words of it"}
    group = str(uuid.uuid4())
    notify(
        user_ids=[reader.pk],
        notice=Notice(kind=kind, group=group, url=url, actor=UserFactory.create(), context=context, **more),
    )
    return Notification.objects.get(user=reader, group=group)


def page(client: Client, query: str = "", **more: Any) -> str:
    return client.get(f"/notifications{query}", **more).content.decode()


def test_they_stand_by_day_the_latest_first(client: Client, reader: User) -> None:
    old, new = told(reader, about="old"), told(reader, about="new")
    Notification.objects.filter(pk=old.pk).update(updated_at=timezone.now() - timedelta(days=2), read_at=timezone.now())
    html = page(client)
    assert html.index(str(new.pk)) < html.index(str(old.pk))
    assert html.count('<section class="notice-day">') == 3  # two days and the template of a new one
    assert html.count('class="notice is-unread"') == 1
    assert "words of it" in html


def test_as_many_queries_for_many_as_for_few(client: Client, reader: User, anime: Anime) -> None:
    for _ in range(2):
        told(reader, anime_id=anime.pk, spoils_episode=2)
    page(client)  # notes zone and language once
    with assert_queries("social/page notifications"):
        page(client)
    for _ in range(5):
        told(reader, anime_id=anime.pk, spoils_episode=2)
    with assert_queries("social/page notifications"):
        page(client)
    with assert_queries("social/page notifications/panel"):
        client.get("/notifications/panel")


def test_a_strangers_page_has_no_bell_and_asks_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        html = client.get("/accounts/password/reset/").content.decode()
    assert 'id="bell"' not in html


@pytest.mark.parametrize(("count", "shown", "said"), [(0, "0", 'label="Notifications"'), (100, "99+", "unread: 100")])
def test_the_bell_says_how_many(client: Client, reader: User, count: int, shown: str, said: str) -> None:
    now = timezone.now()
    Notification.objects.bulk_create(
        Notification(user=reader, kind="reply", group=str(n), url="/x", created_at=now, updated_at=now)
        for n in range(count)
    )
    html = page(client, "/panel") and client.get("/settings/notifications").content.decode()
    assert re.search(rf'class="bell-count"[^>]*>{re.escape(shown)}<', html)
    assert said in html
    assert ('class="bell-count" aria-hidden="true" hidden' in html) == (count == 0)


def test_one_leads_to_its_place_and_is_read_by_that(client: Client, reader: User) -> None:
    row = told(reader, url="/collections?q=a#b")
    answer = client.get(f"/notifications/{row.pk}", headers={"Sec-Purpose": "prefetch"})
    row.refresh_from_db()
    assert (answer.status_code, row.read_at) == (302, None)
    answer = client.get(f"/notifications/{row.pk}")
    row.refresh_from_db()
    assert answer.headers["Location"] == "/collections?q=a#b"
    assert row.read_at is not None


@pytest.mark.parametrize("url", ["//evil.example", "https://evil.example/x", "javascript:alert(1)", "settings", ""])
def test_none_leads_away_from_the_site(client: Client, reader: User, url: str) -> None:
    row = told(reader)
    Notification.objects.filter(pk=row.pk).update(url=url)
    assert client.get(f"/notifications/{row.pk}").headers["Location"] == "/notifications"


def test_those_of_others_are_not_found_and_stay(client: Client, reader: User) -> None:
    row = told(UserFactory.create())
    assert client.get(f"/notifications/{row.pk}").status_code == 404
    assert client.get(f"/notifications/{row.pk}/line").status_code == 404
    client.post(f"/notifications/{row.pk}/delete")
    client.post(f"/notifications/{row.pk}/restore")
    client.post("/notifications/read", {"id": str(row.pk)})
    client.post("/notifications/delete")
    row.refresh_from_db()
    assert row.read_at is None
    assert client.post("/notifications/read", {"id": "x"}).status_code == 404


def test_kinds_and_unread_are_filtered(client: Client, reader: User) -> None:
    reply, follow = told(reader), told(reader, FOLLOWED)
    Notification.objects.filter(pk=reply.pk).update(read_at=timezone.now())
    assert str(follow.pk) not in page(client, "?type=conversations")
    assert str(reply.pk) in page(client, "?type=conversations")
    assert str(reply.pk) not in page(client, "?unread=1")
    assert "Nothing of this kind" in page(client, "?type=episodes")
    assert str(reply.pk) in page(client, "?type=nonsense")
    assert client.get("/notifications?cursor=nonsense").status_code == 302


def test_it_goes_further_back(client: Client, reader: User) -> None:
    for _ in range(31):
        told(reader)
    more = re.search(r'href="(\?[^"]*cursor=[^"]+)" rel="next"', page(client))
    assert more
    further = page(client, more[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert further.count('<li class="notice') == 1
    assert "<html" not in further


def test_deleting_one_is_taken_back_from_its_message(client: Client, reader: User) -> None:
    row = told(reader)
    html = client.post(f"/notifications/{row.pk}/delete", follow=True).content.decode()
    assert not Notification.objects.exists()
    undo = re.search(r'action="(/notifications/[^"]+/restore)"', html)
    assert undo
    assert "The notification is back." in client.post(undo[1], follow=True).content.decode()
    assert Notification.objects.get().pk == row.pk
    assert "too late" in client.post(undo[1], follow=True).content.decode()


def test_all_are_read_and_all_are_deleted_without_scripts(client: Client, reader: User) -> None:
    for _ in range(3):
        told(reader)
    assert "3 notifications are read." in client.post("/notifications/read", follow=True).content.decode()
    assert client.post("/notifications/read", headers={"HX-Request": "true"}).status_code == 204
    html = client.post("/notifications/delete", follow=True).content.decode()
    assert "3 notifications are deleted." in html
    assert "Nothing yet" in html


def test_back_leads_nowhere_else(client: Client, reader: User) -> None:
    row = told(reader)
    answer = client.post("/notifications/read", {"id": str(row.pk), "next": "//evil.example"})
    assert answer.headers["Location"] == "/notifications"


def test_spoilers_stay_covered_until_they_are_seen(client: Client, reader: User, anime: Anime) -> None:
    told(reader, anime_id=anime.pk, spoils_episode=4)
    assert "words of it" not in page(client)
    assert "gives away something" in page(client)
    entry_set(user=reader, anime_id=anime.pk, status="watching", episodes_watched=4)
    assert "words of it" in page(client)


def test_who_is_blocked_is_named_nowhere(client: Client, reader: User) -> None:
    row = told(reader, MENTION)
    actor = row.actors.get().user
    assert actor.username in page(client)
    Block.objects.create(blocker=actor, blocked=reader)
    assert actor.username not in page(client) + page(client, "/panel")
    assert "Somebody mentioned you" in page(client)


def test_words_of_strangers_are_inert(client: Client, reader: User) -> None:
    evil = "<script>alert(1)</script>\u202e%(who)s"
    row = told(reader, about=evil)
    Notification.objects.filter(pk=row.pk).update(context={"about": evil, "excerpt": "<img src=x onerror=alert(1)>"})
    User.objects.filter(pk=row.actors.get().user_id).update(display_name="<b>bold</b>")
    for html in (page(client), page(client, "/panel"), page(client, f"/{row.pk}/line")):
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert "<b>bold" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


def test_a_row_of_a_kind_that_is_gone_is_still_a_row(client: Client, reader: User) -> None:
    told(reader)
    Notification.objects.update(kind="of_yesterday", context={})
    assert "of_yesterday" in page(client)


def test_sentences_are_in_the_readers_language_and_titles_in_theirs(client: Client, reader: User) -> None:
    anime = AnimeFactory.create(title="Hoshi no Niwa", title_english="Garden of Stars", document=True)
    context = {"about": "Hoshi no Niwa", "episodes": [2, 3], "variants": [["sub", "en"], ["dub", "ru"]]}
    notice = Notice(kind=NEW_EPISODE, group="e", url=f"/watch/{anime.pk}/2", context=context, anime_id=anime.pk)
    notify(user_ids=[reader.pk], notice=notice)
    assert "episode 2–3 is here (Sub (English), Dub (Russian))" in page(client)
    client.cookies["titles"] = "english"
    assert "Garden of Stars" in page(client)
    client.cookies["django_language"] = "ru"
    russian = page(client)
    assert 'lang="ru"' in russian
    assert DigestPreference.objects.get(user=reader).language == "ru"


def test_the_digests_rhythm_is_chosen(client: Client, reader: User) -> None:
    client.cookies["tz"] = "Asia/Tokyo"
    client.post("/settings/notifications/digest", {"frequency": "weekly"})
    row = DigestPreference.objects.get(user=reader)
    assert (row.frequency, row.time_zone) == ("weekly", "Asia/Tokyo")
    client.post("/settings/notifications/digest", {"frequency": "hourly"})
    row.refresh_from_db()
    assert row.frequency == "weekly"
    assert re.search(r'value="weekly" checked', client.get("/settings/notifications").content.decode())


def test_the_settings_show_every_kind_and_the_wishes(client: Client, reader: User) -> None:
    TranslationFactory.create(kind="dub", language="ru")
    with assert_queries("social/page settings/notifications"):
        html = client.get("/settings/notifications").content.decode()
    for kind in ("friend_request", "new_episode", "upvote", "report_outcome", "new_sign_in"):
        assert f'value="{kind}:site"' in html
    assert "By e-mail in the digest." in html
    assert 'value="dub:ru"' in html
    client.post("/settings/notifications/episodes", {"which": "some", "wish": ["dub:ru", "sub:", "raw:"]})
    kept = EpisodeWish.objects.filter(user=reader, anime=None).order_by("kind")
    assert list(kept.values_list("kind", "language")) == [("dub", "ru"), ("raw", ""), ("sub", "")]
    html = client.get("/settings/notifications").content.decode()
    assert 'value="dub:ru" checked' in html
    client.post("/settings/notifications/episodes", {"which": "any", "wish": ["dub:ru"]})
    assert not EpisodeWish.objects.exists()


@pytest.mark.parametrize("wish", ["x:ru", "any:", "sub:<b>", "sub:" + "x" * 13, "", "sub:ru:ru"])
def test_wishes_that_are_none_change_nothing(client: Client, reader: User, wish: str) -> None:
    EpisodeWish.objects.create(user=reader, kind="sub")
    answer = client.post("/settings/notifications/episodes", {"which": "some", "wish": [wish]}, follow=True)
    assert "no variants" in answer.content.decode()
    assert EpisodeWish.objects.get().kind == "sub"


def test_an_anime_has_wishes_of_its_own(client: Client, reader: User, anime: Anime) -> None:
    TranslationFactory.create(kind="dub", language="ru")
    address = f"/anime/{anime.pk}/notices"
    assert f'hx-get="{address}"' in client.get(f"/anime/{anime.pk}", follow=True).content.decode()
    assert "<html" not in client.get(address, headers={"HX-Request": "true"}).content.decode()
    assert client.post(address, {"which": "nothing"}).headers["Location"].startswith(f"/anime/{anime.pk}")
    assert EpisodeWish.objects.get().is_muted
    assert "Hoshi no Niwa" in client.get("/settings/notifications").content.decode()
    client.post(address, {"which": "some", "wish": ["dub:ru"]})
    assert list(EpisodeWish.objects.values_list("anime", "kind", "language", "is_muted")) == [
        (anime.pk, "dub", "ru", False)
    ]
    client.post(address, {"which": "general"})
    assert not EpisodeWish.objects.exists()
    hidden = AnimeFactory.create(hidden=True)
    assert client.post(f"/anime/{hidden.pk}/notices", {"which": "nothing"}).status_code == 410
    assert client.get("/anime/99999999999999999999/notices").status_code == 404
