"""Which ends a person is offered as the other end of one that is alone."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.clock import DAY, SECOND
from app.core.transfers import End
from app.core.transfers.partners import EARLIEST, LATEST, partners

D = Decimal
NOON = 1_700_000_000 * SECOND
HOUR = 3_600 * SECOND


def end(  # noqa: PLR0913 - what an end is
    name: str, account: str, quantity: str, *, later: int = 0, into: bool = True, asset: str = "bitcoin", fee: str = "0"
) -> End:
    return End(name, account, NOON + later, asset, D(quantity), into, D(fee))


OUT = end("out", "kraken", "1", into=False)


def test_the_nearest_amount_comes_first_and_of_equal_ones_the_nearest_in_time() -> None:
    free = [
        end("half", "ledger", "0.5", later=HOUR),
        end("late", "ledger", "0.99", later=9 * DAY),
        end("soon", "ledger", "0.99", later=HOUR),
        end("whole", "ledger", "1", later=2 * DAY),
    ]
    found = partners(OUT, free, frozenset({"soon"}))

    assert [(one.end.entry_id, one.lost, one.delay, one.is_proposed) for one in found] == [
        ("whole", D(0), 2 * DAY, False),
        ("soon", D("0.01"), HOUR, True),
        ("late", D("0.01"), 9 * DAY, False),
        ("half", D("0.5"), HOUR, False),
    ]


@pytest.mark.parametrize(
    "other",
    [
        end("x", "ledger", "1", asset="ethereum"),
        end("x", "kraken", "1"),
        end("x", "ledger", "1", into=False),
        end("x", "ledger", "0.49"),
        end("x", "ledger", "1.0001"),
        end("x", "ledger", "1", later=LATEST + 1),
        end("x", "ledger", "1", later=-EARLIEST - 1),
    ],
    ids=["other asset", "same account", "same side", "far less", "more than was sent", "too late", "too early"],
)
def test_what_cannot_be_its_other_end_is_not_offered(other: End) -> None:
    assert partners(OUT, [other]) == ()


@pytest.mark.parametrize("later", [-EARLIEST, 0, LATEST])
def test_times_are_offered_up_to_their_bounds(later: int) -> None:
    (found,) = partners(OUT, [end("x", "ledger", "1", later=later)])

    assert found.delay == later


def test_a_fee_beside_the_withdrawal_counts_as_sent() -> None:
    out = end("out", "kraken", "1", into=False, fee="0.001")
    free = [end("a", "ledger", "1.001"), end("b", "ledger", "1.0011")]

    assert [(one.end.entry_id, one.lost) for one in partners(out, free)] == [("a", D("-0.001"))]


def test_a_deposit_that_is_alone_is_offered_what_left_before_it() -> None:
    into = end("into", "ledger", "0.9", later=HOUR)

    (found,) = partners(into, [OUT, end("after", "kraken", "0.9", later=HOUR + LATEST, into=False)])
    assert (found.end.entry_id, found.lost, found.delay) == ("out", D("0.1"), HOUR)
