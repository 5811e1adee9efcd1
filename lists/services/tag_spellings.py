"""One spelling for each tag of a person: the one that was used first, whoever writes it how."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Min

from accounts.facade import User
from lists.models import EntryTag
from lists.services.states import EntryState
from lists.tag_keys import tag_key

CHUNK = 500


class TagSpellings:
    """How a person spells tags. What is new is spelled as it comes first, so that one of these serves a whole file.

    The stored spellings are read at once: a query per 500 different tags.
    """

    def __init__(self, user: User, names: Iterable[str]) -> None:
        """`names` are all that will be asked for."""
        keys = sorted({tag_key(name) for name in names})
        self._kept: dict[str, str] = {}
        for start in range(0, len(keys), CHUNK):
            rows = EntryTag.objects.filter(entry__user=user, key__in=keys[start : start + CHUNK])
            self._kept.update(rows.order_by().values_list("key").annotate(Min("name")))

    def of(self, names: Iterable[str]) -> tuple[str, ...]:
        """The names in the person's spelling, each once, sorted."""
        return tuple(
            sorted({key: self._kept.setdefault(key, name) for name in names for key in (tag_key(name),)}.values())
        )

    def state(self, state: EntryState) -> EntryState:
        """The state with its tags so spelled."""
        return replace(state, tags=self.of(state.tags)) if state.tags else state


def tags_spelled(user: User, names: Iterable[str]) -> tuple[str, ...]:
    """The names in the person's spelling, each once, sorted; no query for none."""
    asked = list(names)
    return TagSpellings(user, asked).of(asked) if asked else ()


def states_spelled(user: User, states: Mapping[int, EntryState | None]) -> dict[int, EntryState | None]:
    """The same for many states, {anime id: state}."""
    spellings = TagSpellings(user, (name for state in states.values() if state is not None for name in state.tags))
    return {key: spellings.state(state) if state is not None else None for key, state in states.items()}


__all__ = ["TagSpellings", "states_spelled", "tags_spelled"]
