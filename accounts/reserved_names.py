"""Names that nobody may take: they sound like those who run the place, are addresses of the site, or mean everybody."""

import re
from functools import cache

from django.conf import settings

from accounts.lookalikes import display_skeletons, display_words, skeleton_of

# Refused as usernames and, with all their look-alikes, as display names.
AUTHORITIES = (
    "admin", "administrator", "administration", "root", "superuser", "superadmin", "sysadmin", "moderator", "moderation",
    "mod", "mods", "staff", "support", "helpdesk", "official", "owner", "operator", "system", "security", "bot", "robot",
    "abuse", "postmaster", "webmaster", "hostmaster", "noreply", "no_reply", "админ", "администратор", "модератор",
    "поддержка", "поддержки", "система", "администрация", "модерация", "официальный", "официальная", "техподдержка",
    "хироба", "管理者", "管理人", "運営", "公式", "事務局", "サポート", "スタッフ", "モデレーター",
)  # fmt: skip

# With nothing beside one of the above they make an office: "Support team", "the official account".
FILLERS = (
    "the", "of", "our", "your", "real", "team", "crew", "group", "account", "service", "services", "center", "centre", "desk",
    "department", "page", "site", "website", "chat", "команда", "служба", "сайт", "сайта", "аккаунт", "チーム",
    "アカウント",
)  # fmt: skip

# Refused as a word of a display name, whatever stands beside it: "Ren (admin)".
OFFICES = (
    "admin", "administrator", "moderator", "superuser", "superadmin", "sysadmin", "админ", "администратор", "модератор",
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


@cache
def _office(site_name: str) -> re.Pattern[str]:
    """One authority at least, and nothing but authorities and fillers."""
    ruling, filling = (
        "|".join(sorted((re.escape(look) for look in _readings(names) if "_" not in look), key=len, reverse=True))
        for names in ((*AUTHORITIES, "hiroba", site_name), FILLERS)
    )
    return re.compile(f"(?:{filling})*(?:{ruling})(?:{ruling}|{filling})*")


def _is_office(look: str) -> bool:
    return _office(settings.SITE_NAME).fullmatch(look.replace("_", "")) is not None


def is_reserved_username(username: str) -> bool:
    """Whether the name, or one that looks like it, is kept back."""
    look = skeleton_of(username)
    bare = look.replace("_", "")
    if any(look.startswith(skeleton_of(prefix)) for prefix in PREFIXES):
        return True
    return bool({look, bare} & (_authorities() | _skeletons(ADDRESSES))) or _is_office(bare)


def reads_like_authority(name: str) -> bool:
    """Whether a display name could be taken for that of somebody who runs the place: "Admin", "official Hiroba"."""
    looks = display_skeletons(name)
    return bool(looks & _authorities() or display_words(name) & _readings(OFFICES)) or any(map(_is_office, looks))
