"""Which posters look like a cover: exact distances over all rows, whatever has changed since."""

import pytest
from django.utils import timezone

from catalog.tests.factories import AnimeFactory
from providers.covers import lookup
from providers.covers.lookup import covers_near
from providers.models import CoverHash

pytestmark = pytest.mark.django_db


def keep(*values):
    rows = []
    for value in values:
        anime = AnimeFactory()
        rows.append(CoverHash.objects.create(anime=anime, url="", value=value, hashed_at=timezone.now()))
    return [row.anime_id for row in rows]


def test_an_empty_table_has_nothing_near():
    assert covers_near(0, within=64) == []


def test_distances_are_exact_and_the_bound_belongs_to_it():
    ids = keep(0b0000, 0b0111, 0b1111, 0b11111)
    assert covers_near(0, within=4) == [(ids[0], 0), (ids[1], 3), (ids[2], 4)]


def test_equals_come_in_the_order_of_their_ids():
    ids = keep(7, 7, 7)
    assert covers_near(7, within=0) == [(key, 0) for key in ids]


def test_the_sign_is_one_bit_as_any_other():
    ids = keep(-(2**63), -1, 2**63 - 1, 0)
    assert covers_near(-(2**63), within=1) == [(ids[0], 0), (ids[3], 1)]
    assert covers_near(-1, within=1) == [(ids[1], 0), (ids[2], 1)]
    assert covers_near(0, within=64) == [(ids[3], 0), (ids[0], 1), (ids[2], 63), (ids[1], 64)]


def test_what_is_stored_later_is_found_at_once():
    first = keep(5)
    assert covers_near(5, within=0) == [(first[0], 0)]
    second = keep(5)
    assert covers_near(5, within=0) == [(first[0], 0), (second[0], 0)]


def test_what_was_deleted_is_no_longer_found():
    ids = keep(5, 5, 9)
    covers_near(5, within=0)
    CoverHash.objects.filter(anime=ids[0]).delete()
    assert covers_near(5, within=0) == [(ids[1], 0)]
    CoverHash.objects.filter(anime=ids[2]).delete()  # the last row of all
    assert covers_near(5, within=64) == [(ids[1], 0)]
    CoverHash.objects.all().delete()
    assert covers_near(5, within=64) == []


def test_a_replaced_row_is_found_by_its_new_hash_alone():
    ids = keep(0, 255)
    covers_near(0, within=0)
    CoverHash.objects.filter(anime=ids[0]).delete()
    CoverHash.objects.create(anime_id=ids[0], url="", value=-1, hashed_at=timezone.now())
    assert covers_near(0, within=7) == []
    assert covers_near(-1, within=0) == [(ids[0], 0)]


def test_an_anime_that_was_merged_away_gives_its_row_to_the_other():
    ids = keep(3)
    covers_near(3, within=0)
    other = AnimeFactory()
    CoverHash.objects.filter(anime=ids[0]).update(anime=other)
    assert covers_near(3, within=0) == [(other.pk, 0)]


def test_while_nothing_changes_nothing_is_read_again(django_assert_num_queries):
    keep(1, 2, 2**40)
    covers_near(0, within=64)
    with django_assert_num_queries(1):
        assert covers_near(-1, within=2) == []
    with django_assert_num_queries(2):
        assert len(covers_near(0, within=64)) == 3


def test_after_a_while_all_is_read_again(monkeypatch):
    ids = keep(1, 2)
    covers_near(0, within=64)
    CoverHash.objects.filter(anime=ids[0]).update(value=-1)  # what no service does
    monkeypatch.setattr(lookup, "RELOAD_SECONDS", 0.0)
    assert covers_near(-1, within=0) == [(ids[0], 0)]
