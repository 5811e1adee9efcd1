"""What happens in accounts that upper apps may listen to (`core.events`)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """A notice went out to a person; `by_site`: they want to find it on the site. `kind` as in `accounts.notices`."""

    user_id: uuid.UUID
    kind: str
    context: Mapping[str, Any] = field(default_factory=dict)
    by_site: bool = True


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """These sessions of a person count no more: their tokens, site sessions and sockets are dead. `reason`: a code."""

    user_id: uuid.UUID
    session_ids: tuple[uuid.UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class UserErased:
    """An account's personal data is gone; its row stays, anonymous. Parts of `core.personal_data` have run before."""

    user_id: uuid.UUID
