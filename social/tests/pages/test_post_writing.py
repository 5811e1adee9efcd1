"""The composer of posts, as forms without scripts and with what scripts ask for."""

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.tests.factories import UserFactory
from catalog.tests.factories import AnimeFactory
from catalog.tests.pages.shelf import text_of
from core.tests.media.pictures import picture
from social.models import Post, PostImage
from social.tests.posts import category_of, image_of, post_of

pytestmark = pytest.mark.django_db

NEW = "/community/new"


@pytest.fixture
def writer(client: Client) -> User:
    """Somebody signed in, with a category to write in."""
    category_of()
    user = UserFactory.create(username="writer_y")
    client.force_login(user)
    return user


def sent(**fields: object) -> dict[str, object]:
    """A form that can be published."""
    return {"title": "A title", "body": "Words", "category": "general", "act": "publish", **fields}


def upload(name: str = "a.png", **colour: tuple[int, int, int]) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, picture(**colour), content_type="image/png")


class TestPublishing:
    def test_a_post_with_everything(self, client: Client, writer: User) -> None:
        anime, image = AnimeFactory.create(document=True, episode_count=12), image_of(writer)
        nonce = uuid.uuid4().hex
        answer = client.post(
            NEW,
            sent(
                title="  Harbour  ",
                body=f"Line\r\nline\r\n\r\n![see](image:{image.pk})",
                anime=anime.pk,
                is_spoiler="on",
                image=[str(image.pk)],
                nonce=nonce,
                **{f"alt-{image.pk}": "The pier at dusk"},
            ),
        )
        post = Post.objects.get()
        assert answer["Location"] == f"/community/posts/{post.pk}"
        assert answer.cookies["draft_done"].value == nonce
        assert (post.title, post.anime_id, post.is_spoiler, post.author_id) == ("Harbour", anime.pk, True, writer.pk)
        assert post.body.startswith("Line\nline\n\n![see]")
        assert post.images.get().alt == "The pier at dusk"
        assert "<picture>" in post.html
        assert "Your post is there." in text_of(client.get(answer["Location"]))

    def test_a_double_click_makes_one_post(self, client: Client, writer: User) -> None:
        page = text_of(client.get(NEW))
        nonce = re.search(r'name="nonce" value="(\w+)"', page)
        assert nonce
        answers = [client.post(NEW, sent(nonce=nonce[1])) for _ in range(3)]
        assert Post.objects.count() == 1
        assert {answer["Location"] for answer in answers} == {f"/community/posts/{Post.objects.get().pk}"}

    def test_what_is_refused_comes_back_with_everything_typed(self, client: Client, writer: User) -> None:
        anime, image = AnimeFactory.create(document=True, title="Quiet Harbour"), image_of(writer)
        answer = client.post(
            NEW,
            sent(
                title=" ",
                body="A <b>long</b> thought",
                category="nowhere",
                anime=anime.pk,
                spoils_episode="99999",
                is_spoiler="on",
                image=str(image.pk),
                nonce="abc",
                **{f"alt-{image.pk}": "A pier"},
            ),
        )
        html = text_of(answer)
        assert answer.status_code == 422
        assert "A &lt;b&gt;long&lt;/b&gt; thought</textarea>" in html
        assert html.count("Give it a title.") == 1
        assert "There is no such category." in html
        assert "The anime has no such episode." in html
        assert f'name="image" value="{image.pk}"' in html
        assert 'value="A pier"' in html
        assert re.search(rf'value="{anime.pk}" checked', html)
        assert "Quiet Harbour" in html
        assert 'value="99999"' in html
        assert re.search(r'name="is_spoiler"[^>]* checked', html)
        assert 'name="nonce" value="abc"' in html
        assert "data-typed" in html
        assert re.search(r'id="id_title"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_title"', html)
        assert not Post.objects.exists()

    @pytest.mark.parametrize("body", ["x" * 20_001, "x" * 100_000, "nul\x00", "", " \u200b\n\t "])
    def test_texts_that_cannot_be_are_refused_at_the_text(self, client: Client, writer: User, body: str) -> None:
        answer = client.post(NEW, sent(body=body))
        assert answer.status_code == 422
        assert re.search(r"</div>\s*<ul class=\"errorlist\" id=\"id_body_error\"", text_of(answer))
        assert not Post.objects.exists()

    @pytest.mark.parametrize("text", ["Z̷̡̛" + "̷" * 900, "\u202etxet", "\U0001f600 𝔘𝔫𝔦", "'; DROP TABLE post; --"])
    def test_odd_texts_are_kept_as_they_were_written(self, client: Client, writer: User, text: str) -> None:
        assert client.post(NEW, sent(title="Odd", body=text)).status_code == 302
        post = Post.objects.get()
        assert post.body == text
        assert client.get(f"/community/posts/{post.pk}").status_code == 200
        assert text.replace("'", "&#x27;") in text_of(client.get(f"/community/posts/{post.pk}/edit"))

    def test_the_category_of_staff_is_offered_to_staff_alone(self, client: Client, writer: User) -> None:
        category_of("news")
        assert 'value="news"' not in text_of(client.get(NEW))
        answer = client.post(NEW, sent(category="news"))
        assert answer.status_code == 403
        assert "Only staff post here" in text_of(answer)
        client.force_login(UserFactory.create(role="moderator"))
        assert 'value="news"' in text_of(client.get(NEW))
        assert client.post(NEW, sent(category="news")).status_code == 302

    def test_muted_people_read_why(self, client: Client, writer: User) -> None:
        writer.muted_until, writer.mute_reason = timezone.now() + timedelta(hours=1), "Shouting"
        writer.save(update_fields=["muted_until", "mute_reason"])
        html = text_of(client.get(NEW))
        assert "you cannot post." in html
        assert "Shouting" in html
        assert "<textarea" not in html
        answer = client.post(NEW, sent(body="Typed before"))
        assert answer.status_code == 403
        assert "Typed before" in text_of(answer)
        assert not Post.objects.exists()

    def test_too_many_posts_are_refused_with_everything_typed(self, client: Client, writer: User) -> None:
        for number in range(5):
            assert client.post(NEW, sent(title=f"Number {number}")).status_code == 302
        answer = client.post(NEW, sent(title="Number 6", body="Kept words"))
        assert answer.status_code == 429
        assert "Kept words" in text_of(answer)
        assert Post.objects.count() == 5

    def test_the_address_chooses_category_and_anime(self, client: Client, writer: User) -> None:
        anime = AnimeFactory.create(document=True, title="Quiet Harbour")
        html = text_of(client.get(f"{NEW}?category=general&anime={anime.pk}"))
        assert '<option value="general" selected>' in html
        assert re.search(rf'value="{anime.pk}" checked', html)
        for odd in ("x", "99999999999999", "-1", "\u0663"):
            assert client.get(NEW, {"anime": odd, "category": "zzz"}).status_code == 200


