"""API routes of comments and their votes."""

from django.urls import URLPattern, path

from social.api.views import collection_comments, comments

ONE = "comments/<uuid:id>"

urlpatterns: list[URLPattern] = [
    path("anime/<int:id>/comments", comments.AnimeComments.as_view(), name="api-anime-comments"),
    path("posts/<uuid:id>/comments", comments.PostComments.as_view(), name="api-post-comments"),
    path("users/<str:username>/comments", comments.UserComments.as_view(), name="api-user-comments"),
    path("comments/preview", comments.CommentPreview.as_view(), name="api-comment-preview"),
    path(ONE, comments.CommentDetail.as_view(), name="api-comment"),
    path(f"{ONE}/replies", comments.CommentReplies.as_view(), name="api-comment-replies"),
    path(f"{ONE}/vote", comments.CommentVote.as_view(), name="api-comment-vote"),
    path(
        "collections/<uuid:id>/comments",
        collection_comments.CollectionComments.as_view(),
        name="api-collection-comments",
    ),
    path(
        "collections/comments/<uuid:comment_id>",
        collection_comments.CollectionComment.as_view(),
        name="api-collection-comment",
    ),
    path(
        "admin/collections/comments/<uuid:comment_id>",
        collection_comments.AdminCollectionComment.as_view(),
        name="api-admin-collection-comment",
    ),
]
