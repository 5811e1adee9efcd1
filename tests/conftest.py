"""What several folders of tests share: the world of the permission matrix."""

from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker
from pytest_django.plugin import blocking_manager_key

from tests.permissions.shared_world import SharedWorld
from tests.permissions.world import World

_shared = SharedWorld()


@pytest.fixture(scope="module")
def _shared_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[SharedWorld]:
    yield _shared
    with django_db_blocker.unblock():
        _shared.end()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test that does not ask for the world does not meet its rows either."""
    if _shared.is_there and "world" not in getattr(item, "fixturenames", ()):
        with item.config.stash[blocking_manager_key].unblock():
            _shared.end()


@pytest.fixture
def _copied_world(_shared_world: SharedWorld, django_db_blocker: DjangoDbBlocker) -> World:
    with django_db_blocker.unblock():
        return _shared_world.copied()


@pytest.fixture
def world(_copied_world: World, db: None) -> World:
    """A fresh world: a person a role, and what the matrix files set up. What a test does to its rows is rolled back."""
    return _copied_world
