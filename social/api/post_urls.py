"""API routes of posts."""

from django.urls import URLPattern, path

from social.api.views import post_reactions, posts

ONE = "posts/<uuid:id>"

urlpatterns: list[URLPattern] = [
    path("categories", posts.Categories.as_view(), name="api-post-categories"),
    path("posts", posts.Posts.as_view(), name="api-posts"),
    path("posts/top", posts.TopPosts.as_view(), name="api-posts-top"),
    path("posts/preview", posts.PostPreview.as_view(), name="api-post-preview"),
    path("posts/images", post_reactions.PostImages.as_view(), name="api-post-images"),
    path(ONE, posts.PostDetail.as_view(), name="api-post"),
    path(f"{ONE}/revisions", posts.PostRevisions.as_view(), name="api-post-revisions"),
    path(f"{ONE}/reaction", post_reactions.PostReaction.as_view(), name="api-post-reaction"),
    path(f"{ONE}/pin", posts.PostPin.as_view(), name="api-post-pin"),
    path(f"{ONE}/lock", posts.PostLock.as_view(), name="api-post-lock"),
]
