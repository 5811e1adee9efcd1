"""How people look on pages: their picture, or their initials on a colour of their own."""

import hashlib
import unicodedata
from datetime import datetime, timedelta

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import User
from core.media.images import image_srcset, image_url

register = template.Library()

ONLINE_FOR = timedelta(minutes=5)


def initials(name: str) -> str:
    """One or two letters: of the first two words, of the first alone where words are not written with spaces."""
    words = [word for word in name.replace("_", " ").split() if unicodedata.category(word[0])[0] in "LN"]
    if not words:
        return name.strip()[:1].upper() or "?"
    is_wide = unicodedata.east_asian_width(words[0][0]) in "WF"
    return "".join(word[0] for word in words[: 1 if is_wide else 2]).upper()


@register.filter("name_hue")
def hue_of(username: str) -> int:
    """Degrees on the colour wheel, the same for a name everywhere."""
    return int.from_bytes(hashlib.blake2b(username.lower().encode(), digest_size=2).digest()) % 360


@register.simple_tag
def avatar(user: User, size: int = 40) -> SafeString:
    """A square picture of `size` CSS pixels; decoration, for the name stands beside it. `user.avatar` has to be selected."""
    if user.avatar_id and user.avatar:
        return format_html(
            '<img class="avatar" src="{}" srcset="{}" sizes="{}px" width="{}" height="{}" alt="" decoding="async">',
            image_url(user.avatar, width=size * 2),
            image_srcset(user.avatar, "webp"),
            size,
            size,
            size,
        )
    return format_html(
        '<span class="avatar avatar-drawn" aria-hidden="true" style="--hue:{};--size:{}px">{}</span>',
        hue_of(user.username),
        size,
        initials(user.name),
    )


@register.filter
def is_online(last_seen_at: datetime | None) -> bool:
    """Whether somebody was here in the last five minutes."""
    return last_seen_at is not None and timezone.now() - last_seen_at < ONLINE_FOR
