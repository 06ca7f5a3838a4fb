"""Values that are made quickly are what dataclasses would have made."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from app.core.values import made_quickly


@made_quickly
@dataclass(frozen=True, slots=True)
class Quick:
    """One value of each sort of default."""

    name: str
    number: int = 7
    words: list[str] = field(default_factory=list)


def test_places_names_and_defaults_are_those_of_the_dataclass() -> None:
    assert Quick("a", 1, ["x"]) == Quick(words=["x"], number=1, name="a")
    assert (Quick("a").number, Quick("a").words) == (7, [])
    assert "Quick(name='a', number=7, words=[])" in repr(Quick("a"))


def test_each_has_a_default_of_its_own() -> None:
    assert Quick("a").words is not Quick("b").words


def test_it_never_changes_and_can_be_replaced() -> None:
    one = Quick("a")
    with pytest.raises(FrozenInstanceError):
        one.number = 8  # type: ignore[misc] # what must not work

    assert replace(one, number=8) == Quick("a", 8)


def test_a_missing_or_unknown_word_is_refused() -> None:
    with pytest.raises(TypeError, match="name"):
        Quick()  # type: ignore[call-arg] # what must not work
    with pytest.raises(TypeError, match="colour"):
        Quick("a", colour="red")  # type: ignore[call-arg] # what must not work
