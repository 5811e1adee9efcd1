"""Pages by number and by key."""

import pytest
from django.http import QueryDict

from core.api.pagination import PageQuery, cursor_decode, cursor_encode, keyset_page, page_envelope
from core.errors import MalformedRequest, ValidationFailed
from core.models import Job


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=1e3", "page_size=101", "page_size=0", "page=٣", "page=9999999999"]
)
def test_bad_numbers_are_refused(query: str) -> None:
    with pytest.raises(ValidationFailed):
        PageQuery.of(QueryDict(query))


def test_the_envelope_links_to_its_neighbours() -> None:
    params = QueryDict("genre=action&page=2&page_size=10")
    page = page_envelope("/a", params, PageQuery.of(params), count=25, results=[])
    assert page["next"] == "/a?genre=action&page=3&page_size=10"
    assert page["previous"] == "/a?genre=action&page=1&page_size=10"
    last = QueryDict("page=3&page_size=10")
    assert page_envelope("/a", last, PageQuery.of(last), count=25, results=[])["next"] is None


@pytest.mark.parametrize(
    "cursor", ["n.", "n.!!!", "n.bnVsbA", "n." + cursor_encode([1]), "n." + cursor_encode([[1], 2]), "п.x", "x"]
)
@pytest.mark.django_db
def test_foreign_cursors_are_refused(cursor: str) -> None:
    with pytest.raises(MalformedRequest):
        keyset_page(Job.objects.all(), fields=["-attempt", "-id"], cursor=cursor, size=2)


def test_cursor_round_trip() -> None:
    assert cursor_decode(cursor_encode(["a", 1]), 2) == ["a", 1]


@pytest.mark.django_db
def test_a_walk_forth_and_back_sees_every_row_once() -> None:
    jobs = [Job.objects.create(kind="x", attempt=n % 3) for n in range(11)]
    expected = [j.id for j in sorted(jobs, key=lambda j: (-j.attempt, str(j.id)))]
    seen, cursor, pages = [], None, []
    while True:
        page = keyset_page(Job.objects.all(), fields=["-attempt", "id"], cursor=cursor, size=4)
        seen += [row.id for row in page.rows]
        pages.append(page)
        cursor = page.next
        if cursor is None:
            break
    assert seen == expected
    back = keyset_page(Job.objects.all(), fields=["-attempt", "id"], cursor=pages[-1].previous, size=4)
    assert [row.id for row in back.rows] == [row.id for row in pages[-2].rows]
    first = keyset_page(Job.objects.all(), fields=["-attempt", "id"], cursor=back.previous, size=4)
    assert [row.id for row in first.rows] == expected[:4]
    assert first.previous is None
