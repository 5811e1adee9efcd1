"""How often somebody may befriend, write, vote and report: one count for the API and the pages."""

from core.throttles import Limit

FRIEND_REQUESTS = Limit("friend-requests", 30, 3600)
"""Reference: POST /friends/request, 30 an hour. Requests that were made; every attempt counts for `RELATIONS`."""
RELATIONS = Limit("relations", 120, 3600)
PEOPLE_SEARCH = Limit("users-search", 60, 60)
"""The count of GET /users/search, which looks for the same people."""
USER_REPORTS = Limit("user-reports", 5, 3600)
"""Reference: POST /users/:userID/report, 5 an hour. Like the two below: reports that were filed."""
REPORTS = Limit("reports", 10, 3600)
EPISODE_REPORTS = Limit("episode-reports", 20, 3600)
REPORT_ATTEMPTS = Limit("report-attempts", 120, 3600)
"""All reports with those that were refused, so that nobody finds out by them what there is."""
COMMENTS = Limit("comments", 10, 60)
COMMENTS_HOURLY = Limit("comments-hourly", 120, 3600)
COMMENT_EDITS = Limit("comment-edits", 30, 60)
VOTES = Limit("votes", 120, 60)
POSTS = Limit("posts", 5, 600)
POST_EDITS = Limit("post-edits", 30, 60)
POST_IMAGES = Limit("post-images", 40, 3600)
REQUESTS_TOLD = Limit("requests-told", 3, 24 * 3600)
"""Notices of requests for friendship by one person to another: who asks, takes it back and asks again waits in the list."""
MENTIONS = Limit("mentions", 10, 24 * 3600)
"""Of one text: people who are told that it names them, whatever its edits say."""
PREVIEWS = Limit("previews", 60, 60)
REACTIONS = Limit("reactions", 120, 60)
NOTIFICATION_MARKS = Limit("notification-marks", 120, 60)
FEED_WRITES = Limit("feed-writes", 120, 60)
UNSUBSCRIBES = Limit("unsubscribes", 30, 3600)
