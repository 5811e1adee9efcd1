"""Keeps this process's snapshot of the title index in step with the database and with what other processes write."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import tantivy
from django.db import connections

from catalog.models import Anime
from catalog.search import changes, engine
from catalog.search.changes import State
from catalog.search.folder import DAMAGE, IndexFolder

logger = logging.getLogger(__name__)

INLINE_LIMIT = 1_000
"""Up to this many anime are taken over within the search that notices; more are left to a thread, and to old results."""

_PAUSE_SECONDS = 5.0
_DISCARD_SECONDS = 60.0


class LiveIndex:
    """The title index as one process sees it: a snapshot to search, brought up to date when the database has moved on."""

    def __init__(self, path: Path) -> None:
        self._folder = IndexFolder(path)
        self._generation = ""
        self._index: tantivy.Index | None = None
        self._snapshot: engine.Snapshot | None = None
        self._state: State | None = None
        self._guard = threading.Lock()
        self._quiet_until = 0.0
        self._keep_until = 0.0

    def snapshot(self) -> engine.Snapshot:
        """What to search now: as fresh as can be had without waiting for another writer.

        Builds the index when there is none. Raises OSError when SEARCH_DIR cannot be written then.
        """
        held, state = self._snapshot, self._state
        if held is not None and state is not None and not changes.is_behind(state):
            return held
        if not self._guard.acquire(blocking=held is None):
            return held  # type: ignore[return-value]  # another thread is at it: not None, or we had waited
        try:
            self._follow(wait=held is None)
        except DAMAGE:
            if self._snapshot is None:
                raise
            logger.exception("title index: not brought up to date, answering from the last good one")
        finally:
            self._guard.release()
        if self._snapshot is None:
            raise OSError("the title index cannot be read")
        return self._snapshot

    def refresh(self) -> None:
        """Take over all changes now, waiting for other writers."""
        with self._guard:
            self._follow(wait=True, at_once=True)

    def rebuild(self) -> int:
        """Build the index anew from the whole catalogue; returns the number of anime in it."""
        with self._guard, self._folder.lock(wait=True):
            return self._build()

    def discard(self) -> bool:
        """Give up an index that a reader found damaged: the next search builds another. At most once a minute."""
        if time.monotonic() < self._keep_until:
            return False
        self._keep_until = time.monotonic() + _DISCARD_SECONDS
        with self._guard, self._folder.lock(wait=True):
            self._snapshot = self._state = self._index = None
            self._generation = ""
            self._folder.forget()
        return True

    def _follow(self, *, wait: bool, at_once: bool = False) -> None:
        """Look at what others wrote; write what is still missing, unless another process is doing so. Guard is held."""
        self._reopen()
        if self._state is not None and not changes.is_behind(self._state):
            return
        with self._folder.lock(wait=wait) as is_ours:
            if not is_ours:
                return
            self._reopen()
            if self._state is None:
                self._build()
                return
            todo = changes.changes_since(self._state)
            size = Anime.objects.count() if todo.is_everything else len(todo.anime_ids)
            if size > INLINE_LIMIT and not at_once:
                self._later()
            elif todo.is_everything:
                self._build()
            elif todo.anime_ids or todo.state != self._state:
                self._apply(todo)

    def _later(self) -> None:
        """Do a large change in a thread, with a pause after it: during an import they come one after another."""
        if time.monotonic() < self._quiet_until:
            return
        self._quiet_until = time.monotonic() + 600

        def work() -> None:
            began = time.monotonic()
            try:
                self.refresh()
            except Exception:
                logger.exception("title index: the background update failed")
            finally:
                connections.close_all()
                now = time.monotonic()
                self._quiet_until = now + max(_PAUSE_SECONDS, 3 * (now - began))

        threading.Thread(target=work, name="title-index", daemon=True).start()

    def _reopen(self) -> None:
        """Show the newest commit of the current generation; keep what is held when that cannot be read."""
        generation = self._folder.current()
        if not generation:
            self._state = None
            return
        try:
            if self._index is None or generation != self._generation:
                index = self._folder.open(generation)
            else:
                index = self._index
                index.reload()
            snapshot = engine.Snapshot(index)
            self._state = State.load(snapshot.state)
        except DAMAGE as error:
            logger.warning("title index: %s cannot be used and will be built anew: %s", generation, error)
            self._state = None
            return
        self._index, self._generation, self._snapshot = index, generation, snapshot

    def _apply(self, todo: changes.Changes) -> None:
        """Write the changed anime into the current generation; the lock is held."""
        assert self._index is not None  # noqa: S101 - _reopen set it together with _state
        ids = sorted(todo.anime_ids)
        engine.write(self._index, sources=changes.anime_sources(ids), removed=ids, state=todo.state.dump())
        self._snapshot, self._state = engine.Snapshot(self._index), todo.state

    def _build(self) -> int:
        """Write a new generation; the lock is held."""
        began = time.monotonic()
        state = changes.state_now()
        with self._folder.replacement() as index:
            count = engine.write(index, sources=changes.anime_sources(), state=state.dump())
        self._reopen()
        logger.info("title index: built from %d anime in %.1f s", count, time.monotonic() - began)
        return count
