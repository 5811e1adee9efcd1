"""API routes of friends, follows and blocks."""

from django.urls import URLPattern, path

from social.api.views import friends, people

ONE = "users/<uuid:user_id>"

urlpatterns: list[URLPattern] = [
    path("friends", friends.Friends.as_view(), name="api-friends"),
    path("friends/blocked", friends.BlockedPeople.as_view(), name="api-friends-blocked"),
    path("friends/request", friends.FriendRequest.as_view(), name="api-friends-request"),
    path("friends/<uuid:id>/accept", friends.FriendAccept.as_view(), name="api-friends-accept"),
    path("friends/<uuid:id>/reject", friends.FriendReject.as_view(), name="api-friends-reject"),
    path("friends/<uuid:id>/block", friends.FriendBlock.as_view(), name="api-friends-block"),
    path("friends/<uuid:id>", friends.Friend.as_view(), name="api-friend"),
    path(f"{ONE}/friends", people.UserFriends.as_view(), name="api-user-friends"),
    path(f"{ONE}/mutual-friends", people.UserMutualFriends.as_view(), name="api-user-mutual-friends"),
    path(f"{ONE}/followers", people.UserFollowers.as_view(), name="api-user-followers"),
    path(f"{ONE}/following", people.UserFollowing.as_view(), name="api-user-following"),
    path(f"{ONE}/relation", people.UserRelation.as_view(), name="api-user-relation"),
    path(f"{ONE}/follow", people.UserFollow.as_view(), name="api-user-follow"),
    path(f"{ONE}/block", people.UserBlock.as_view(), name="api-user-block"),
]
