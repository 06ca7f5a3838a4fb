"""Rows of a table before Qt sees them: sorted, filtered, folded, compared. Pure functions over small values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from msgspec import Struct

from app.ui.models.columns import Key, Row

Deeper = tuple["Branch", ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A row with the rows below it.

    Attributes:
        key: Identity of the row while the table lives; selection and scroll follow it.
        is_heading: The row is a `Heading`: it spans the table, is always open and keeps its place.
    """

    key: str
    row: Row
    children: Deeper = ()
    is_heading: bool = False


class Line(Struct, frozen=True):
    """A row as the table shows it."""

    key: str
    row: Row
    level: int = 0
    is_heading: bool = False
    children: int = 0
    is_open: bool = False
    parent: str = ""


def in_order(branches: Iterable[Branch], key: Callable[[Row], Key | None], *, descending: bool) -> tuple[Branch, ...]:
    """Return the branches sorted on every level; headings keep their place, unknown values come last."""
    sorted_below = [
        replace(branch, children=in_order(branch.children, key, descending=descending)) if branch.children else branch
        for branch in branches
    ]
    if any(branch.is_heading for branch in sorted_below):
        return tuple(sorted_below)
    keyed = [(key(branch.row), branch) for branch in sorted_below]
    known: list[tuple[Any, Branch]] = [pair for pair in keyed if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return tuple(branch for _, branch in known) + tuple(branch for found, branch in keyed if found is None)


def matching(branches: Iterable[Branch], fits: Callable[[Row], bool]) -> tuple[Branch, ...]:
    """Return what fits: a branch that fits keeps all below it, else it keeps what fits below it."""
    kept = []
    for branch in branches:
        below = matching(branch.children, fits)
        if not branch.is_heading and fits(branch.row):
            kept.append(branch)
        elif below:
            kept.append(replace(branch, children=below))
    return tuple(kept)


def kept(branches: Iterable[Branch], fits: Callable[[Row], bool]) -> tuple[Branch, ...]:
    """Return what fits on every level; what does not fit goes with all below it."""
    return tuple(
        replace(branch, children=kept(branch.children, fits)) if branch.children else branch
        for branch in branches
        if branch.is_heading or fits(branch.row)
    )


def lines(branches: Iterable[Branch], is_open: Callable[[str], bool]) -> list[Line]:
    """Return the rows to show, one below the other."""
    return list(_lines(branches, is_open, 0, ""))


def _lines(branches: Iterable[Branch], is_open: Callable[[str], bool], level: int, parent: str) -> Iterator[Line]:
    for branch in branches:
        unfolded = branch.is_heading or (bool(branch.children) and is_open(branch.key))
        yield Line(branch.key, branch.row, level, branch.is_heading, len(branch.children), unfolded, parent)
        if unfolded:
            yield from _lines(branch.children, is_open, level if branch.is_heading else level + 1, branch.key)


def runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as (first, last) of each unbroken run."""
    found: list[tuple[int, int]] = []
    for number in numbers:
        if found and number == found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found
