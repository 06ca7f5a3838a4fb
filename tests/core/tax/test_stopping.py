"""Long work ends where nobody waits for it any more."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

import pytest

from app.core.clock import DAY
from app.core.lots.methods import Method
from app.core.stopping import StoppedError, Watched, always, while_alive
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.profile import profile
from tests.core.lots.histories import START

MANY = 4_000


class Until:
    """Is alive so many times."""

    def __init__(self, often: int) -> None:
        self.often = often
        self.asked = 0

    def __call__(self) -> None:
        self.asked += 1
        if self.asked > self.often:
            raise StoppedError


def history() -> list[Transaction]:
    kinds = (TransactionType.BUY, TransactionType.SELL)
    return [
        Transaction(f"r{number}", START + number * DAY // 8, kinds[number % 2], "hot", "BTC", quantity, value=quantity)
        for number, quantity in enumerate(islice(quantities(), MANY))
    ]


def quantities() -> Iterator[Decimal]:
    while True:
        yield Decimal(2)
        yield Decimal(1)


@pytest.mark.parametrize("items", [[], list(range(5)), list(range(2_500))])
def test_what_is_gone_through_while_somebody_waits_is_all_there(items: list[int]) -> None:
    assert items == list(while_alive(items, always))
    assert items == list(Watched(items, always))


def test_nothing_more_is_gone_through_once_nobody_waits() -> None:
    found: list[int] = []
    with pytest.raises(StoppedError):
        found.extend(while_alive(range(MANY), Until(2)))

    assert len(found) < MANY // 2 + 1


@pytest.mark.parametrize("method", sorted(Method))
def test_a_computation_ends_at_whatever_moment_it_is_stopped(method: Method) -> None:
    transactions = history()
    options = {"unidentified": "fifo"} if method is Method.SPEC_ID else {}
    way = profile("generic", method=method, options=options)
    whole = Until(MANY)
    compute(transactions, way, currency="EUR", alive=whole)

    for often in range(whole.asked):
        stopped = Until(often)
        with pytest.raises(StoppedError):
            compute(transactions, way, currency="EUR", alive=stopped)
        assert often + 1 == stopped.asked
    # The units, the events, the matching and the disposals: each looks up several times.
    assert whole.asked >= 4 * 3
