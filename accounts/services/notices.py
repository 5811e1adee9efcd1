"""Sending notices by the ways that each person chose, and keeping their choice."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accounts.events import NoticeSent
from accounts.links import link_base
from accounts.models import NoticeSetting, User
from accounts.notices import notice_kind_get, notice_kinds
from accounts.selectors.notices import Channels, notice_channels
from accounts.services.mails import mail_send
from accounts.services.push import push_send
from core.events import emit


def notice_send(*, user: User, kind: str, context: Mapping[str, Any]) -> None:
    """Tell `user` by the ways that they chose for `kind`; nothing leaves before the caller's transaction commits.

    On the site `NoticeSent` becomes a notification, which reaches open pages; push and mail leave from here.

    `context` is JSON; which names it needs stands at the kind (`accounts.notices`). Raises LookupError for a kind that
    nobody registered and KeyError for a context that lacks a name. Nobody reads what an erased account gets: not sent.
    """
    found = notice_kind_get(kind)
    if user.erased_at is not None:
        return
    language = translation.get_language() or settings.LANGUAGE_CODE
    title, text = str(found.title), found.words(context)
    with transaction.atomic():
        ways = notice_channels(user_id=user.pk, kind=found)
        emit(NoticeSent(user_id=user.pk, kind=kind, context=dict(context), by_site=ways.by_site))
        if ways.by_push:
            push_send(user_ids=[user.pk], title=title, body=text, url=found.url, data={"kind": kind})
        if ways.by_email and user.email and not found.is_digested:
            mail_send(
                to=user.email,
                template=f"notice_{kind}",
                context={
                    **context,
                    "title": title,
                    "text": text,
                    "link": link_base() + found.url,
                    "username": user.username,
                },
                language=language,
            )


def notice_settings_save(*, user: User, chosen: Mapping[str, Channels]) -> None:
    """Keep the choice for the kinds named (those that do not exist are passed over); others stay as they were."""
    rows = [
        NoticeSetting(
            user=user,
            kind=kind.code,
            by_site=chosen[kind.code].by_site,
            by_push=chosen[kind.code].by_push,
            by_email=chosen[kind.code].by_email or kind.is_required,
        )
        for kind in notice_kinds()
        if kind.code in chosen
    ]
    NoticeSetting.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["by_site", "by_push", "by_email"],
    )
