"""What the rules of the United States make of small histories; sources stand in the file of the country."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.tax.compute import compute
from app.core.tax.figures import Term
from app.core.tax.profile import profile
from tests.core.lots.histories import figures, lots, term, written


@pytest.mark.parametrize(
    ("acquired", "sold", "expected"),
    [
        ("2024-01-15", "2025-01-15", Term.SHORT),
        ("2024-01-15", "2025-01-16", Term.LONG),
        ("2023-03-01", "2024-02-29", Term.SHORT),
        ("2024-02-29", "2025-02-28", Term.SHORT),
        ("2024-02-29", "2025-03-01", Term.LONG),
        ("2023-02-28", "2024-02-29", Term.SHORT),
        ("2023-02-28", "2024-03-01", Term.LONG),
        ("2023-12-31", "2025-01-01", Term.LONG),
    ],
)
def test_in_the_united_states_long_is_more_than_a_year_from_the_day_after(
    acquired: str, sold: str, expected: Term
) -> None:
    assert term(acquired, sold, "us") == expected


def test_a_sale_of_short_and_long_lots_divides_its_gain() -> None:
    text = """
    a 2023-01-01 buy  1 BTC 100
    b 2024-06-01 buy  3 BTC 900
    s 2024-07-01 sell 4 BTC 4000
    """
    found = figures(written(text), code="us")

    assert found.disposals[0].term is Term.MIXED
    assert (found.totals.long_gain, found.totals.short_gain) == (Decimal(900), Decimal(2100))


SAFE_HARBOR = """
i1 2024-06-01 buy      1 BTC 100 wallet=Coinbase
i2 2024-07-01 buy      2 BTC 1000 wallet=Kraken
t1 2024-08-01 transfer 0.5 BTC wallet=Kraken to_wallet=Ledger
o1 2024-09-01 sell     0.25 BTC 500 wallet=Kraken
i3 2025-02-01 buy      1 BTC 500 wallet=BlockFi
"""


def test_a_safe_harbour_deals_out_the_oldest_lots_in_the_order_of_wallets() -> None:
    options = {"safe-harbor": "global", "wallet-order": "Ledger;Kraken;Coinbase;BlockFi"}
    found = figures(written(SAFE_HARBOR), code="us", options=options)

    # One pool until 2024: the sale takes i1, though it lies elsewhere; 0.75 of i1 and 2 of i2 are dealt out.
    assert lots("o1", found) == [("i1", "fifo", "0.25")]
    assert [(held.wallet, held.quantity, held.cost) for held in found.holdings] == [
        ("BlockFi", Decimal(1), Decimal(500)),
        ("Coinbase", Decimal(1), Decimal(500)),
        ("Kraken", Decimal("1.25"), Decimal(525)),
        ("Ledger", Decimal("0.5"), Decimal(50)),
    ]


def test_wallets_that_a_safe_harbour_does_not_name_are_told() -> None:
    found = figures(written(SAFE_HARBOR), code="us", options={"safe-harbor": "global", "wallet-order": "Kraken"})

    assert [(finding.code, finding.subject) for finding in found.findings] == [
        ("wallet-order-incomplete", "Coinbase,Ledger"),
        ("foreign-currency", "EUR"),
    ]


def test_a_year_before_the_safe_harbour_ends_with_one_pool() -> None:
    options = {"safe-harbor": "global", "wallet-order": "Ledger;Kraken;Coinbase"}
    rules = profile("us", options=options)
    found = compute(written(SAFE_HARBOR), rules, currency="USD", year=2024)

    assert [(held.wallet, held.quantity) for held in found.holdings] == [(None, Decimal("2.75"))]


def test_what_cannot_be_dealt_out_is_told() -> None:
    text = """
    a 2024-01-01 buy  2 BTC 200 wallet=hot
    s 2024-02-01 sell 1 BTC 300 wallet=cold
    u 2024-02-02 sell 1 ETH 300 wallet=cold
    e 2024-02-03 buy  1 ETH 300 wallet=cold
    """
    options = {"safe-harbor": "global", "wallet-order": "hot;cold"}
    found = figures(written(text), code="us", options=options)

    assert [(finding.code, finding.subject) for finding in found.findings[:3]] == [
        ("missing-basis", "u"),
        ("overdrawn-wallet", "cold/BTC"),
        ("lot-without-wallet", "e"),
    ]
