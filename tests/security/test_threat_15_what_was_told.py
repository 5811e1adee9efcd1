"""Threat 15: what somebody may not read (any more) is told to them nowhere: notifications, digests, exports, cards, lists."""

import json

import pytest
from django.test import Client

from accounts.facade import Visibility
from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.models import Anime
from catalog.tests.factories import AnimeFactory
from core.personal_data import export_parts
from lists.models import Collection
from lists.services.collections import collection_create
from social.access import get_collection_target, get_post_target
from social.models import Notification
from social.selectors.notifications import NotificationRow, notifications_page
from social.selectors.posts import post_detail
from social.services.episode_releases import new_episode_notice
from social.services.notification_marks import notification_delete_undoably, notification_restore
from social.services.notifications import notify
from social.services.post_reactions import reaction_set
from social.services.posts import post_delete
from social.services.relations import person_block
from social.tests.comments import said, target_of
from social.tests.posts import image_of, post_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writer() -> User:
    made: User = UserFactory.create()
    return made


@pytest.fixture
def reader() -> User:
    made: User = UserFactory.create(username="reader")
    return made


def rows_of(user: User) -> list[NotificationRow]:
    return notifications_page(user).rows


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def answered(writer: User, reader: User, *, title: str = "Kaiju") -> Anime:
    """`writer` answered `reader` under an anime of this title."""
    anime: Anime = AnimeFactory.create(document=True, title=title)
    target = target_of(reader, anime)
    said(writer, target, "words of the answer", to=said(reader, target))
    (row,) = rows_of(reader)
    assert (row.excerpt, title in row.words.text) == ("words of the answer", True)
    return anime


def test_the_words_of_who_is_suspended(writer: User, reader: User) -> None:
    answered(writer, reader)
    User.objects.filter(pk=writer.pk).update(is_active=False)
    (row,) = rows_of(reader)
    assert (row.actors, row.excerpt) == ([], "")


def test_the_words_of_who_was_blocked_while_a_notification_was_in_the_bin(writer: User, reader: User) -> None:
    answered(writer, reader)
    told = Notification.objects.get(user=reader)
    assert notification_delete_undoably(user=reader, notification_id=told.pk)
    person_block(actor=reader, user_id=writer.pk)
    assert notification_restore(user=reader, notification_id=told.pk)
    (row,) = rows_of(reader)
    assert (row.actors, row.excerpt) == ([], "")


@pytest.mark.parametrize("change", [{"visibility": "hidden"}, {"is_adult": True}])
def test_an_anime_that_is_not_for_the_reader_any_more(writer: User, reader: User, change: dict[str, object]) -> None:
    anime = answered(writer, reader)
    Anime.objects.filter(pk=anime.pk).update(**change)
    (row,) = rows_of(reader)
    assert (row.excerpt, row.card, "Kaiju" in row.words.text) == ("", None, False)


def test_new_episodes_of_an_anime_that_was_taken_down(reader: User) -> None:
    anime = AnimeFactory.create(document=True, title="Kaiju")
    notify(user_ids=[reader.pk], notice=new_episode_notice(anime.pk, anime.title, [3], [("sub", "en")]))
    assert "Kaiju" in rows_of(reader)[0].words.text
    Anime.objects.filter(pk=anime.pk).update(visibility="hidden")
    assert "Kaiju" not in rows_of(reader)[0].words.text


def test_a_collection_that_became_private(writer: User, reader: User) -> None:
    shelf = collection_create(actor=writer, title="Secret shelf", visibility="unlisted")
    said(
        writer,
        get_collection_target(writer, shelf.pk),
        "words",
        to=said(reader, get_collection_target(reader, shelf.pk)),
    )
    (row,) = rows_of(reader)
    assert (row.excerpt, "Secret" in row.words.text) == ("words", True)  # the address was given to the reader
    Collection.objects.filter(pk=shelf.pk).update(visibility="private")
    (row,) = rows_of(reader)
    assert (row.excerpt, "Secret" in row.words.text) == ("", False)


def test_a_deleted_post_and_what_was_said_under_it(writer: User, reader: User) -> None:
    post = post_of(writer, title="A loud title", body="hello @reader")
    own = said(reader, get_post_target(reader, post.pk))
    said(writer, get_post_target(writer, post.pk), "an answer", to=own)
    assert {row.notification.kind for row in rows_of(reader)} == {"mention", "reply"}
    Notification.objects.filter(user=reader, kind="mention").update(read_at=own.created_at)
    post_delete(actor=writer, post_id=post.pk)
    (row,) = rows_of(reader)  # what was read stays, the unread answer led nowhere
    assert (row.notification.kind, row.excerpt, "loud" in row.words.text) == ("mention", "", False)


