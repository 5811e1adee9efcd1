"""Close codes of our sockets (4000 and up: a browser's script sees them)."""

FAILED = 4000
"""Our fault; come back later."""
UNAUTHENTICATED = 4001
"""Nobody, or no longer signed in."""
MALFORMED = 4002
"""A frame that is no JSON object with an `op`."""
FORBIDDEN = 4003
NOT_FOUND = 4004
RATE_LIMITED = 4008
TIMED_OUT = 4009
"""Two heartbeats were missed."""
TOO_SLOW = 4010
"""The outgoing queue is over its bound: the client does not read."""
TOO_LARGE = 1009
"""A frame over 64 KB."""
