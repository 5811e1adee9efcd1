"""Pictures of posts: whose may be shown where, what is refused, what is left of them."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from accounts.tests.factories import UserFactory
from core.errors import DomainError, ValidationFailed
from core.media.images import image_files
from core.models import StoredImage
from core.tests.media.pictures import picture
from social.models import PostImage
from social.selectors.posts import post_detail
from social.services import post_images
from social.services.post_images import IMAGE_MAX_BYTES, post_image_add
from social.services.posts import post_edit
from social.tests.posts import category_of, image_of, post_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def author() -> User:
    category_of()
    return UserFactory.create()


def test_pictures_stand_where_the_text_places_them_and_the_rest_below(author: User) -> None:
    placed, below = image_of(author, (1, 2, 3), alt="a cat"), image_of(author, (3, 2, 1))
    body = f"before ![](image:{placed.pk}) after ![gone](image:{author.pk}) ![odd](image:nothing)"
    post = post_of(author, body=body, image_ids=(below.pk,))
    row = post_detail(author, post.pk)
    assert [image.pk for image in row.images] == [below.pk, placed.pk]
    assert [image.pk for image in row.below] == [below.pk]
    assert 'alt="a cat"' in post.html
    assert post.html.count("<img") == 1
    assert 'type="image/avif"' in post.html
    assert "gone" in post.html


def test_a_picture_alone_is_a_post(author: User) -> None:
    image = image_of(author)
    assert post_of(author, body="", image_ids=(image.pk,)).images.get() == image


def test_others_pictures_and_those_of_other_posts_are_refused(author: User) -> None:
    stranger = UserFactory.create()
    theirs, mine = image_of(stranger, (5, 5, 5)), image_of(author, (6, 6, 6))
    post_of(author, image_ids=(mine.pk,))
    for image in (theirs, mine):
        with pytest.raises(ValidationFailed) as caught:
            post_of(author, image_ids=(image.pk,))
        assert set(caught.value.extra["fields"]) == {"image_ids"}
    # In the text they are words: somebody quoting a post is no error.
    assert "<img" not in post_of(author, body=f"![x](image:{theirs.pk}) ![y](image:{mine.pk})").html
    theirs.refresh_from_db()
    assert theirs.post_id is None


def test_ten_are_the_most(author: User) -> None:
    images = [image_of(author, (number, 0, 0)) for number in range(11)]
    ids = tuple(image.pk for image in images)
    with pytest.raises(ValidationFailed):
        post_of(author, image_ids=ids)
    with pytest.raises(ValidationFailed):
        post_of(author, image_ids=ids[:10], body=f"![](image:{ids[10]})")
    assert post_of(author, image_ids=ids[:10]).images.count() == 10


@pytest.mark.django_db(transaction=True)
def test_what_an_edit_drops_is_deleted_with_its_files() -> None:
    category_of()
    author = UserFactory.create()
    first, second = image_of(author, (1, 1, 1)), image_of(author, (2, 2, 2))
    post = post_of(author, image_ids=(first.pk, second.pk))
    files = image_files(first.image)
    assert all(default_storage.exists(name) for name in files)
    post_edit(actor=author, post_id=post.pk, image_ids=(second.pk,))
    assert list(PostImage.objects.values_list("pk", flat=True)) == [second.pk]
    assert not any(default_storage.exists(name) for name in files)
    post_edit(actor=author, post_id=post.pk, body="Without changing them")
    assert post.images.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_picture_of_two_people_stays_while_one_shows_it() -> None:
    category_of()
    one, other = UserFactory.create_batch(2)
    mine, theirs = image_of(one), image_of(other)
    assert mine.image_id == theirs.image_id
    post = post_of(one, image_ids=(mine.pk,))
    post_of(other, image_ids=(theirs.pk,))
    post_edit(actor=one, post_id=post.pk, image_ids=())
    stored = StoredImage.objects.get(pk=theirs.image_id)
    assert all(default_storage.exists(name) for name in image_files(stored))


def test_nobody_hoards_pictures(author: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post_images, "WAITING_LIMIT", 2)
    first = image_of(author, (1, 0, 0))
    image_of(author, (2, 0, 0))
    with pytest.raises(DomainError) as caught:
        image_of(author, (3, 0, 0))
    assert caught.value.code == "too_many_images"
    post_of(author, image_ids=(first.pk,))
    image_of(author, (3, 0, 0))


def test_five_megabytes_are_the_most_and_are_not_read_past(author: User) -> None:
    data = picture() + b"\0" * IMAGE_MAX_BYTES
    with pytest.raises(DomainError) as caught:
        post_image_add(actor=author, file=io.BytesIO(data))
    assert caught.value.code == "payload_too_large"
    with pytest.raises(ValidationFailed):
        image_of(author, alt="x" * 301)
    assert not PostImage.objects.exists()
