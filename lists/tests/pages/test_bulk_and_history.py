"""Many entries at once with undo; the history as lines, undo, forgetting."""

import uuid
from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.tests.factories import UserFactory
from catalog.models import Rating
from lists import services
from lists.models import ListActivity, ListEntry, WatchedEpisode, WatchProgress
from lists.services.bulk import entries_change
from lists.tests.pages.shelf import list_fill, page_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return UserFactory.create(username="reader")


@pytest.fixture
def own(client: Client, user) -> Client:
    client.force_login(user)
    return client


class TestBulk:
    def test_many_change_at_once_and_back(self, own: Client, user) -> None:
        ids = list_fill(user, 3)
        form = {
            "anime": ids,
            "status": "on_hold",
            "score": "7",
            "add_tags": "cosy",
            "is_favourite": "yes",
            "next": "/list",
        }
        response = own.post("/list/bulk", form, follow=True)
        html = page_of(response)
        assert "3 entries changed" in html
        assert set(ListEntry.objects.values_list("status", "is_favourite")) == {("on_hold", True)}
        assert set(Rating.objects.values_list("score", flat=True)) == {70}
        undo = html.split('action="/list/bulk/')[1].split('"')[0]
        assert "3 changes undone" in page_of(own.post(f"/list/bulk/{undo}", follow=True))
        assert set(ListEntry.objects.values_list("status", "is_favourite")) == {("watching", False)}
        assert not Rating.objects.exists()
        assert "This was undone already" in page_of(own.post(f"/list/bulk/{undo}", follow=True))

    def test_what_is_refused_is_told_with_its_reason(self, own: Client, user) -> None:
        ids = list_fill(user, 1)
        html = page_of(own.post("/list/bulk", {"anime": [*ids, 999999], "is_private": "yes"}, follow=True))
        assert "1 entry changed · 1 refused: Not found (1)" in html

    def test_removal(self, own: Client, user) -> None:
        ids = list_fill(user, 2)
        assert "2 entries changed" in page_of(own.post("/list/bulk", {"anime": ids, "remove": "1"}, follow=True))
        assert not ListEntry.objects.exists()

    @pytest.mark.parametrize(
        ("form", "said"),
        [
            ({"status": "on_hold"}, "Choose some entries first."),
            ({"anime": ["1"]}, "Choose what to change."),
            ({"anime": ["x"], "status": "on_hold"}, "That is no entry."),
            ({"anime": ["-1"], "status": "on_hold"}, "That is no entry."),
            ({"anime": ["1"], "status": "bogus"}, "One of"),
            ({"anime": ["1"], "score": "11"}, "A score in your format"),
            ({"anime": ["1"] * 501, "status": "on_hold"}, "At most 500 entries"),
            ({"anime": ["1"], "add_tags": "x" * 51}, "At most 50 characters"),
            ({"anime": ["1"], "add_tags": "x" * 140_000}, "At most 50 characters"),
        ],
    )
    def test_bad_input_changes_nothing(self, own: Client, user, form: dict, said: str) -> None:
        list_fill(user, 1)
        assert said in page_of(own.post("/list/bulk", form, follow=True))
        assert ListEntry.objects.get().status == "watching"
        assert not ListActivity.objects.exists()

    def test_ten_thousand_ids_are_too_many(self, own: Client) -> None:
        response = own.post("/list/bulk", {"anime": list(range(10_000)), "remove": "1"})
        assert response.status_code in (400, 413)

    def test_others_entries_stay(self, client: Client, user) -> None:
        ids = list_fill(user, 2)
        client.force_login(UserFactory.create())
        client.post("/list/bulk", {"anime": ids, "remove": "1"})
        client.post("/list/bulk", {"anime": ids, "is_private": "yes"})
        assert ListEntry.objects.filter(user=user, is_private=False).count() == 2

    def test_a_batch_of_another_is_not_found(self, client: Client, user) -> None:
        batch = entries_change(user=user, anime_ids=list_fill(user, 1), source="site", is_private=True).batch
        client.force_login(UserFactory.create())
        for wanted in (batch, uuid.uuid4()):
            client.post(f"/list/bulk/{wanted}/undo")
        assert ListEntry.objects.get().is_private