class TestButtons:
    def test_preview_shows_and_publishes_nothing(self, client: Client, writer: User) -> None:
        image = image_of(writer, alt="A pier")
        others = image_of(UserFactory.create(), colour=(1, 2, 3))
        body = f"**Bold** <script>x</script> ![p](image:{image.pk}) ![q](image:{others.pk})"
        html = text_of(client.post(NEW, sent(act="preview", body=body, title="")))
        preview = re.search(r'id="preview".*?</section>', html, re.DOTALL)
        assert preview
        assert "<strong>Bold</strong>" in preview[0]
        assert "<script>" not in preview[0]
        assert preview[0].count("<picture>") == 1
        assert "Say something" not in html
        assert not Post.objects.exists()

    def test_find_offers_anime_and_keeps_what_was_typed(self, client: Client, writer: User) -> None:
        chosen = AnimeFactory.create(document=True, title="Chosen One")
        html = text_of(client.post(NEW, sent(act="find", anime=chosen.pk, anime_q="zzzz", body="Typed")))
        assert re.search(rf'value="{chosen.pk}" checked', html)
        assert "Nothing found." in html
        assert "Typed</textarea>" in html

    def test_upload_keeps_pictures_and_says_what_is_none(self, client: Client, writer: User) -> None:
        files = [upload(), SimpleUploadedFile("evil.png", b"<svg onload=alert(1)>", content_type="image/png")]
        answer = client.post(NEW, sent(act="upload", files=files, body="Typed"))
        html = text_of(answer)
        image = PostImage.objects.get()
        assert f'name="image" value="{image.pk}"' in html
        assert "evil.png: " in html
        assert "Typed</textarea>" in html
        assert (image.owner_id, image.post_id) == (writer.pk, None)
        answer = client.post(NEW, sent(image=str(image.pk), **{f"alt-{image.pk}": "A pier"}))
        image.refresh_from_db()
        assert (image.post_id, image.alt) == (Post.objects.get().pk, "A pier")

    def test_publishing_takes_files_along_and_stops_at_a_bad_one(self, client: Client, writer: User) -> None:
        bad = SimpleUploadedFile("no.png", b"nothing", content_type="image/png")
        answer = client.post(NEW, sent(files=[upload(), bad]))
        assert answer.status_code == 422
        assert "no.png: " in text_of(answer)
        image = PostImage.objects.get()
        assert (
            client.post(NEW, sent(image=str(image.pk), files=[upload("b.png", colour=(200, 0, 0))])).status_code == 302
        )
        assert Post.objects.get().images.count() == 2

    def test_a_ticked_picture_goes(self, client: Client, writer: User) -> None:
        post = post_of(writer, image_ids=[image_of(writer).pk])
        image = post.images.get()
        html = text_of(client.get(f"/community/posts/{post.pk}/edit"))
        assert f'name="image" value="{image.pk}"' in html
        client.post(f"/community/posts/{post.pk}/edit", sent(image=str(image.pk), drop=str(image.pk)))
        assert not post.images.exists()


