"""Specific identification: followed to the letter, or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.core.errors import InputError, RefusedError
from app.core.lots.methods import Method, Scope
from app.core.tax.events import Transaction
from app.core.tax.figures import TaxFigures
from app.core.tax.transactions import read
from tests.core.lots.histories import figures, lots, written

BEFORE = """
a 2024-01-01 buy      1 BTC 100 wallet=hot
b 2024-02-01 buy      1 BTC 900 wallet=cold
e 2024-02-01 buy      5 ETH 900 wallet=hot
t 2024-03-01 transfer 0.5 BTC wallet=hot to_wallet=cold
"""
AFTER = "z 2024-07-01 buy 1 BTC 100 wallet=hot"


def sold(cell: str, *, wallet: str = "hot", options: Mapping[str, str] | None = None) -> TaxFigures:
    sale = f"s 2024-06-01 sell 0.5 BTC 300 wallet={wallet} lots={cell}"
    return figures(written(f"{BEFORE}{sale}\n{AFTER}"), Method.SPEC_ID, Scope.PER_WALLET, options=options)


def test_the_chosen_lots_are_used_up() -> None:
    assert lots("s", sold("b:0.25;a:0.25", wallet="cold")) == [("b", "spec-id", "0.25"), ("a", "spec-id", "0.25")]


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "identifies no lot"),
        ("a:0.4", "do not add up"),
        ("a:0.3;a:0.3", "more of the lot 'a' than it still holds here"),
        ("a:0.6", "more of the lot 'a' than it still holds here"),
        ("b:0.5", "'b', which is in another wallet"),
        ("e:0.5", "'e', which is of ETH"),
        ("q:0.5", "'q', which no acquisition opens"),
        ("t:0.5", "'t', which no acquisition opens"),
        ("z:0.5", "'z', which was acquired later"),
    ],
)
def test_a_choice_that_cannot_be_followed_is_refused_with_its_row_and_reason(cell: str, reason: str) -> None:
    with pytest.raises(InputError, match=r"row 's', column lots") as refused:
        sold(cell)

    assert reason in refused.value.message


def test_every_choice_that_cannot_be_followed_is_named() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 100
    s 2024-06-01 sell 1 BTC 300 lots=q:1
    u 2024-06-01 sell 1 BTC 300 lots=a:2
    """
    with pytest.raises(InputError, match=r"row 's'.*row 'u'"):
        figures(written(text), Method.SPEC_ID)


def test_the_same_lot_may_be_named_twice() -> None:
    assert [quantity for _, _, quantity in lots("s", sold("a:0.2;a:0.3"))] == ["0.2", "0.3"]


def test_a_sale_without_a_choice_takes_the_oldest_where_that_is_asked_for() -> None:
    assert lots("s", sold("", options={"unidentified": "fifo"})) == [("a", "fifo", "0.5")]


def test_in_the_united_states_no_lot_crosses_wallets_after_2024() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 100 wallet=hot
    b 2024-02-01 buy  1 BTC 900 wallet=cold
    s DATE sell 1 BTC 300 wallet=cold lots=a:1
    """
    before, after = (written(text.replace("DATE", day)) for day in ("2024-12-31", "2025-01-01"))

    assert lots("s", figures(before, Method.SPEC_ID, Scope.UNIVERSAL, code="us")) == [("a", "spec-id", "1")]
    with pytest.raises(RefusedError, match="2024-12-31"):
        figures(after, Method.SPEC_ID, Scope.UNIVERSAL, code="us")


def test_other_methods_leave_the_column_alone() -> None:
    head = "id,timestamp,type,wallet,asset,quantity,to_wallet,value,value_currency,lots,note"
    found = read(f"{head}\ns,2024-06-01T12:00:00Z,sell,w,BTC,1,,1,EUR,whatever,\n", with_lots=False)

    assert found.transactions == [
        Transaction("s", found.transactions[0].at, found.transactions[0].type, "w", "BTC", Decimal(1), value=Decimal(1))
    ]