class TestHistory:
    def test_lines_are_sentences_by_day(self, own: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        services.episode_next(user=user, anime_id=anime_id)
        services.entry_set(user=user, anime_id=anime_id, score=70)
        services.entry_set(user=user, anime_id=anime_id, score=85, tags=["cosy"], notes="x", is_favourite=True)
        html = page_of(own.get("/list/history"))
        for part in (
            "watched episode 4",
            "score 7",
            "score 7 → 8.5",
            "tags +cosy",
            "notes written",
            "made a favourite",
        ):
            assert part in html, part
        assert html.count('class="history-day"') == 1

    def test_days_are_the_viewers(self, own: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        services.episode_next(user=user, anime_id=anime_id)
        ListActivity.objects.update(created_at=datetime(2024, 5, 17, 23, 30, tzinfo=UTC))
        html = page_of(own.get("/list/history"))
        assert 'datetime="2024-05-17"' in html
        assert ">23:30</time>" in html
        own.cookies["tz"] = "Asia/Tokyo"
        html = page_of(own.get("/list/history"))
        assert 'datetime="2024-05-18"' in html
        assert ">08:30</time>" in html

    def test_a_batch_is_one_line_that_opens(self, own: Client, user) -> None:
        ids = list_fill(user, 4)
        batch = entries_change(user=user, anime_ids=ids, source="site", is_private=True).batch
        html = page_of(own.get("/list/history"))
        assert "Bulk edit: 4 changes" in html
        assert html.count('class="history-line"') == 1
        assert page_of(own.get(f"/list/history?batch={batch}")).count('class="history-line"') == 4
        services.activity_undo(user=user, activity_id=ListActivity.objects.first().pk)
        assert "1 undone" in page_of(own.get("/list/history"))

    def test_as_many_queries_for_few_lines_as_for_more(self, own: Client, user) -> None:
        for count in (5, 5):
            for anime_id in list_fill(user, count):
                services.episode_next(user=user, anime_id=anime_id)
            with assert_queries("lists/page history"):
                own.get("/list/history")
            with assert_queries("lists/page watched episodes"):
                own.get("/list/history?tab=episodes")

    def test_pages_go_on_where_they_ended(self, own: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        for score in range(1, 71):
            services.entry_set(user=user, anime_id=anime_id, score=score)
        first = page_of(own.get("/list/history"))
        assert first.count('class="history-line"') == 50
        more = first.split('class="history-more" hx-get="')[1].split('"')[0]
        rest = page_of(own.get(f"/list/history{more}", headers={"HX-Request": "true"}))
        assert rest.count('class="history-line"') == 20
        assert "<html" not in rest
        for cursor in ("x", "1.2", "99999999999999999.0", "1..", "1.zz", "12345.%00"):
            assert own.get(f"/list/history?after={cursor}").status_code == 200
            assert own.get(f"/list/history?tab=episodes&after={cursor}").status_code == 200
        assert own.get("/list/history?batch=nonsense").status_code == 200

    def test_undo_from_the_history_and_what_changed_since(self, own: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        first = services.entry_set(user=user, anime_id=anime_id, score=70).activity
        services.entry_set(user=user, anime_id=anime_id, score=80)
        said = page_of(own.post(f"/list/history/{first.pk}/undo", {"next": "/list/history"}, follow=True))
        assert "It has been changed since then" in said
        latest = ListActivity.objects.order_by("-created_at").first()
        page = page_of(own.post(f"/list/history/{latest.pk}/undo", {"next": "/list/history"}, follow=True))
        assert "is-undone" in page
        assert Rating.objects.get().score == 70

    def test_anothers_change_is_not_found(self, client: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        activity = services.entry_set(user=user, anime_id=anime_id, score=70).activity
        client.force_login(UserFactory.create())
        assert client.post(f"/list/history/{activity.pk}/undo", headers={"HX-Request": "true"}).status_code == 404
        assert Rating.objects.get().score == 70

    def test_watched_episodes_have_a_tab(self, own: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        counted = services.episode_next(user=user, anime_id=anime_id)
        assert "episode 4" in page_of(own.get("/list/history?tab=episodes"))
        services.activity_undo(user=user, activity_id=counted.activity.pk)
        assert "episode 4" not in page_of(own.get("/list/history?tab=episodes"))

    def test_forgetting_is_asked_first(self, own: Client, user) -> None:
        (anime_id,) = list_fill(user, 1)
        services.episode_next(user=user, anime_id=anime_id)
        services.progress_save(user=user, anime_id=anime_id, episode_number=1, position=61, duration=1400)
        assert "Forget the changes" in page_of(own.get("/list/history/clear"))
        own.post("/list/history/clear", {"what": "everything"})
        assert ListActivity.objects.exists()
        assert WatchProgress.objects.exists()
        own.post("/list/history/clear", {"what": "changes"})
        assert not ListActivity.objects.exists()
        assert ListEntry.objects.exists()
        assert WatchedEpisode.objects.exists()
        own.post("/list/history/clear", {"what": "progress"})
        assert not WatchProgress.objects.exists()