class TestEditing:
    def test_what_it_said_is_filled_in_and_kept_in_its_history(self, client: Client, writer: User) -> None:
        anime = AnimeFactory.create(document=True)
        post = post_of(writer, title="Before", body="Old words", anime_id=anime.pk, is_spoiler=True)
        html = text_of(client.get(f"/community/posts/{post.pk}/edit"))
        for words in ('value="Before"', "Old words</textarea>", f'value="{anime.pk}" checked'):
            assert words in html, words
        answer = client.post(f"/community/posts/{post.pk}/edit", sent(title="After", body="New words"))
        assert answer["Location"] == f"/community/posts/{post.pk}"
        post.refresh_from_db()
        assert (post.title, post.anime_id, post.is_spoiler) == ("After", None, False)
        assert post.revisions.get().body == "Old words"

    def test_others_posts_and_pictures_are_out_of_reach(self, client: Client, writer: User) -> None:
        other = UserFactory.create()
        post, image = post_of(other, image_ids=[image_of(other).pk]), image_of(other, colour=(3, 3, 3), alt="Theirs")
        assert client.get(f"/community/posts/{post.pk}/edit").status_code == 404
        assert client.post(f"/community/posts/{post.pk}/edit", sent(title="Mine now")).status_code == 404
        client.post(NEW, sent(image=[str(image.pk), "junk"], **{f"alt-{image.pk}": "Mine"}))
        image.refresh_from_db()
        assert (image.post_id, image.alt) == (None, "Theirs")
        assert not Post.objects.get(author=writer).images.exists()

    def test_a_new_post_changes_no_description_on_an_old_one(self, client: Client, writer: User) -> None:
        """Descriptions are words that others read: they change by an edit of their own post alone."""
        image = image_of(writer, alt="A cat")
        post_of(writer, image_ids=(image.pk,))
        answer = client.post(NEW, sent(image=str(image.pk), **{f"alt-{image.pk}": "An insult"}))
        assert answer.status_code == 302
        image.refresh_from_db()
        assert image.alt == "A cat"

    def test_a_refused_edit_leaves_descriptions_as_they_were(self, client: Client, writer: User) -> None:
        post = post_of(writer, image_ids=[image_of(writer, alt="A pier").pk])
        image = post.images.get()
        fields = {"image": str(image.pk), f"alt-{image.pk}": "A boat"}
        assert client.post(f"/community/posts/{post.pk}/edit", sent(title="", **fields)).status_code == 422
        image.refresh_from_db()
        assert image.alt == "A pier"
        answer = client.post(f"/community/posts/{post.pk}/edit", sent(**{**fields, f"alt-{image.pk}": "x" * 301}))
        assert answer.status_code == 422
        assert "A description has at most 300 characters." in text_of(answer)


