"""Names that nobody may take: they sound like those who run the place, are addresses of the site, or mean everybody."""

from functools import cache

from django.conf import settings

from accounts.lookalikes import display_skeletons, skeleton_of

# Refused as usernames and, with all their look-alikes, as display names.
AUTHORITIES = (
    "admin", "administrator", "administration", "root", "superuser", "superadmin", "sysadmin", "moderator", "moderation",
    "mod", "mods", "staff", "support", "helpdesk", "official", "owner", "operator", "system", "security", "bot", "robot",
    "abuse", "postmaster", "webmaster", "hostmaster", "noreply", "no_reply", "админ", "администратор", "модератор",
    "поддержка", "система", "管理者", "運営", "公式",
)  # fmt: skip

# Refused as usernames only: `/users/<name>` and `/<name>` are addresses, `@name` is a mention.
ADDRESSES = (
    "me", "self", "you", "everyone", "here", "all", "channel", "anyone", "nobody", "somebody", "anonymous", "guest", "user",
    "users", "username", "api", "app", "auth", "account", "accounts", "login", "logout", "signin", "signout", "signup",
    "register", "password", "settings", "profile", "welcome", "search", "batch", "export", "import", "deletion", "delete",
    "deleted", "erased", "removed", "unknown", "null", "none", "undefined", "true", "false", "nan", "static", "media",
    "assets", "images", "health", "ready", "metrics", "docs", "help", "about", "terms", "privacy", "legal", "status", "www",
    "mail", "email", "ftp", "dev", "developer", "developers", "test", "home", "browse", "anime", "watch", "schedule",
    "calendar", "lists", "list", "rooms", "room", "chat", "downloads", "shop", "friends", "messages", "notifications",
)  # fmt: skip

# What erased people are called, so that no living one can be taken for them.
PREFIXES = ("deleted_", "erased_")


@cache
def _skeletons(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(skeleton_of(name) for name in names)


@cache
def _readings(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(look for name in names for look in display_skeletons(name))


def _authorities() -> frozenset[str]:
    return _readings((*AUTHORITIES, "hiroba", settings.SITE_NAME))


def is_reserved_username(username: str) -> bool:
    """Whether the name, or one that looks like it, is kept back."""
    look = skeleton_of(username)
    bare = look.replace("_", "")
    if any(look.startswith(skeleton_of(prefix)) for prefix in PREFIXES):
        return True
    return bool({look, bare} & (_authorities() | _skeletons(ADDRESSES)))


def is_authority(look: str) -> bool:
    """Whether a skeleton is that of somebody who runs the place."""
    return look in _authorities()
