"""What readers get of posts: cards of merged anime, old HTML made anew, posts of people who are gone."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import UserFactory
from catalog.services.merging import anime_merge
from catalog.tests.factories import AnimeFactory
from core.markup import VERSION
from social.models import Post, PostReaction, PostRevision
from social.querysets.posts import words_of
from social.selectors.posts import REVISIONS_SHOWN, PostQuery, post_detail, posts_page, revisions_of
from social.services.post_texts import linked_of, plain_of, post_text_make
from social.tests.posts import post_of

pytestmark = pytest.mark.django_db
STRANGER = AnonymousUser()


def test_posts_follow_a_merge_of_two_anime() -> None:
    keep, duplicate = AnimeFactory.create_batch(2, document=True)
    post = post_of(anime_id=duplicate.pk, body=f"[x](/anime/{duplicate.pk}) [y](/watch/{duplicate.pk}/2)")
    anime_merge(keep=keep, duplicate=duplicate, actor=None)
    row = post_detail(STRANGER, post.pk)
    assert row.post.anime_id == keep.pk
    assert row.anime is not None
    assert row.anime["id"] == keep.pk
    assert [(card["id"], card["episode"]) for card in row.linked] == [(keep.pk, None), (keep.pk, 2)]


def test_html_of_older_rules_is_made_anew_for_the_reader() -> None:
    post = post_of(body="**new**")
    Post.objects.update(html="<p>old</p>", html_version=VERSION - 1)
    assert "<strong>new</strong>" in post_detail(STRANGER, post.pk).post.html
    assert Post.objects.get().html == "<p>old</p>"


def test_of_many_edits_the_latest_are_read() -> None:
    post = post_of()
    rows = [PostRevision(post=post, title=f"{number}") for number in range(REVISIONS_SHOWN + 2)]
    PostRevision.objects.bulk_create(rows)
    shown = [row.title for row in revisions_of(STRANGER, post.pk)]
    assert (shown[0], shown[-1], len(shown)) == (f"{REVISIONS_SHOWN + 1}", "2", REVISIONS_SHOWN)


def test_a_post_of_nobody_any_more_is_read_on() -> None:
    post = post_of(body="words")
    Post.objects.update(author=None, html_version=0)
    row = post_detail(STRANGER, post.pk)
    assert (row.author, "words" in row.post.html) == (None, True)
    assert len(posts_page(UserFactory.create(), PostQuery()).rows) == 1


def test_lists_do_not_read_the_texts() -> None:
    reader = UserFactory.create()
    post = post_of()
    PostReaction.objects.create(post=post, user=reader, kind="wow")
    row = posts_page(reader, PostQuery()).rows[0]
    assert {"body", "html", "search_words"} <= row.post.get_deferred_fields()
    assert (row.my_reaction, row.is_own, row.can_delete) == ("wow", False, False)


def test_titles_are_fit_to_be_drawn() -> None:
    post = post_of(title="\u202eevil z" + "\u0301" * 30)
    row = post_detail(STRANGER, post.pk)
    assert "\u202e" not in row.title
    assert row.title.count("\u0301") <= 4
    assert row.post.title == "\u202eevil z" + "\u0301" * 30


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/anime/7", ((7, None),)),
        ("/anime/7-some-slug", ((7, None),)),
        ("/anime/7?x=1#y", ((7, None),)),
        ("https://hiroba.example/anime/7", ((7, None),)),
        ("https://HIROBA.example/watch/7/3?t=61", ((7, 3),)),
        ("//hiroba.example/anime/7", ((7, None),)),
        ("https://evil.example/anime/7", ()),
        ("https://hiroba.example@evil.example/anime/7", ()),
        ("//evil.example/anime/7", ()),
        ("https://hiroba.example:81/anime/7", ()),
        ("/anime/99999999999999999999", ()),
        ("/community", ()),
        ("/nowhere", ()),
        ("http://[::1", ()),
        ("", ()),
    ],
)
def test_only_addresses_of_this_site_become_cards(settings, address: str, found: tuple) -> None:  # type: ignore[no-untyped-def]
    settings.PUBLIC_URL = "https://hiroba.example"
    assert linked_of((address,)) == found


def test_without_a_public_address_only_paths_are_our_own(settings) -> None:  # type: ignore[no-untyped-def]
    settings.PUBLIC_URL = ""
    assert linked_of(("/anime/7", "https://hiroba.example/anime/8")) == ((7, None),)
    links = ("http://Localhost:8000/anime/7", "http://localhost/anime/8", "http://localhost:8000@evil.example/anime/9")
    assert linked_of(links, host="localhost:8000") == ((7, None),)


def test_a_public_address_is_the_only_one(settings) -> None:  # type: ignore[no-untyped-def]
    settings.PUBLIC_URL = "https://hiroba.example"
    links = ("https://evil.example/anime/7", "https://hiroba.example/anime/8")
    assert linked_of(links, host="evil.example") == ((8, None),)


def test_paths_in_the_words_become_cards() -> None:
    body = "See /watch/8455/1, (/anime/7-a-slug)\n\n`/anime/1` x/anime/2 /anime/ /anime/99999999999 [it](/anime/3)\n\n    /anime/4"
    made = post_text_make(title="", body=body, author=None, images={})
    assert made.linked == ((3, None), (8455, 1), (7, None))


def test_cards_are_few_and_each_once() -> None:
    assert linked_of(("/anime/1", "/anime/1-x", *(f"/anime/{n}" for n in range(2, 40)))) == tuple(
        (n, None) for n in range(1, 11)
    )


def test_plain_words_cover_spoilers_whatever_is_in_them() -> None:
    made = '<p>a <span class="spoiler" tabindex="0">b <a href="/x">c</a> &lt;</span> d</p><p>e &amp; f</p>'
    assert plain_of(made) == "a ▮▮▮ d e & f"


def test_words_are_folded() -> None:
    assert words_of("Ёлка ЕЛКА ﬁre FIRE straße a_b-c 進撃 3つ") == [
        "елка", "fire", "strasse", "a", "b", "c", "進", "撃", "3", "つ",
    ]  # fmt: skip
    assert words_of("\x00' & | ! : * ( )") == []
