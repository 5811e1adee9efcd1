"""What a person put together and said of others' collections: how it is exported and erased."""

from collections.abc import Iterator

from django.core.files.storage import default_storage
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from core.models import StoredImage
from core.personal_data import ExportFile, Person, Row, erase_part, exempt, export_files, export_part, rows_of
from core.personal_parts import picture_release
from lists.models import (
    ChallengeClaim,
    Collection,
    CollectionFavourite,
    CollectionGroup,
    CollectionItem,
    CollectionReaction,
)

exempt("lists.CollectionGroup", of="erasure", reason="Dies with its Collection by cascade.")
exempt("lists.CollectionItem", of="erasure", reason="Dies with its Collection by cascade.")


@export_part("lists/collections", label=_("Your collections"), models=["lists.Collection"])
def collections(user: Person) -> Iterator[Row]:
    fields = ("id", "title", "description", "visibility", "is_featured", "is_challenge", "coin_reward", "view_count")
    more = ("forked_from_id", "created_at", "updated_at")
    return rows_of(Collection.objects.filter(owner=user), *fields, *more)


@export_part("lists/collection-groups", label=_("Their groups"), models=["lists.CollectionGroup"])
def groups(user: Person) -> Iterator[Row]:
    fields = ("id", "collection_id", "name", "description", "tier_label", "sort_order")
    return rows_of(CollectionGroup.objects.filter(collection__owner=user), *fields)


@export_part("lists/collection-items", label=_("Their items"), models=["lists.CollectionItem"])
def items(user: Person) -> Iterator[Row]:
    fields = ("collection_id", "group_id", "anime_id", "shikimori_id", "anime_title", "position", "note", "created_at")
    return rows_of(CollectionItem.objects.filter(collection__owner=user), *fields)


@export_files("lists/covers")
def covers(user: Person) -> Iterator[ExportFile]:
    """The covers of collections in their largest variants, one a format."""
    for image in StoredImage.objects.filter(pk__in=Collection.objects.filter(owner=user).values("cover_id")):
        width = max(image.variants, key=int, default=None)
        for kind, name in sorted(image.variants[width].items()) if width else ():
            yield ExportFile(f"covers/{image.pk}-{width}.{kind}", default_storage, name)


@erase_part("lists/collections", models=["lists.Collection"])
def collections_erase(user: Person) -> None:
    """A cover that another collection shows stays; who sent it is forgotten."""
    images = list(StoredImage.objects.filter(pk__in=Collection.objects.filter(owner=user).values("cover_id")))
    Collection.objects.filter(owner=user).delete()
    for image in images:
        picture_release(image)


@export_part("lists/reactions", label=_("Collections you reacted to"), models=["lists.CollectionReaction"])
def reactions(user: Person) -> Iterator[Row]:
    found = CollectionReaction.objects.filter(user=user)
    return rows_of(found, "collection_id", "value", "created_at", title=_title_seen(user))


@erase_part("lists/reactions", models=["lists.CollectionReaction"])
def reactions_erase(user: Person) -> None:
    CollectionReaction.objects.filter(user=user).delete()


@export_part("lists/favourites", label=_("Collections you keep"), models=["lists.CollectionFavourite"])
def favourites(user: Person) -> Iterator[Row]:
    found = CollectionFavourite.objects.filter(user=user)
    return rows_of(found, "collection_id", "created_at", title=_title_seen(user))


@erase_part("lists/favourites", models=["lists.CollectionFavourite"])
def favourites_erase(user: Person) -> None:
    CollectionFavourite.objects.filter(user=user).delete()


@export_part("lists/challenges", label=_("Challenges you completed"), models=["lists.ChallengeClaim"])
def claims(user: Person) -> Iterator[Row]:
    found = ChallengeClaim.objects.filter(user=user)
    return rows_of(found, "collection_id", "coins", "claimed_at", title=_title_seen(user))


@erase_part("lists/challenges", models=["lists.ChallengeClaim"])
def claims_erase(user: Person) -> None:
    ChallengeClaim.objects.filter(user=user).delete()


def _title_seen(user: Person) -> Subquery:
    """The title of `collection_id` as far as the person may see it today: not of what was made private, nor across a block."""
    seen = Collection.objects.visible_to(user).filter(pk=OuterRef("collection_id"))
    return Subquery(seen.values("title")[:1])
