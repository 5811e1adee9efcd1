"""The site's sessions in the database under a hash of their key, so that a stolen database opens none (threat 40)."""

import datetime
import hashlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from core.kept_queries import KeptQuery

if TYPE_CHECKING:
    from accounts.models import UserSession

ROW_KEY = "user_session"
"""Under this the site session's data holds the id of its `UserSession`."""

StaffTimeout = Callable[[], datetime.timedelta]
_staff_timeouts: list[StaffTimeout] = []


def staff_timeout_register(function: StaffTimeout) -> None:
    """Let an app above say how long staff may do nothing on the site before they have to sign in again; the shortest counts.

    `function` is asked in every request of staff, so it is cheap. Without any, staff stay signed in as everybody does.
    """
    if function not in _staff_timeouts:
        _staff_timeouts.append(function)


def is_timed_out(session: "UserSession") -> bool:
    """Whether the session is one of staff on the site that nobody used for too long. Noted to a minute (`session_seen`)."""
    if not _staff_timeouts or session.kind != "site" or not session.user.is_staff:
        return False
    return timezone.now() - session.last_seen_at >= min(function() for function in _staff_timeouts)


def stored_key(session_key: str) -> str:
    """What the row is called: SHA-256 cut to the column's 40 characters (160 bits)."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


@cache
def _kept() -> KeptQuery:
    model = SessionStore.get_model_class()
    return KeptQuery(
        lambda key, now: model.objects.filter(session_key=key, expire_date__gt=now), key=str, now=datetime.datetime
    )


class SessionStore(db.SessionStore):
    """Django's database sessions; the cookie holds the key, the table only its hash."""

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        key = self.session_key
        found: AbstractBaseSession | None = _kept().first(key=stored_key(key), now=timezone.now()) if key else None
        if not found:
            self._session_key = None
            return None
        return found

    async def _aget_session_from_db(self) -> AbstractBaseSession | None:
        key = self.session_key
        found = (
            await self.model.objects.filter(session_key=stored_key(key), expire_date__gt=timezone.now()).afirst()
            if key
            else None
        )
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    async def aexists(self, session_key: str) -> bool:
        return await super().aexists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    async def acreate_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = await super().acreate_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(stored_key(key))

    async def adelete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            await super().adelete(stored_key(key))

    def flush(self) -> None:
        """Forget everything, and end the sign-in that this was: also when somebody else signs in over it."""
        row_id = self.get(ROW_KEY)
        super().flush()
        if row_id is not None:
            _row_end(row_id)

    async def aflush(self) -> None:
        row_id = await self.aget(ROW_KEY)
        await super().aflush()
        if row_id is not None:
            await sync_to_async(_row_end)(row_id)


def _row_end(row_id: str) -> None:
    from accounts.services.sessions import session_revoke_by_id  # Django loads this module before there are models

    session_revoke_by_id(session_id=row_id, reason="signed_out")
