"""Beginning conversations, closing them, and opening them again."""

import logging
import uuid

from django.db import transaction

from accounts.facade import User
from core.errors import NotFound
from social.access import Target, get_thread, moderates
from social.models import Thread

logger = logging.getLogger(__name__)


def thread_begin(*, target: Target) -> Thread:
    """The thread of a target that the writer may see, made with its first comment. Within the caller's transaction."""
    return get_thread(target) or Thread.objects.get_or_create(**target.keys())[0]


def thread_lock(*, actor: User, thread_id: uuid.UUID, is_locked: bool) -> Thread:
    """Let nobody but staff write in a thread, or everybody again. Only who moderates; raises `NotFound` for others."""
    if not moderates(actor):
        raise NotFound()
    with transaction.atomic():
        thread = Thread.objects.select_for_update(no_key=True).filter(pk=thread_id).first()
        if thread is None:
            raise NotFound()
        thread.is_locked, thread.locked_by = is_locked, actor if is_locked else None
        thread.save(update_fields=["is_locked", "locked_by"])
    logger.info("thread %s: locked %s by %s", thread.pk, is_locked, actor.pk)
    return thread


__all__ = ["thread_begin", "thread_lock"]
