"""Which subtitle file is of which video, in which language."""

import pytest

from downloads.library.subtitles import subtitles_of

pytestmark = pytest.mark.once


def test_stem_language_and_purpose_are_read_from_the_name():
    stems = ["Show - 01", "Show - 01 v2", "Film"]
    cases = {
        "Show - 01.ass": ("Show - 01", "und", False),
        "Show - 01.en.ass": ("Show - 01", "en", False),
        "Show - 01.eng.forced.ass": ("Show - 01", "en", True),
        "Show - 01 v2.German.vtt": ("Show - 01 v2", "de", False),
        "Film.pt-BR.vtt": ("Film", "pt-BR", False),
        "Film.CHS.ssa": ("Film", "zh-Hans", False),
    }
    found = {one.name: (one.stem, one.language, one.is_forced) for one in subtitles_of([*cases, "Other.en.ass"], stems)}
    assert found == cases
