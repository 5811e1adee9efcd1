"""Tables of ratings that an operator loads: what the catalogue does not know of them is bounded."""

import pytest

from accounts.models import User
from catalog.models import Anime
from lists.models import ListEntry
from lists.recommending.ratings_file import RatingLine
from lists.services import rating_tables
from lists.services.rating_tables import TooManyUnknown, rating_table_load

pytestmark = pytest.mark.django_db


def lines(count: int) -> list[RatingLine]:
    return [RatingLine("7", 900_000 + n, 80, "completed", 12) for n in range(count)]


def test_a_table_of_strange_numbers_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rating_tables, "STUBS_LIMIT", 3)
    with pytest.raises(TooManyUnknown, match="4 anime"):
        rating_table_load(lines=lines(4))
    assert not Anime.objects.exists()
    assert not User.objects.exists()


def test_up_to_the_bound_all_are_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rating_tables, "STUBS_LIMIT", 3)
    assert rating_table_load(lines=lines(3)) == {"people": 1, "entries": 3, "stubs": 3}
    assert rating_table_load(lines=lines(3))["stubs"] == 0
    assert ListEntry.objects.count() == 3
