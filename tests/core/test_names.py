"""What findings say: a number agrees with its word."""

from __future__ import annotations

import pytest

from app.core.names import counted


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (2_048, "2,048 days"), (-1, "-1 days")]
)
def test_a_number_agrees_with_its_word(number: int, said: str) -> None:
    assert said == counted(number, "day")


def test_a_word_brings_its_own_plural_where_an_s_does_not_make_it() -> None:
    assert (counted(1, "entry", "entries"), counted(3, "entry", "entries")) == ("1 entry", "3 entries")
