"""The community."""

from config.settings.environment import env

COMMENT_EDIT_MINUTES = env.int("COMMENT_EDIT_MINUTES", default=15)
"""How long what somebody wrote may be edited by them."""
