"""The community, one post, and the history of its edits, as pages."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory, EpisodeFactory
from catalog.tests.pages.shelf import loads_foreign, text_of
from lists.services.entries import entry_set
from social.models import Block, Category, Post
from social.services.post_reactions import reaction_set
from social.services.posts import post_delete, post_edit, post_lock, post_pin
from social.tests.posts import category_of, image_of, post_of
from tests.query_counts import assert_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return UserFactory.create(username="writer_x", display_name="The Writer")


@pytest.fixture
def reader(client: Client) -> User:
    """Somebody else, signed in."""
    user = UserFactory.create(username="reader_x")
    client.force_login(user)
    return user


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def titles(html: str) -> list[str]:
    return re.findall(r'class="post-row-title"><a [^>]*>([^<]*)<', html)


class TestCommunity:
    def test_a_list_says_what_one_needs_to_choose(self, client: Client, author: User) -> None:
        anime = AnimeFactory.create(document=True, title="Quiet Harbour")
        post = post_of(
            author,
            title="Rain in episode 3",
            body="So **much** rain ||and then snow||",
            anime_id=anime.pk,
            image_ids=[image_of(author, alt="Rain").pk],
        )
        reaction_set(actor=author, post_id=post.pk, kind="love")
        with assert_queries("social/GET community page"):
            page = client.get("/community")
        html = text_of(page)
        for words in ("Rain in episode 3", "The Writer", "General", "So much rain", "Quiet Harbour", "just now"):
            assert words in html, words
        assert "and then snow" not in html
        assert f'href="/community/posts/{post.pk}#comments"' in html
        assert re.search(r'class="post-thumb".*?<img [^>]*width="\d+" height="\d+"[^>]*loading="lazy"', html)
        assert not page.cookies
        assert not loads_foreign(html)
        assert "Write a post" not in html

    def test_the_number_of_queries_does_not_grow(self, client: Client, reader: User) -> None:
        def add() -> None:
            anime, writer = AnimeFactory.create(document=True), UserFactory.create()
            post_of(writer, anime_id=anime.pk, image_ids=[image_of(writer).pk])

        add()
        few = queries(client, "/community")
        for _ in range(5):
            add()
        assert queries(client, "/community") == few

    def test_sorts_and_periods_are_in_the_address(self, client: Client) -> None:
        post_of(title="Old and loved", age=timedelta(days=20), score=90)
        post_of(title="Of this week", age=timedelta(days=3), score=5)
        post_of(title="Of today", age=timedelta(hours=2), score=1)
        assert titles(text_of(client.get("/community?sort=recent")))[0] == "Of today"
        assert titles(text_of(client.get("/community?sort=top"))) == ["Of this week", "Of today"]
        assert titles(text_of(client.get("/community?sort=top&period=all")))[0] == "Old and loved"
        assert titles(text_of(client.get("/community?sort=top&period=day"))) == ["Of today"]
        html = text_of(client.get("/community?sort=top&period=month"))
        assert re.search(r'href="/community\?sort=top&amp;period=month" aria-current="true"', html)
        assert 'href="/community?sort=top&amp;period=year"' in html

    @pytest.mark.parametrize(
        "given",
        ["?sort=hot", "?sort=odd", "?q=", "?sort=top&period=week", "?period=day", "?anime=x", "?utm=1", "?cursor=zzz"],
    )
    def test_what_is_unknown_or_the_default_leads_to_the_tidy_address(self, client: Client, given: str) -> None:
        assert client.get(f"/community{given}")["Location"] in ("/community", "/community?sort=top")

    def test_search_people_and_anime_narrow_the_list_and_can_be_taken_off(self, client: Client, author: User) -> None:
        anime = AnimeFactory.create(document=True, title="Harbour")
        post_of(author, title="Lighthouse keepers", anime_id=anime.pk)
        post_of(title="Trains")
        assert titles(text_of(client.get("/community?q=light"))) == ["Lighthouse keepers"]
        assert titles(text_of(client.get("/community?by=writer_x"))) == ["Lighthouse keepers"]
        html = text_of(client.get(f"/community?anime={anime.pk}"))
        assert titles(html) == ["Lighthouse keepers"]
        assert re.search(
            r'class="chip" href="/community"><span class="sr-only">Remove filter: </span><bdi>Harbour', html
        )
        assert "No post is like this" in text_of(client.get("/community?q=zzzz"))
        assert client.get("/community?by=nobody_at_all").status_code == 404

    def test_a_category_is_an_address_of_its_own(self, client: Client, reader: User) -> None:
        category_of("questions")
        post_of(title="General talk")
        post_of(title="A question", category="questions")
        html = text_of(client.get("/community/questions"))
        assert titles(html) == ["A question"]
        assert re.search(r'href="/community/questions" aria-current="page"', html)
        assert 'href="/community/new?category=questions"' in html
        assert client.get("/community/nothing-here").status_code == 404

    def test_names_are_in_the_readers_language(self, client: Client) -> None:
        category = category_of()
        Category.objects.filter(pk=category.pk).update(name_ru="Всякое", description="Whatever fits nowhere else.")
        client.cookies["django_language"] = "ru"
        html = text_of(client.get("/community/general"))
        assert "Всякое" in html
        assert "Whatever fits nowhere else." not in html

    def test_more_goes_on_where_the_list_ended(self, client: Client) -> None:
        for number in range(23):
            post_of(title=f"Post {number:02}", age=timedelta(hours=number))
        first = text_of(client.get("/community?sort=recent"))
        more = re.search(r'id="posts-more"><a class="button" href="([^"]*)"', first)
        assert more
        address = more[1].replace("&amp;", "&")
        whole = client.get(address)
        assert len(titles(first)) == 20
        assert len(titles(text_of(whole))) == 3
        assert not set(titles(first)) & set(titles(text_of(whole)))
        assert "<html" in text_of(whole)
        piece = text_of(client.get(address, headers={"HX-Request": "true"}))
        assert "<html" not in piece
        assert len(titles(piece)) == 3
        assert "posts-more" not in piece

    def test_pinned_ones_stand_on_top_with_a_mark(self, client: Client) -> None:
        pinned = post_of(title="Rules", age=timedelta(days=90))
        post_of(title="Fresh")
        post_pin(actor=UserFactory.create(role="moderator"), post_id=pinned.pk)
        html = text_of(client.get("/community?sort=recent"))
        assert titles(html) == ["Rules", "Fresh"]
        assert html.count("post-mark-pinned") == 1
        assert "post-mark-pinned" not in text_of(client.get("/community?q=rules"))

    def test_what_gives_something_away_is_covered(self, client: Client, author: User, reader: User) -> None:
        anime = AnimeFactory.create(document=True, episode_count=12)
        for number in range(1, 13):
            EpisodeFactory.create(anime=anime, number=number)
        image = image_of(author)
        post = post_of(
            author, title="The end", body="He was the keeper", anime_id=anime.pk, spoils_episode=9, image_ids=[image.pk]
        )
        html = text_of(client.get("/community"))
        assert re.search(rf'data-shield="post-{post.pk}">.*?Gives episode 9 away.*?He was the keeper', html, re.DOTALL)
        assert "post-thumb" not in html
        entry_set(user=reader, anime_id=anime.pk, status="watching", episodes_watched=9)
        html = text_of(client.get("/community"))
        assert "data-shield" not in html
        assert "post-thumb" in html

    def test_nobody_sees_posts_of_those_whom_a_block_parts_from_them(
        self, client: Client, author: User, reader: User
    ) -> None:
        post_of(author, title="From across")
        Block.objects.create(blocker=author, blocked=reader)
        assert "From across" not in text_of(client.get("/community"))

    def test_empty_states_say_what_to_do(self, client: Client) -> None:
        assert "Nobody has written here yet" in text_of(client.get("/community"))
        assert "Nobody has written in this time" in text_of(client.get("/community?sort=top&period=day"))

    def test_hostile_words_are_inert_in_the_list_and_on_the_page(self, client: Client) -> None:
        wild = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>"
        post = post_of(title=f"{wild} \u202etitle", body=f"{wild}\n\n[x](javascript:alert(3))")
        for path in ("/community", f"/community/posts/{post.pk}", f"/community?q={wild}"):
            html = text_of(client.get(path, follow=True))
            assert "<img src=x" not in html
            assert "<script>alert" not in html
            assert 'href="javascript' not in html
            assert "\u202e" not in html


class TestPost:
    def test_everything_of_it(self, client: Client, author: User, reader: User) -> None:
        anime = AnimeFactory.create(document=True, title="Quiet Harbour")
        EpisodeFactory.create(anime=anime, number=2)
        image = image_of(author, alt="The pier")
        body = f"Look: [episode](/watch/{anime.pk}/2)\n\n# Loud\n\nWords"
        post = post_of(author, title="On the pier", body=body, anime_id=anime.pk, image_ids=[image.pk])
        reaction_set(actor=reader, post_id=post.pk, kind="wow")
        with assert_queries("social/GET post page"):
            page = client.get(f"/community/posts/{post.pk}")
        html = text_of(page)
        assert "<h3" in html
        assert "Loud</h3>" in html
        assert re.search(r'<img [^>]*alt="The pier" loading="lazy"', html)
        assert html.count('class="post-card"') == 2
        assert f'<a href="/watch/{anime.pk}/2"' in html
        assert re.search(r'id="reaction-wow"[^>]*value="none" aria-pressed="true" aria-label="Surprising: 1"', html)
        assert re.search(r'id="reaction-like"[^>]*value="like" aria-pressed="false" aria-label="Like: 0"', html)
        assert 'id="comments"' in html
        assert f"/reports/new?target=post&amp;id={post.pk}" in html
        assert "data-copy" in html
        for absent in (f"{post.pk}/edit", f"{post.pk}/delete", f"{post.pk}/pin"):
            assert absent not in html
        assert [tag for tag in loads_foreign(html) if 'rel="canonical"' not in tag] == []

    def test_what_links_elsewhere_say_gives_nothing_away(self, client: Client, author: User) -> None:
        plain = post_of(author, title="Open", body="An open text ||but not this||", image_ids=[image_of(author).pk])
        covered = post_of(author, title="Shut", body="He dies", is_spoiler=True, image_ids=[image_of(author).pk])
        html = text_of(client.get(f"/community/posts/{plain.pk}"))
        assert '<meta property="og:description" content="An open text ▮▮▮">' in html
        assert '<meta name="description" content="An open text ▮▮▮">' in html
        assert re.search(r'<meta property="og:image" content="http://testserver/[^"]+">', html)
        head = text_of(client.get(f"/community/posts/{covered.pk}")).partition("</head>")[0]
        assert "He dies" not in head
        assert "og:image" not in head
        assert 'og:description" content="Gives the story away"' in head

    def test_a_covered_text_stands_behind_the_shield_with_its_pictures(self, client: Client, author: User) -> None:
        post = post_of(author, body="He dies", is_spoiler=True, image_ids=[image_of(author, alt="A grave").pk])
        html = text_of(client.get(f"/community/posts/{post.pk}"))
        shield = re.search(r'<details class="shield".*?</details>', html, re.DOTALL)
        assert shield
        assert "He dies" in shield[0]
        assert "A grave" in shield[0]
        assert html.count("He dies") == 1
        client.force_login(author)
        assert (
            '<details class="shield"' not in text_of(client.get(f"/community/posts/{post.pk}")).partition("comments")[0]
        )

    def test_its_author_edits_and_deletes_it(self, client: Client, author: User) -> None:
        post = post_of(author, title="Mine")
        client.force_login(author)
        html = text_of(client.get(f"/community/posts/{post.pk}"))
        assert f"/community/posts/{post.pk}/edit" in html
        assert "target=post" not in html
        asks = text_of(client.get(f"/community/posts/{post.pk}/delete"))
        assert "Delete this post?" in asks
        assert Post.objects.get(pk=post.pk).deleted_at is None
        assert client.post(f"/community/posts/{post.pk}/delete")["Location"] == "/community"
        gone = client.get(f"/community/posts/{post.pk}")
        assert gone.status_code == 404
        assert "This post is not here" in text_of(gone)

    def test_those_who_moderate_pin_close_and_remove(self, client: Client, author: User) -> None:
        post, moderator = post_of(author), UserFactory.create(role="moderator")
        client.force_login(moderator)
        path = f"/community/posts/{post.pk}"
        client.post(f"{path}/pin", {"is_on": "1"})
        client.post(f"{path}/lock", {"is_on": "1"})
        html = text_of(client.get(path))
        for words in ("Unpin", "Pinned", "Closed: it is read on, but nobody answers", f"{post.pk}/delete"):
            assert words in html, words
        assert f"{post.pk}/edit" not in html
        client.post(f"{path}/lock", {"is_on": "0"})
        post.refresh_from_db()
        assert (post.is_pinned, post.is_locked) == (True, False)

    def test_one_answer_for_all_that_may_not_be_seen(self, client: Client, author: User, reader: User) -> None:
        deleted, blocked = post_of(author, title="Secret A"), post_of(UserFactory.create(), title="Secret B")
        adult = post_of(
            UserFactory.create(shows_adult=True),
            title="Secret C",
            anime_id=AnimeFactory.create(document=True, adult=True).pk,
        )
        hidden_anime = AnimeFactory.create(document=True)
        hidden = post_of(author, title="Secret D", anime_id=hidden_anime.pk)
        hidden_anime.visibility = "hidden"
        hidden_anime.save(update_fields=["visibility"])
        post_delete(actor=author, post_id=deleted.pk)
        Block.objects.create(blocker=blocked.author, blocked=reader)
        answers = set()
        for post in (deleted, blocked, adult, hidden):
            page = client.get(f"/community/posts/{post.pk}")
            assert page.status_code == 404
            assert "Secret" not in text_of(page)
            answers.add(
                re.sub(
                    r"[0-9a-f-]{36}|csrf\w+|content=\"[^\"]*\"|hx-headers='[^']*'|value=\"[^\"]*\"", "", text_of(page)
                )
            )
            for rest in ("/edit", "/revisions", "/delete"):
                assert client.get(f"/community/posts/{post.pk}{rest}").status_code == 404
            assert client.post(f"/community/posts/{post.pk}/reaction", {"kind": "like"}).status_code == 404
        assert len(answers) == 1
        assert not deleted.post_reactions.exists()

    def test_of_somebody_who_left(self, client: Client, author: User) -> None:
        post = post_of(author, title="Orphan")
        Post.objects.filter(pk=post.pk).update(author=None)
        html = text_of(client.get(f"/community/posts/{post.pk}"))
        assert "Somebody who left" in html
        assert "target=post" not in html

    def test_strangers_are_led_to_the_sign_in_and_back(self, client: Client, author: User) -> None:
        post = post_of(author)
        html = text_of(client.get(f"/community/posts/{post.pk}"))
        assert f'href="/accounts/login/?next=/community/posts/{post.pk}" aria-label="Like: 0. Sign in to react"' in html


class TestReactions:
    def test_one_of_five_and_back(self, client: Client, author: User, reader: User) -> None:
        post = post_of(author)
        path = f"/community/posts/{post.pk}/reaction"
        assert client.post(path, {"kind": "love"})["Location"] == f"/community/posts/{post.pk}"
        piece = text_of(client.post(path, {"kind": "sad"}, headers={"HX-Request": "true"}))
        assert "<html" not in piece
        assert re.search(r'id="reaction-sad"[^>]*value="none" aria-pressed="true" aria-label="Sad: 1"', piece)
        assert re.search(r'id="reaction-love"[^>]*aria-pressed="false" aria-label="Love: 0"', piece)
        piece = text_of(client.post(path, {"kind": "none"}, headers={"HX-Request": "true"}))
        assert 'aria-pressed="true"' not in piece
        post.refresh_from_db()
        assert (post.score, post.reactions) == (0, {})

    def test_an_unknown_kind_changes_nothing(self, client: Client, author: User, reader: User) -> None:
        post = post_of(author)
        assert client.post(f"/community/posts/{post.pk}/reaction", {"kind": "hate"}).status_code == 422
        assert not post.post_reactions.exists()


class TestRevisions:
    def test_each_edit_shows_what_changed(self, client: Client, author: User) -> None:
        post = post_of(author, title="Before", body="One line\n\nThe quick fox\n\nLast line")
        post_edit(actor=author, post_id=post.pk, body="One line\n\nThe quick red fox\n\nLast line")
        post_edit(actor=author, post_id=post.pk, title="After")
        html = text_of(client.get(f"/community/posts/{post.pk}/revisions"))
        assert "<del>Before</del>" in html or "Before</span></div>" in html
        assert "red" not in html
        older = re.findall(r'href="\?edit=(\d+)"', html)
        assert len(older) == 2
        html = text_of(client.get(f"/community/posts/{post.pk}/revisions?edit={older[1]}"))
        assert re.search(r"<ins>red\s*</ins>|<ins>\s*red</ins>", html)
        assert "<h2>Title</h2>" not in html
        assert f'href="/community/posts/{post.pk}/revisions"' in text_of(client.get(f"/community/posts/{post.pk}"))

    def test_never_edited(self, client: Client, author: User) -> None:
        assert "It was never edited" in text_of(client.get(f"/community/posts/{post_of(author).pk}/revisions"))

    def test_what_is_covered_is_covered_in_its_history_too(self, client: Client, author: User, reader: User) -> None:
        post = post_of(author, body="He dies", is_spoiler=True)
        post_edit(actor=author, post_id=post.pk, body="He dies at last")
        html = text_of(client.get(f"/community/posts/{post.pk}/revisions"))
        assert re.search(r'<details class="shield".*?at last.*?</details>', html, re.DOTALL)

    def test_inline_spoilers_are_covered_in_the_history(self, client: Client, author: User, reader: User) -> None:
        post = post_of(author, body="Open words\n\n||he dies||")
        post_edit(actor=author, post_id=post.pk, body="Open words\n\nnothing")
        post_edit(actor=author, post_id=post.pk, body="Open words\n\nnothing at all")
        path = f"/community/posts/{post.pk}/revisions"
        html = text_of(client.get(path))
        assert '<details class="shield"' not in html
        older = re.findall(r'href="\?edit=(\d+)"', html)
        html = text_of(client.get(f"{path}?edit={older[1]}"))
        assert re.search(r'<details class="shield".*?he dies.*?</details>', html, re.DOTALL)


class TestSlots:
    def test_the_front_page_has_a_row_that_strangers_share_for_a_minute(self, client: Client, author: User) -> None:
        cache.clear()
        post_of(author, title="Seen from the front")
        html = text_of(client.get("/"))
        assert "From the community" in html
        assert "Seen from the front" in html

    def test_a_profile_and_an_anime_show_posts(self, client: Client, author: User, reader: User) -> None:
        anime = AnimeFactory.create(document=True)
        path = f"/anime/{anime.pk}-{anime.slug}"
        assert "Nobody has written about it yet" in text_of(client.get(path))
        for number in range(6):
            post_of(author, title=f"About it {number}", anime_id=anime.pk)
        html = text_of(client.get(path))
        assert titles(html) == [f"About it {number}" for number in (5, 4, 3, 2, 1)]
        assert f"/community/new?anime={anime.pk}" in html
        assert f"/community?anime={anime.pk}&amp;sort=recent" in html
        html = text_of(client.get("/users/writer_x"))
        assert "About it 5" in html
        assert "/community?by=writer_x&amp;sort=recent" in html

    def test_nothing_stands_there_without_posts(self, client: Client, author: User) -> None:
        anime = AnimeFactory.create(document=True)
        assert "anime-posts" not in text_of(client.get(f"/anime/{anime.pk}-{anime.slug}"))
        assert "profile-posts" not in text_of(client.get("/users/writer_x"))


def test_a_closed_post_is_not_edited_by_its_author(client: Client, author: User) -> None:
    post = post_of(author, title="Shut")
    post_lock(actor=UserFactory.create(role="moderator"), post_id=post.pk)
    client.force_login(author)
    assert f"{post.pk}/edit" not in text_of(client.get(f"/community/posts/{post.pk}"))
    html = text_of(client.get(f"/community/posts/{post.pk}/edit"))
    assert "This conversation is closed" in html
    assert "<textarea" not in html
    sent = {"title": "Opened", "body": "Words", "category": "general", "act": "publish"}
    answer = client.post(f"/community/posts/{post.pk}/edit", sent)
    assert answer.status_code == 409
    assert "Opened" in text_of(answer)
    post.refresh_from_db()
    assert post.title == "Shut"
