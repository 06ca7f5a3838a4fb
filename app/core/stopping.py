"""Work that can be stopped on its way: it asks now and then whether anybody still waits for what it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

T = TypeVar("T")

Alive = Callable[[], None]
"""Called now and then by long work; raises `StoppedError` where nobody waits for it any more."""

_AT_ONCE = 1_000
"""Items between two questions: a few milliseconds of work, and no cost that can be measured."""


class StoppedError(Exception):
    """The work was stopped; whoever asked for it is gone, so that no person is ever told."""


def always() -> None:
    """Be alive: for work that nobody stops."""


def while_alive(items: Iterable[T], alive: Alive) -> Iterator[T]:
    """Yield items as long as somebody waits for what is made of them."""
    return chain.from_iterable(_parts(items, alive))


def _parts(items: Iterable[T], alive: Alive) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, _AT_ONCE)):
        alive()
        yield part


class Watched(list[T]):
    """A list that is gone through as long as somebody waits: for engines that know of nothing but their history."""

    def __init__(self, items: Iterable[T], alive: Alive) -> None:
        """Take the items."""
        super().__init__(items)
        self._alive = alive

    def __iter__(self) -> Iterator[T]:
        """Yield the items while somebody waits."""
        return while_alive(super().__iter__(), self._alive)