def test_a_post_about_an_adult_anime_tells_nobody_who_may_not_see_it(writer: User, reader: User) -> None:
    User.objects.filter(pk=writer.pk).update(shows_adult=True)
    writer.refresh_from_db()
    grown: User = UserFactory.create(username="grown", shows_adult=True)
    anime = AnimeFactory.create(document=True, is_adult=True)
    post_of(writer, title="Of that", body="@reader and @grown, look", anime_id=anime.pk)
    assert rows_of(reader) == []
    assert len(rows_of(grown)) == 1


def test_titles_of_adult_anime_on_pages_that_name_an_anime(reader: User) -> None:
    anime = AnimeFactory.create(document=True, is_adult=True, title="Rather adult")
    pages = [f"/community?sort=recent&anime={anime.pk}", f"/anime/{anime.pk}/notices"]
    for client in (Client(), signed_in(reader)):
        for page in pages:
            assert "Rather adult" not in client.get(page).content.decode(), page
    User.objects.filter(pk=reader.pk).update(shows_adult=True)
    for page in pages:
        assert "Rather adult" in signed_in(reader).get(page).content.decode(), page


def test_the_export_of_reactions_holds_no_words_of_others(writer: User, reader: User) -> None:
    post = post_of(writer, title="A loud title")
    reaction_set(actor=reader, post_id=post.pk)
    post_delete(actor=writer, post_id=post.pk)
    rows = {part.name: json.dumps(list(part.rows(reader)), default=str) for part in export_parts()}
    assert str(post.pk) in rows["social/post-reactions"]
    assert [name for name, text in rows.items() if "loud" in text] == []


def test_spoilers_of_a_text_make_no_cards(writer: User, reader: User) -> None:
    told, hidden = AnimeFactory.create_batch(2, document=True)
    body = (
        f"||It is /anime/{hidden.pk}, [see](/anime/{hidden.pk})|| and not [that](/anime/{told.pk}) ||/anime/{told.pk}||"
    )
    post = post_of(writer, body=body)
    assert [card["id"] for card in post_detail(reader, post.pk).linked] == [told.pk]


def test_pictures_in_spoilers_stand_for_the_post_nowhere(writer: User) -> None:
    secret, shown = image_of(writer, (1, 2, 3)), image_of(writer, (200, 20, 20))
    both = post_of(writer, body=f"||![x](image:{secret.pk})|| ![y](image:{shown.pk})")
    page = Client().get(f"/community/posts/{both.pk}").content.decode()
    head, rows = page.partition("</head>")[0], Client().get("/community?sort=recent").content.decode()
    names = {row.pk: row.image.variants["320"]["webp"].partition("-")[0] for row in (secret, shown)}
    assert (names[shown.pk] in head, names[secret.pk] in head) == (True, False)
    assert (names[shown.pk] in rows, names[secret.pk] in rows) == (True, False)
    assert names[secret.pk] in page  # behind its cover
    images = Client().get(f"/api/v1/posts/{both.pk}").json()["images"]
    assert {one["id"]: one["is_covered"] for one in images} == {str(secret.pk): True, str(shown.pk): False}


def test_spoilers_under_a_collection_say_so(writer: User, reader: User) -> None:
    shelf = collection_create(actor=writer, title="Shelf", visibility="public")
    said(writer, get_collection_target(writer, shelf.pk), "he dies", is_spoiler=True)
    said(writer, get_collection_target(writer, shelf.pk), "hello")
    for client, covered in (
        (Client(), [False, True]),
        (signed_in(reader), [False, True]),
        (signed_in(writer), [False] * 2),
    ):
        rows = client.get(f"/api/v1/collections/{shelf.pk}/comments").json()
        assert [row["is_covered"] for row in rows] == covered
        assert [row["is_spoiler"] for row in rows] == [False, True]


def test_posts_of_a_private_profile_are_not_listed_as_theirs(writer: User, reader: User) -> None:
    post_of(writer)
    assert signed_in(reader).get(f"/api/v1/posts?author={writer.username}").json()["results"]
    User.objects.filter(pk=writer.pk).update(profile_visibility=Visibility.NOBODY)
    for address in (f"/api/v1/posts?author={writer.username}", f"/community?sort=recent&by={writer.username}"):
        assert signed_in(reader).get(address).status_code == 404, address
        assert signed_in(writer).get(address).status_code == 200, address
