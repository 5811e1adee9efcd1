"""Pages of friends, follows and blocks."""

from django.urls import URLPattern, path

from social.pages import friends, person_actions

ONE = "people/<uuid:person_id>"

urlpatterns: list[URLPattern] = [
    path("friends", friends.friends_page, name="friends"),
    path("users/<str:username>/friends", friends.user_friends_page, name="user-friends"),
    path(f"{ONE}/relation", person_actions.person_act, name="person-act"),
    path(f"{ONE}/block", person_actions.person_block, name="person-block"),
    path(f"{ONE}/menu", person_actions.person_menu, name="person-menu"),
]
