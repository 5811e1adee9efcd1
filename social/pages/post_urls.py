"""Pages of posts of the community."""

from django.urls import URLPattern, path

from social.pages import post_actions as actions
from social.pages import post_editor as editor
from social.pages import post_feeds as feeds
from social.pages import post_pieces, posts

ONE = "community/posts/<uuid:post_id>"

urlpatterns: list[URLPattern] = [
    path("community", posts.community, name="community"),
    path("community/new", editor.post_new, name="post-new"),
    path("community/preview", post_pieces.preview, name="post-preview"),
    path("community/anime", post_pieces.anime_found, name="post-anime"),
    path("community/images", post_pieces.image_add, name="post-images"),
    path("community/feed.xml", feeds.community_rss, name="community-rss"),
    path("community/feed.atom", feeds.community_atom, name="community-atom"),
    path("community/<slug:category>", posts.community, name="community-category"),
    path(ONE, posts.post_page, name="post"),
    path(f"{ONE}/edit", editor.post_edit, name="post-edit"),
    path(f"{ONE}/revisions", posts.post_revisions, name="post-revisions"),
    path(f"{ONE}/delete", actions.post_delete, name="post-delete"),
    path(f"{ONE}/reaction", actions.reaction, name="post-reaction"),
    path(f"{ONE}/pin", actions.pin, name="post-pin"),
    path(f"{ONE}/lock", actions.lock, name="post-lock"),
]
