"""What is said of an episode: one table, every combination."""

from itertools import product

import pytest

from downloads.missing.states import Evidence, GapState, Wish, state_of

pytestmark = pytest.mark.once

# The first row whose conditions hold is what is said; "-" does not matter. Columns: present, live, source, allowed, failed, aired.
TABLE = [
    ("y - - - - -", GapState.PRESENT),
    ("n y - - - -", GapState.IN_QUEUE),
    ("n n n - - n", GapState.NOT_AIRED),
    ("n n n - - y", GapState.NO_SOURCE),
    ("n n y n - -", GapState.NO_ALLOWED_HOST),
    ("n n y y y -", GapState.FAILED),
    ("n n y y n -", GapState.READY),
]


def expected(given: tuple[bool, ...]) -> GapState:
    fits = [
        state
        for row, state in TABLE
        if all(want == "-" or (want == "y") == is_so for want, is_so in zip(row.split(), given, strict=True))
    ]
    assert len(fits) == 1, f"the table says {fits} of {given}"
    return fits[0]


def test_the_first_obstacle_is_said() -> None:
    for given in product((False, True), repeat=6):
        present, live, source, allowed, failed, aired = given
        seen = Evidence(
            is_present=present, is_live=live, has_source=source, has_allowed=allowed, has_failed=failed, has_aired=aired
        )
        assert state_of(seen) == expected(given), seen


@pytest.mark.parametrize(
    ("wish", "variant", "takes"),
    [
        (("", ""), ("dub", "de"), True),
        (("", ""), ("", ""), True),
        (("dub", ""), ("dub", "fr"), True),
        (("dub", ""), ("sub", "fr"), False),
        (("", "de"), ("sub", "de"), True),
        (("dub", "pt"), ("dub", "pt-BR"), True),
        (("dub", "pt-BR"), ("dub", "pt"), False),
        (("dub", "DE"), ("dub", "de"), True),
        (("dub", "de"), ("dub", "den"), False),
        (("dub", "de"), ("", ""), False),
    ],
)
def test_a_wish_takes_what_it_names(wish: tuple[str, str], variant: tuple[str, str], takes: bool) -> None:
    assert Wish(*wish, is_strict=True).takes(*variant) is takes
    assert Wish(*wish, is_strict=True).counts(*variant) is takes
    assert Wish(*wish).counts(*variant) is True
