"""Reading by prepared statements gives what Django's cursor gives, on every filter, and survives a lost connection."""

import datetime
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import QueryDict

from catalog.filters import SORTS, AnimeFilters
from catalog.selectors.anime import anime_page
from catalog.tests import factories
from core.api.pagination import PageQuery
from core.sql import MAX_STATEMENTS, moment_of, rows_as_bytes

QUERIES = [
    *[f"sort={name}" for name in SORTS],
    "genre=g-one&tag_not=t-one&tag=t-one&tag_rank_min=10",
    "type=tv,movie&status_not=airing&season=spring&source=manga&age_rating=pg13&country=jp",
    "year_min=2000&score_min=10.5&popularity_min=1&episodes_max=100&duration_min=60&votes_min=1",
    "start_date_min=2000-01-01&end_date_max=2030-01-01",
    "dub=en&sub=any&has_video=true", "has_video=false&letter=h&language=en&provider=x", "letter=%23&id=1,2&mal_id=5",
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_prepared_and_plain_agree(settings: Any) -> None:
    genre, tag = factories.GenreFactory(slug="g-one"), factories.TagFactory(slug="t-one")
    for number in range(6):
        factories.AnimeFactory(
            title=f"Hoshi {number}", document=True, score=number * 10.0 or None, genres=[genre][: number % 2],
            tags=[tag][: number % 3 == 0], start_date=datetime.date(2010 + number, 1, 1) if number else None,
        )  # fmt: skip
    for query in QUERIES:
        filters = AnimeFilters.of(QueryDict(query))
        for page in (1, 2):
            settings.DB_PREPARE = True
            first, again = (anime_page(filters, PageQuery(page, 2)) for _ in range(2))
            settings.DB_PREPARE = False
            assert first == again == anime_page(filters, PageQuery(page, 2)), query


@pytest.mark.django_db(transaction=True)
def test_values_come_as_the_bytes_of_their_text() -> None:
    anime = factories.AnimeFactory(title="50 % «ёжик» 鬼", document=True, year=None)
    statement = "SELECT title, year, id, '100%%' FROM catalog_anime WHERE title LIKE %s AND id = %s"
    for _ in range(3):
        assert rows_as_bytes(statement, ("50 !", anime.pk)) == []
        assert rows_as_bytes(statement, ("50 %", anime.pk)) == [
            ("50 % «ёжик» 鬼".encode(), None, b"%d" % anime.pk, b"100%")
        ]
    ((written,),) = rows_as_bytes("SELECT updated_at FROM catalog_animedocument WHERE anime_id = %s", (anime.pk,))
    assert moment_of(written or b"") == pytest.approx(anime.document.updated_at.timestamp(), abs=0.001)


@pytest.mark.django_db(transaction=True)
def test_a_wrong_statement_raises_as_the_orm_does() -> None:
    for _ in range(2):
        with pytest.raises(DatabaseError):
            rows_as_bytes("SELECT nothing FROM nowhere WHERE id = %s", (1,))
    assert rows_as_bytes("SELECT 1") == [(b"1",)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_between_two_reads_is_replaced() -> None:
    assert rows_as_bytes("SELECT 1 WHERE %s = 1", (1,)) == [(b"1",)]
    lost = connection.connection
    from django.db import connections

    other = connections["default"].copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", (lost.info.backend_pid,))
    other.close()
    assert rows_as_bytes("SELECT 1 WHERE %s = 1", (1,)) == [(b"1",)]
    assert connection.connection is not lost


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_keeps_a_bounded_number_of_statements() -> None:
    for number in range(MAX_STATEMENTS + 20):
        assert rows_as_bytes(f"SELECT {number}") == [(str(number).encode(),)]
    ((held,),) = rows_as_bytes("SELECT count(*) FROM pg_prepared_statements")
    assert int(held or 0) <= MAX_STATEMENTS
