"""People of the staff."""

import pytest

from providers.tests.admin.staff import Staff


@pytest.fixture
def admin(db: None) -> Staff:
    return Staff("admin")


@pytest.fixture
def moderator(db: None) -> Staff:
    return Staff("moderator")
