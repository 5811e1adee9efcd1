"""People and what they say: friends, follows and blocks, posts, threads of comments, notifications, reports, the feed."""

from social.models.comments import Comment, CommentMention, CommentRevision, CommentVote
from social.models.digests import DigestFrequency, DigestPreference, ReleaseScan
from social.models.feed import FeedItem, FeedVerb
from social.models.notifications import EpisodeRelease, EpisodeWish, Notification, NotificationActor, WishKind
from social.models.posts import Category, Post, PostImage, PostReaction, PostRevision, ReactionKind
from social.models.relations import Block, Follow, Friendship, FriendshipStatus
from social.models.reports import Report, ReportNote, ReportState, ReportTarget
from social.models.threads import Thread, ThreadKind
from social.models.votes import AnimeVote, AnimeVotes

__all__ = [
    "AnimeVote",
    "AnimeVotes",
    "Block",
    "Category",
    "Comment",
    "CommentMention",
    "CommentRevision",
    "CommentVote",
    "DigestFrequency",
    "DigestPreference",
    "EpisodeRelease",
    "EpisodeWish",
    "FeedItem",
    "FeedVerb",
    "Follow",
    "Friendship",
    "FriendshipStatus",
    "Notification",
    "NotificationActor",
    "Post",
    "PostImage",
    "PostReaction",
    "PostRevision",
    "ReactionKind",
    "ReleaseScan",
    "Report",
    "ReportNote",
    "ReportState",
    "ReportTarget",
    "Thread",
    "ThreadKind",
    "WishKind",
]
