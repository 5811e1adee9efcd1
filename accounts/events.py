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
