"""What is let go of is gone, a part at a time."""

from __future__ import annotations

import weakref

import pytest

from app.core.letting_go import let_go


class Value:
    """Something that tells when it is gone."""


@pytest.mark.parametrize("count", [0, 1, 500, 1_234])
def test_all_of_it_is_freed(count: int) -> None:
    values = [Value() for _ in range(count)]
    known = [weakref.ref(one) for one in values]
    let_go(values)

    assert values == []
    assert [one() for one in known] == [None] * count


def test_what_somebody_else_keeps_stays() -> None:
    values = [Value(), Value()]
    kept = tuple(values)
    let_go(values)

    assert [type(one) for one in kept] == [Value, Value]