class TestForScripts:
    def test_a_picture_is_sent_alone(self, client: Client, writer: User) -> None:
        headers = {"X-Requested-With": "fetch"}
        answer = client.post("/community/images", {"file": upload()}, headers=headers)
        image = PostImage.objects.get()
        assert f'<li data-image="{image.pk}">' in text_of(answer)
        assert "<html" not in text_of(answer)
        bad = client.post("/community/images", {"file": io.BytesIO(b"none")}, headers=headers)
        assert bad.status_code == 400
        assert bad["Content-Type"] == "application/problem+json"
        none = client.post("/community/images", headers=headers)
        assert none.json()["fields"] == {"file": ["Choose a picture."]}

    def test_a_preview_is_a_piece(self, client: Client, writer: User) -> None:
        answer = client.post("/community/preview", {"body": "*a*\r\nb"}, headers={"X-Requested-With": "fetch"})
        assert text_of(answer).strip() == '<p dir="auto"><em>a</em><br>\nb</p>'
        long = client.post("/community/preview", {"body": "x" * 20_001}, headers={"X-Requested-With": "fetch"})
        assert list(long.json()["fields"]) == ["body"]

    def test_anime_are_found_as_one_types(self, client: Client, writer: User) -> None:
        chosen = AnimeFactory.create(document=True)
        answer = client.get(f"/community/anime?q=zz&anime={chosen.pk}", headers={"X-Requested-With": "fetch"})
        assert re.search(rf'value="{chosen.pk}" checked', text_of(answer))
        adult = AnimeFactory.create(document=True, adult=True)
        answer = client.get(f"/community/anime?anime={adult.pk}", headers={"X-Requested-With": "fetch"})
        assert f'value="{adult.pk}"' not in text_of(answer)
        assert client.get("/community/anime?q=zz")["Location"] == NEW


class TestLinks:
    def test_pasted_addresses_become_cards_on_a_default_install(
        self, client: Client, writer: User, settings: Any
    ) -> None:
        settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "", ["localhost"]
        anime = AnimeFactory.create(document=True)
        body = f"http://localhost:8000/anime/{anime.pk} and http://evil.example/anime/{anime.pk + 1}"
        host = {"Host": "localhost:8000"}
        preview = client.post("/community/preview", {"body": body}, headers={**host, "X-Requested-With": "fetch"})
        assert text_of(preview).count("post-card-title") == 1
        assert client.post(NEW, sent(body=body), headers=host).status_code == 302
        assert Post.objects.get().linked == [[anime.pk, None]]
        assert client.post(NEW, sent(body=body), headers={"Host": "evil.example"}).status_code == 400
        assert Post.objects.count() == 1

    def test_without_a_category_one_is_asked_for(self, client: Client, writer: User) -> None:
        html = text_of(client.post(NEW, sent(category="", title=" ")))
        assert "Choose a category." in html
        assert "Give it a title." in html
