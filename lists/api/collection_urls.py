"""The flat table of the collections' API routes."""

from django.urls import URLPattern, path

from lists.api.views import challenges, collection_items, collection_social, collections

ONE = "collections/<uuid:id>"
ADMIN = "admin/collections"

urlpatterns: list[URLPattern] = [
    path("collections", collections.Collections.as_view(), name="api-collections"),
    path(ONE, collections.CollectionDetail.as_view(), name="api-collection"),
    path(f"{ONE}/fork", collections.CollectionFork.as_view(), name="api-collection-fork"),
    path(f"{ONE}/view", collections.CollectionViews.as_view(), name="api-collection-view"),
    path(f"{ONE}/items", collection_items.CollectionItems.as_view(), name="api-collection-items"),
    path(f"{ONE}/items/<uuid:item_id>", collection_items.CollectionItem.as_view(), name="api-collection-item"),
    path(
        "collections/items/<uuid:item_id>",
        collection_items.CollectionItemAlone.as_view(),
        name="api-collection-item-alone",
    ),
    path(f"{ONE}/groups", collection_items.CollectionGroups.as_view(), name="api-collection-groups"),
    path(f"{ONE}/groups/<uuid:group_id>", collection_items.CollectionGroup.as_view(), name="api-collection-group"),
    path(f"{ONE}/social", collection_social.CollectionSocial.as_view(), name="api-collection-social"),
    path(f"{ONE}/reaction", collection_social.CollectionReaction.as_view(), name="api-collection-reaction"),
    path(f"{ONE}/favorite", collection_social.CollectionFavorite.as_view(), name="api-collection-favorite"),
    path(f"{ONE}/challenge/progress", challenges.ChallengeProgress.as_view(), name="api-challenge-progress"),
    path(f"{ONE}/challenge/claim", challenges.ChallengeClaim.as_view(), name="api-challenge-claim"),
    path(f"{ADMIN}/<uuid:id>/featured", collections.CollectionFeatured.as_view(), name="api-admin-collection-featured"),
    path(f"{ADMIN}/<uuid:id>/challenge", challenges.AdminChallenge.as_view(), name="api-admin-collection-challenge"),
]
