"""What everything held was worth just before a sale."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.portfolio_values import with_portfolio_values
from app.core.tax.profile import profile
from app.core.tax.valuations import Prices

CLOSES = {"ethereum": {day: Decimal(100 + day) for day in range(10)}, "bitcoin": {0: Decimal(1_000)}}
PRICES = Prices("eur", "eur", CLOSES)


def row(name: str, day: int, quantity: str, value: str) -> Transaction:
    """Return a purchase, or a sale; the name of a row tells which, and of what."""
    _, word, asset = name.split("/")
    kind = TransactionType.BUY if word == "buy" else TransactionType.SELL
    return Transaction(name, day * DAY, kind, "main", asset, Decimal(quantity), value=Decimal(value))


BOUGHT = [
    row("a/buy/bitcoin", 0, "2", "2000"),
    row("b/buy/ethereum", 1, "10", "1000"),
]


def values(*more: Transaction) -> list[Decimal | None]:
    return [one.portfolio_value for one in with_portfolio_values([*BOUGHT, *more], PRICES)][len(BOUGHT) :]


def test_a_sale_counts_its_own_price_and_the_closes_of_the_rest() -> None:
    # 2 bitcoin at the 1,500 that one of them brings, 10 ether at 103.
    assert values(row("s/sell/bitcoin", 3, "1", "1500")) == [Decimal(4_030)]


def test_one_price_that_is_missing_leaves_no_value_and_blocks_the_figure() -> None:
    sold = row("s/sell/ethereum", 3, "1", "150")
    found = compute(with_portfolio_values([*BOUGHT, sold], PRICES), profile("fr"), currency="EUR")

    assert (values(sold), found.totals.gain) == ([None], None)
    assert found.findings[0].code == "missing-portfolio-value"


def test_an_exchange_is_no_sale_but_its_fee_is() -> None:
    found = values(
        row("x/sell/bitcoin", 0, "1", "1000"),
        row("x/buy/ethereum", 0, "10", "1000"),
        row("x/fee/ethereum", 0, "1", "100"),
    )

    # 20 ether at the 100 that one of them paid, and 1 bitcoin.
    assert found == [None, None, Decimal(3_000)]


def test_what_is_sold_to_the_last_unit_is_worth_what_it_brings() -> None:
    alone = [BOUGHT[0], row("s/sell/bitcoin", 3, "2", "3333.33")]

    assert with_portfolio_values(alone, PRICES)[1].portfolio_value == Decimal("3333.33")
