"""What people say of a file stands over every scan."""

import pytest

from accounts.tests.factories import UserFactory
from catalog.models import EpisodeSource, SubtitleTrack
from core.errors import NotFound, ValidationFailed
from downloads.library.deciding import file_assign, file_forget_decision, file_ignore
from downloads.library.selectors import files_counts, files_of_anime, files_unmatched, scan_last, suggestions_fill
from downloads.models import FileState, LibraryFile, MatchedBy

pytestmark = pytest.mark.django_db
PATH = "Hoshi no Niwa/Hoshi no Niwa - 01.mkv"


def test_an_assignment_moves_the_way_to_play_and_stands(library, series):
    first, other = series("Hoshi no Niwa"), series("Umi no Uta")
    library.add(PATH)
    library.scan()
    row = LibraryFile.objects.get()
    source = row.source_id
    row = file_assign(actor=UserFactory(), file=row, anime_id=other.pk, first=5)
    assert (row.state, row.anime_id, row.first, row.last) == (FileState.MATCHED, other.pk, 5, 5)
    assert (row.matched_by, row.confidence, row.source_id) == (MatchedBy.PERSON, 100, source)
    assert EpisodeSource.objects.get().episode.anime_id == other.pk
    (library.root / PATH).rename(library.root / "renamed.mkv")
    library.scan(is_rematching=True)
    row.refresh_from_db()
    assert (row.path, row.anime_id, row.first, row.matched_by) == ("renamed.mkv", other.pk, 5, MatchedBy.PERSON)
    assert first.pk not in EpisodeSource.objects.values_list("episode__anime", flat=True)


def test_several_episodes_in_one_file(library, series):
    anime = series("Umi no Uta")
    library.add("xyz.mkv")
    library.scan()
    row = file_assign(actor=UserFactory(), file=LibraryFile.objects.get(), anime_id=anime.pk, first=2, last=4)
    numbers = EpisodeSource.objects.order_by("episode__number").values_list("episode__number", flat=True)
    assert (list(numbers), row.last) == ([2, 3, 4], 4)
    file_assign(actor=UserFactory(), file=row, anime_id=anime.pk, first=3)
    alive = EpisodeSource.objects.exclude(health="dead").values_list("episode__number", flat=True)
    assert list(alive) == [3]


def test_an_ignored_file_stays_ignored_and_is_not_played(library, series):
    series("Hoshi no Niwa")
    library.add(PATH)
    library.add(PATH.replace(".mkv", ".en.ass"))
    library.scan()
    row = file_ignore(actor=UserFactory(), file=LibraryFile.objects.get())
    assert (row.state, row.anime_id) == (FileState.IGNORED, None)
    assert EpisodeSource.objects.get().health == "dead"
    assert not SubtitleTrack.objects.exists()
    away = library.root.parent / "away.mkv"
    (library.root / PATH).rename(away)
    library.scan(is_sure=True)
    away.rename(library.root / PATH)
    library.scan(is_rematching=True)
    row.refresh_from_db()
    assert row.state == FileState.IGNORED


def test_a_decision_that_is_taken_back(library, series):
    anime = series("Hoshi no Niwa")
    library.add(PATH)
    library.scan()
    row = file_ignore(actor=UserFactory(), file=LibraryFile.objects.get())
    row = file_forget_decision(actor=UserFactory(), file=row)
    assert (row.state, row.anime_id, row.first, row.matched_by) == (FileState.MATCHED, anime.pk, 1, MatchedBy.NAME)
    assert EpisodeSource.objects.get().health == "unknown"


@pytest.mark.parametrize("given", [{"first": 0}, {"first": 5, "last": 4}, {"first": 1, "last": 900}, {"first": 10**9}])
def test_numbers_without_sense_change_nothing(library, series, given):
    anime = series("Umi no Uta")
    library.add("xyz.mkv")
    library.scan()
    with pytest.raises(ValidationFailed):
        file_assign(actor=UserFactory(), file=LibraryFile.objects.get(), anime_id=anime.pk, **given)
    with pytest.raises(NotFound):
        file_assign(actor=UserFactory(), file=LibraryFile.objects.get(), anime_id=10**9, first=1)
    assert LibraryFile.objects.get().state == FileState.UNMATCHED
    assert not EpisodeSource.objects.exists()


def test_what_staff_see(library, series, django_assert_num_queries):
    anime = series("Hoshi no Niwa")
    library.add(PATH)
    library.add("Hoshi no Niwa/Hoshi no Niwa - 99.mkv")
    library.add("Something/else.mkv")
    scan = library.scan()
    assert files_counts() == {"matched": 1, "unmatched": 2, "ignored": 0, "broken": 0, "gone": 0}
    assert [row.path for row in files_of_anime(anime.pk)] == [PATH]
    assert scan_last() == scan
    assert files_unmatched(q="niwa HOSHI").count() == 1
    with django_assert_num_queries(2):
        listed = suggestions_fill(list(files_unmatched()))
    assert [one.anime_id for one in listed[0].suggestions] == [anime.pk]
    assert "it has not so many episodes" in listed[0].suggestions[0].why
