"""Pages of comments and their votes."""

from django.urls import URLPattern, path

from social.pages import comments, threads

ONE = "comments/<uuid:comment_id>"

urlpatterns: list[URLPattern] = [
    path("threads/anime/<int:anime_id>", threads.thread_anime, name="thread-anime"),
    path("threads/anime/<int:anime_id>/<int:number>", threads.thread_episode, name="thread-episode"),
    path("threads/post/<uuid:post_id>", threads.thread_post, name="thread-post"),
    path("threads/collection/<uuid:collection_id>", threads.thread_collection, name="thread-collection"),
    path("comments/preview", comments.preview, name="text-preview"),
    path(ONE, comments.comment, name="comment"),
    path(f"{ONE}/replies", comments.comment_replies, name="comment-replies"),
    path(f"{ONE}/reply", comments.comment_reply, name="comment-reply"),
    path(f"{ONE}/edit", comments.comment_change, name="comment-edit"),
    path(f"{ONE}/delete", comments.comment_remove, name="comment-delete"),
    path(f"{ONE}/vote", comments.comment_vote, name="comment-vote"),
    path(f"{ONE}/history", comments.comment_earlier, name="comment-history"),
]
