"""The pages of conversations: what is shown to whom, every form without scripts, the pieces that scripts ask for."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.services.documents import documents_rebuild
from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from core.throttles import Limit
from lists.services.entries import entry_set
from lists.tests.pages.shelf_of_collections import collection_make
from social.access import get_collection_target
from social.models import Block, Comment, CommentVote, Thread
from social.services.comment_votes import comment_vote_set
from social.services.comments import comment_delete
from social.tests.comments import said, target_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db

FETCH = {"HTTP_X_REQUESTED_WITH": "fetch"}


@pytest.fixture
def anime() -> Anime:
    found = AnimeFactory.create(title="Rain and trains", episode_count=12)
    documents_rebuild(anime_ids=[found.pk])
    return found


@pytest.fixture
def author() -> User:
    return UserFactory.create(username="writer_x", display_name="The Writer")


@pytest.fixture
def reader(client: Client) -> User:
    """Somebody else, signed in."""
    user = UserFactory.create(username="reader_x")
    client.force_login(user)
    return user


def path_of(anime: Anime, episode: int | None = None) -> str:
    return f"/threads/anime/{anime.pk}" + (f"/{episode}" if episode else "")


class TestReading:
    def test_a_stranger_reads_and_is_asked_to_sign_in(self, client: Client, anime: Anime, author: User) -> None:
        top = said(author, target_of(author, anime), "**Loved** it")
        said(author, target_of(author, anime), "Me too", to=top)
        with assert_queries("social/GET thread page"):
            page = client.get(path_of(anime))
        html = text_of(page)
        assert "<strong>Loved</strong> it" in html
        assert "Me too" in html
        assert "The Writer" in html
        assert f"/accounts/login/?next=%2Fanime%2F{anime.pk}" in html
        assert "data-composer" not in html
        assert "Reply" not in html
        assert not page.cookies
        assert page["Cache-Control"].startswith("max-age=0, no-cache")

    def test_as_many_queries_for_many_as_for_few(
        self, client: Client, anime: Anime, author: User, reader: User
    ) -> None:
        target = target_of(author, anime, 1)
        tops = [said(author, target, f"top {n}") for n in range(2)]
        for top in tops:
            said(reader, target, "answer", to=top)
            comment_vote_set(actor=reader, comment_id=top.pk, value=1)

        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path_of(anime, 1)).status_code == 200
            return len(captured)

        few = count()
        for n in range(5):
            more = said(UserFactory.create(), target, f"more {n}")
            said(UserFactory.create(), target, "answer", to=more)
            comment_vote_set(actor=reader, comment_id=more.pk, value=-1)
        assert count() == few

    def test_the_order_is_in_the_address(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        target = target_of(author, anime)
        old, new = said(author, target, "the older"), said(author, target, "the newer")
        comment_vote_set(actor=reader, comment_id=old.pk, value=1)

        def order(query: str) -> list[str]:
            html = text_of(client.get(path_of(anime) + query))
            return sorted(("the older", "the newer"), key=html.index)

        assert (
            order("")
            == order("?sort=best")
            == order("?sort=old")
            == order("?sort=nonsense")
            == ["the older", "the newer"]
        )
        assert order("?sort=new") == ["the newer", "the older"]
        chosen = text_of(client.get(f"{path_of(anime)}?sort=controversial"))
        assert chosen.split('data-thread-sort="controversial"')[1].startswith(' aria-current="true"')
        assert new.pk

    def test_more_comments_by_links_and_by_pieces(self, client: Client, anime: Anime, author: User) -> None:
        target = target_of(author, anime)
        for n in range(23):
            said(author, target, f"comment number {n:02}")
        first = text_of(client.get(f"{path_of(anime)}?sort=old"))
        assert "number 19" in first
        assert "number 20" not in first
        href = first.split('class="thread-more"><a href="')[1].split('"')[0].replace("&amp;", "&")
        second = text_of(client.get(href))
        assert "number 22" in second
        assert "number 19" not in second
        assert "From the beginning" in second
        piece = client.get(f"{href}&part=more")
        assert piece.content.decode().count('class="comment"') == 3
        assert "<html" not in piece.content.decode()
        assert client.get(f"{path_of(anime)}?cursor=nonsense").status_code == 422

    def test_answers_that_are_left_out_are_behind_a_link(self, client: Client, anime: Anime, author: User) -> None:
        target = target_of(author, anime)
        top = said(author, target, "top")
        for n in range(6):
            said(author, target, f"answer {n}", to=top)
        html = text_of(client.get(f"{path_of(anime)}?sort=old"))
        assert "3 more replies" in html
        href = html.split(f'href="/comments/{top.pk}/replies')[1].split('"')[0].replace("&amp;", "&")
        page = text_of(client.get(f"/comments/{top.pk}/replies{href}"))
        assert "answer 5" in page
        assert "answer 2" not in page
        piece = client.get(f"/comments/{top.pk}/replies{href}&part=more").content.decode()
        assert piece.count("<article") == 3
        assert 'data-level="1"' in piece

    def test_deep_conversations_go_on_by_themselves(self, client: Client, anime: Anime, author: User) -> None:
        target = target_of(author, anime)
        chain = [said(author, target, "level 0")]
        for n in range(1, 9):
            chain.append(said(author, target, f"level {n}", to=chain[-1]))
        far = text_of(client.get(f"/comments/{chain[3].pk}/replies?level=4&part=more"))
        assert "level 5" in far
        assert "level 6" not in far
        assert f"?comment={chain[5].pk}" in far
        assert "Continue this conversation" in far

    def test_covered_until_seen(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        said(author, target_of(author, anime, 3), "He did it")
        html = text_of(client.get(path_of(anime, 3)))
        assert "Spoils episode 3" in html
        assert '<details class="shield"' in html
        entry_set(user=reader, anime_id=anime.pk, status="watching", episodes_watched=3)
        assert '<details class="shield"' not in text_of(client.get(path_of(anime, 3)))

    def test_html_of_strangers_stays_text(self, client: Client, anime: Anime, author: User) -> None:
        said(
            author,
            target_of(author, anime),
            "<script>alert(1)</script> <img src=x onerror=alert(2)> [x](javascript:alert(3))",
        )
        body = client.get(path_of(anime)).content.decode().split("data-comments")[1]
        assert "<script>alert" not in body
        assert "<img" not in body
        assert 'href="javascript' not in body

    def test_tombstones_and_the_blocked(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        target = target_of(author, anime)
        top = said(author, target, "to be taken back")
        said(reader, target, "an answer to it", to=top)
        comment_delete(actor=author, comment_id=top.pk)
        html = text_of(client.get(path_of(anime)))
        assert "This comment was deleted." in html
        assert "to be taken back" not in html
        assert "The Writer" not in html
        assert client.get(f"/comments/{top.pk}/history").status_code == 404
        said(author, target, "still there")
        assert "still there" in text_of(client.get(path_of(anime)))
        Block.objects.create(blocker=author, blocked=reader)
        assert "still there" not in text_of(client.get(path_of(anime)))

    def test_what_the_viewer_may_not_see_has_no_conversation(self, client: Client, author: User) -> None:
        secret = collection_make(author, title="Mine", visibility="private")
        hidden = AnimeFactory.create(visibility="hidden")
        adult = AnimeFactory.create(is_adult=True)
        comment = said(author, get_collection_target(author, secret.pk), "to myself")
        assert client.get(f"/threads/collection/{secret.pk}").status_code == 404
        assert client.get(f"/comments/{comment.pk}").status_code == 404
        assert client.get(path_of(hidden)).status_code == 410
        assert client.get(path_of(adult)).status_code == 403
        assert client.get(f"/threads/anime/{adult.pk + 1000}").status_code == 404
        assert client.get(f"/comments/{uuid.uuid4()}").status_code == 404


class TestPlaces:
    def test_the_permalink_leads_to_the_place_wherever_it_is(self, client: Client, anime: Anime, author: User) -> None:
        target = target_of(author, anime)
        chain = [said(author, target, "the very first")]
        for n in range(1, 6):
            chain.append(said(author, target, f"level {n}", to=chain[-1]))
        for n in range(25):
            said(author, target, f"newer {n}")
        found = client.get(f"/comments/{chain[5].pk}")
        assert found.status_code == 302
        address, anchor = found["Location"].split("#")
        assert anchor == f"comment-{chain[5].pk}"
        page = text_of(client.get(address))
        assert f'<li class="comment is-focus" id="{anchor}"' in page
        assert all(f"level {n}" in page for n in range(2, 6))
        assert "level 1" not in page
        assert "Further up in this conversation" in page
        assert "newer 3" not in page
        episode = said(author, target_of(author, anime, 2), "about the second")
        assert client.get(f"/comments/{episode.pk}")["Location"].startswith(f"/threads/anime/{anime.pk}/2?comment=")

    def test_a_comment_of_elsewhere_opens_nothing(self, client: Client, anime: Anime, author: User) -> None:
        elsewhere = said(author, target_of(author, AnimeFactory.create()), "elsewhere")
        said(author, target_of(author, anime), "here")
        html = text_of(client.get(f"{path_of(anime)}?comment={elsewhere.pk}"))
        assert "elsewhere" not in html
        assert "here" in html
        assert client.get(f"{path_of(anime)}?comment=nonsense").status_code == 200

    def test_under_the_pages_of_others(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        said(author, target_of(author, anime), "about all of it")
        said(author, target_of(author, anime, 4), "about the fourth")
        page = text_of(client.get(f"/anime/{anime.pk}", follow=True))
        assert "about all of it" not in page  # it is fetched when it comes into view
        assert f'hx-get="/threads/anime/{anime.pk}?part=thread"' in page
        assert f'href="/threads/anime/{anime.pk}/4"' in page
        collection = collection_make(author, 1)
        said(author, get_collection_target(author, collection.pk), "about these")
        shown = text_of(client.get(f"/collections/{collection.pk}"))
        assert "about these" in shown
        assert "data-composer" in shown

    def test_what_it_costs_the_anime_page(self, client: Client, anime: Anime, author: User) -> None:
        path = f"/anime/{anime.pk}"
        client.get(path, follow=True)

        def count() -> int:
            with CaptureQueriesContext(connection) as captured:
                client.get(path, follow=True)
            return sum('FROM "social_thread"' in query["sql"] for query in captured.captured_queries)

        assert count() == 1
        for n in range(5):
            said(author, target_of(author, anime, n + 1), "x")
        assert count() == 1


class TestWriting:
    def test_without_scripts(self, client: Client, anime: Anime, reader: User) -> None:
        body = {"body": "First\r\n\r\nline", "nonce": "abc123", "spoils_episode": "2"}
        sent = client.post(path_of(anime), body)
        comment = Comment.objects.get()
        assert (comment.body, comment.author_id, comment.spoils_episode) == ("First\n\nline", reader.pk, 2)
        assert sent["Location"] == f"/comments/{comment.pk}"
        assert sent.cookies["draft_done"].value == "abc123"
        assert client.post(path_of(anime), body)["Location"] == sent["Location"]
        assert Comment.objects.count() == 1

    def test_a_script_gets_the_comment_to_put_in_its_place(self, client: Client, anime: Anime, reader: User) -> None:
        sent = client.post(path_of(anime), {"body": "*Hello*"}, **FETCH)
        assert sent.status_code == 201
        html = sent.content.decode()
        assert "<em>Hello</em>" in html
        assert f'data-of="{path_of(anime)}"' in html
        assert "<html" not in html
        answer = client.post(f"/comments/{Comment.objects.get().pk}/reply", {"body": "Hi", "level": "1"}, **FETCH)
        assert 'data-level="1"' in answer.content.decode()

    @pytest.mark.parametrize("body", ["", " \n\t", "x" * 10_001, "\x00", "\u200b"])
    def test_what_is_refused_comes_back(self, client: Client, anime: Anime, reader: User, body: str) -> None:
        sent = client.post(path_of(anime), {"body": body, "is_spoiler": "1"}, HTTP_ACCEPT="text/html")
        assert sent.status_code == 422
        html = sent.content.decode()
        assert 'aria-invalid="true"' in html
        assert "checked" in html
        assert body.strip()[:100] in html
        problem = client.post(path_of(anime), {"body": body}, **FETCH)
        assert problem.json()["error"] == "validation_failed"
        assert not Comment.objects.exists()

    def test_an_episode_left_empty_gives_nothing_away(self, client: Client, anime: Anime, reader: User) -> None:
        assert 'name="spoils_episode" min="0" max="100000" inputmode="numeric" placeholder="–" value="3"' in text_of(
            client.get(path_of(anime, 3))
        )
        client.post(path_of(anime, 3), {"body": "safe", "spoils_episode": ""})
        client.post(path_of(anime, 3), {"body": "unsaid"})
        assert list(Comment.objects.order_by("pk").values_list("spoils_episode", flat=True)) == [0, 3]

    def test_strangers_the_muted_and_closed_conversations(self, client: Client, anime: Anime, author: User) -> None:
        sent = client.post(path_of(anime), {"body": "x"})
        assert sent["Location"].startswith("/accounts/login/?next=")
        assert client.post(path_of(anime), {"body": "x"}, **FETCH).status_code == 401
        said(author, target_of(author, anime), "before")
        muted = UserFactory.create(muted_until=timezone.now() + timedelta(days=1), mute_reason="Shouting")
        client.force_login(muted)
        html = text_of(client.get(path_of(anime)))
        assert "you cannot write comments." in html
        assert "Shouting" in html
        assert "data-composer" not in html.split("data-thread-list")[0]
        assert client.post(path_of(anime), {"body": "x"}).status_code == 403
        client.force_login(UserFactory.create())
        Thread.objects.update(is_locked=True)
        assert "This conversation is closed" in text_of(client.get(path_of(anime)))
        assert client.post(path_of(anime), {"body": "x"}, **FETCH).json()["error"] == "thread_locked"
        client.force_login(UserFactory.create(role="moderator"))
        assert "only moderators write here" in text_of(client.get(path_of(anime)))
        assert client.post(path_of(anime), {"body": "order"}).status_code == 302
        assert Comment.objects.count() == 2

    def test_too_much_at_once(
        self, client: Client, anime: Anime, reader: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("social.pages.comment_answers.COMMENTS", Limit("comments-test", 1, 60))
        assert client.post(path_of(anime), {"body": "one"}).status_code == 302
        refused = client.post(path_of(anime), {"body": "two, not lost"})
        assert refused.status_code == 429
        assert "two, not lost" in refused.content.decode()

    def test_answering(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        top = said(author, target_of(author, anime), "top")
        form = text_of(client.get(f"/comments/{top.pk}/reply"))
        assert "top" in form
        assert f'action="/comments/{top.pk}/reply"' in form
        sent = client.post(f"/comments/{top.pk}/reply", {"body": "answer"})
        made = Comment.objects.get(parent=top)
        assert sent["Location"] == f"/comments/{made.pk}"
        piece = client.get(f"/comments/{top.pk}/reply", **FETCH).content.decode()
        assert piece.strip().startswith("<form")
        assert client.post(f"/comments/{top.pk}/reply", {"body": ""}).status_code == 422
        comment_delete(actor=author, comment_id=top.pk)
        assert client.post(f"/comments/{top.pk}/reply", {"body": "late"}, **FETCH).status_code == 409

    def test_editing_and_what_it_said_before(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        mine = said(reader, target_of(reader, anime), "with a ||secret|| mistake")
        others = said(author, target_of(author, anime), "not yours")
        assert "with a ||secret|| mistake" in text_of(client.get(f"/comments/{mine.pk}/edit"))
        assert client.post(f"/comments/{mine.pk}/edit", {"body": "without"}).status_code == 302
        assert client.post(f"/comments/{others.pk}/edit", {"body": "mine now"}).status_code == 404
        page = text_of(client.get(path_of(anime)))
        assert f'href="/comments/{mine.pk}/history"' in page
        history = text_of(client.get(f"/comments/{mine.pk}/history"))
        assert '<span class="spoiler" tabindex="0">secret</span> mistake' in history
        assert "without" in history
        piece = client.post(f"/comments/{mine.pk}/edit", {"body": "again"}, **FETCH)
        assert '<p dir="auto">again</p>' in piece.content.decode()
        Comment.objects.filter(pk=mine.pk).update(created_at=timezone.now() - timedelta(hours=1))
        late = client.post(f"/comments/{mine.pk}/edit", {"body": "too late, but kept"})
        assert late.status_code == 409
        assert "too late, but kept" in late.content.decode()

    def test_deleting_asks_first(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        target = target_of(reader, anime)
        mine, alone = said(reader, target, "mine"), said(reader, target, "alone")
        said(author, target, "an answer", to=mine)
        assert "Delete this comment?" in text_of(client.get(f"/comments/{mine.pk}/delete"))
        assert Comment.objects.filter(deleted_at=None).count() == 3
        tombstone = client.post(f"/comments/{mine.pk}/delete", **FETCH)
        assert "This comment was deleted." in tombstone.content.decode()
        assert client.post(f"/comments/{alone.pk}/delete", **FETCH).status_code == 204
        assert client.post(f"/comments/{alone.pk}/delete").status_code == 404

    def test_votes(self, client: Client, anime: Anime, author: User, reader: User) -> None:
        theirs = said(author, target_of(author, anime), "theirs")
        mine = said(reader, target_of(author, anime), "mine")
        path = f"/comments/{theirs.pk}/vote"
        assert client.post(path, {"value": "1"}, **FETCH).json() == {"score": 1, "up": 1, "down": 0, "mine": 1}
        assert client.post(path, {"value": "-1"}, **FETCH).json() == {"score": -1, "up": 0, "down": 1, "mine": -1}
        back = client.post(path, {"value": "0"}, HTTP_REFERER=f"http://testserver{path_of(anime)}?sort=new")
        assert back["Location"] == f"http://testserver{path_of(anime)}?sort=new#comment-{theirs.pk}"
        assert not CommentVote.objects.exists()
        elsewhere = client.post(path, {"value": "1"}, HTTP_REFERER="https://evil.example/")
        assert elsewhere["Location"] == f"/comments/{theirs.pk}"
        assert client.post(f"/comments/{mine.pk}/vote", {"value": "1"}, **FETCH).status_code == 400
        assert f'action="/comments/{mine.pk}/vote"' not in text_of(client.get(path_of(anime)))

    def test_previews(self, client: Client, anime: Anime, reader: User) -> None:
        fields: dict[str, Any] = {"body": "@reader_x at 1:02 ||dies||", "anime": anime.pk, "episode": 1}
        html = client.post("/comments/preview", fields).content.decode()
        assert f'href="/watch/{anime.pk}/1?t=62"' in html
        assert '<a class="mention"' in html or 'class="mention"' in html
        assert '<span class="spoiler"' in html
        assert not Comment.objects.exists()
        assert client.post("/comments/preview", {"body": "x" * 20_001}, **FETCH).status_code == 422
        assert client.post("/comments/preview", {"body": "1:02", "anime": "x", "episode": "9" * 99}).status_code == 200
        client.logout()
        assert client.post("/comments/preview", {"body": "x"}, **FETCH).status_code == 401


class TestCounts:
    def test_none_is_said_where_the_viewer_sees_nothing(
        self, client: Client, anime: Anime, author: User, reader: User
    ) -> None:
        for episode in (None, 3):
            said(author, target_of(author, anime, episode), "hidden")
        watched = f"/anime/{anime.pk}"
        assert "Read 1 comment" in text_of(client.get(watched, follow=True))
        Block.objects.create(blocker=reader, blocked=author)
        html = text_of(client.get(path_of(anime)))
        assert "No comments yet" in html
        assert "data-thread-count></span>" in html
        assert 'data-count="0"' in html
        whole = text_of(client.get(watched, follow=True))
        assert "Write the first comment" in whole
        assert 'class="thread-episodes"' not in whole
        said(UserFactory.create(), target_of(author, anime), "seen")
        assert "data-thread-count>1<" in text_of(client.get(path_of(anime)))

    def test_no_number_where_what_hangs_below_is_unknown(self, client: Client, anime: Anime, author: User) -> None:
        target = target_of(author, anime)
        last = None
        for n in range(10):
            last = said(author, target, f"level {n}", to=last)
        html = text_of(client.get(path_of(anime)))
        assert "Continue this conversation" in html
        assert "more repl" not in html
