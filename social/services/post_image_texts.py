"""What pictures of posts show, said for those who do not see them."""

import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.facade import User
from core.errors import ValidationFailed
from social.models import PostImage
from social.services.post_images import ALT_LENGTH


def images_describe(*, actor: User, texts: Mapping[uuid.UUID, str]) -> None:
    """Give pictures that `actor` sent these descriptions; others' are left alone.

    Call it before the post is written, whose HTML holds them. Raises `ValidationFailed` (`alt`) for one over 300 characters
    or with a NUL.
    """
    wanted = {image_id: " ".join(text.split()) for image_id, text in texts.items()}
    if any(len(text) > ALT_LENGTH or "\x00" in text for text in wanted.values()):
        raise ValidationFailed({"alt": [_("A description has at most %(limit)s characters.") % {"limit": ALT_LENGTH}]})
    with transaction.atomic():
        rows = list(PostImage.objects.select_for_update().filter(owner=actor, pk__in=wanted).order_by("pk"))
        changed = [row for row in rows if row.alt != wanted[row.pk]]
        for row in changed:
            row.alt = wanted[row.pk]
        PostImage.objects.bulk_update(changed, ["alt"])


__all__ = ["images_describe"]
