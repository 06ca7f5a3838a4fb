"""Which lots a disposal uses up, method by method, in small histories."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.lots.methods import Method, Scope
from tests.core.lots.histories import figures, lots, of, written

THREE_LOTS = """
a 2024-01-01 buy  1 BTC 300
b 2024-02-01 buy  1 BTC 900
c 2024-03-01 buy  1 BTC 600
s 2024-06-01 sell 1.5 BTC 3000
"""


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (Method.FIFO, [("a", "fifo", "1"), ("b", "fifo", "0.5")]),
        (Method.LIFO, [("c", "lifo", "1"), ("b", "lifo", "0.5")]),
        (Method.HIFO, [("b", "hifo", "1"), ("c", "hifo", "0.5")]),
        (Method.LOFO, [("a", "lofo", "1"), ("c", "lofo", "0.5")]),
    ],
)
def test_each_method_takes_lots_in_its_order(method: Method, expected: list[tuple[str, str, str]]) -> None:
    assert lots("s", figures(written(THREE_LOTS), method)) == expected


def test_lots_of_one_price_go_by_age() -> None:
    text = """
    a 2024-01-01 buy  3 BTC 1
    b 2024-02-01 buy  6 BTC 2
    s 2024-06-01 sell 1 BTC 5
    """
    chosen = {method: lots("s", figures(written(text), method))[0][0] for method in (Method.HIFO, Method.LOFO)}

    assert chosen == {Method.HIFO: "a", Method.LOFO: "a"}


def test_of_lots_of_one_moment_lifo_takes_the_later_row() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 1
    b 2024-01-01 buy  1 BTC 2
    s 2024-06-01 sell 1 BTC 5
    """

    assert lots("s", figures(written(text), Method.LIFO)) == [("b", "lifo", "1")]


def test_lots_are_ranked_with_their_fees_unless_the_file_names_another_price() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 110 unit_price=90
    b 2024-02-01 buy  1 BTC 100 unit_price=95
    s 2024-06-01 sell 1 BTC 500
    """

    assert lots("s", figures(written(text), Method.HIFO)) == [("b", "hifo", "1")]
    assert lots("s", figures(written(text), Method.HIFO, options={"rank-by": "cost"})) == [("a", "hifo", "1")]


def test_prices_that_differ_in_the_thirtieth_digit_are_told_apart() -> None:
    text = """
    a 2024-01-01 buy  1000000000000 BTC 3
    b 2024-02-01 buy  1000000000000 BTC 3.000000000000000000000000000001
    s 2024-06-01 sell 1 BTC 5
    """

    assert lots("s", figures(written(text), Method.HIFO)) == [("b", "hifo", "1")]


def test_a_split_changes_units_and_ranks_and_no_cost() -> None:
    text = """
    a 2024-01-01 buy   1 BTC 100
    x 2024-01-02 split - BTC ratio=4
    b 2024-02-01 buy   1 BTC 30
    s 2024-06-01 sell  5 BTC 500
    """
    found = figures(written(text), Method.HIFO)

    assert lots("s", found) == [("b", "hifo", "1"), ("a", "hifo", "4")]
    assert of("s", found) == ("130", "370", "0")


TWO_WALLETS = """
a 2024-01-01 buy      1 BTC 100 wallet=hot
b 2024-02-01 buy      1 BTC 900 wallet=cold
t 2024-03-01 transfer 0.4 BTC wallet=hot to_wallet=cold
s 2025-02-15 sell     1 BTC 2000 wallet=cold
"""


def test_a_transferred_lot_keeps_its_age_and_cost() -> None:
    found = figures(written(TWO_WALLETS), code="us")

    assert lots("s", found) == [("a", "fifo", "0.4"), ("b", "fifo", "0.6")]
    assert of("s", found) == ("580", "1420", "0")
    assert [(held.wallet, held.quantity, held.cost) for held in found.holdings] == [
        ("cold", Decimal("0.4"), Decimal(360)),
        ("hot", Decimal("0.6"), Decimal(60)),
    ]


def test_transfers_move_the_oldest_lots_whatever_the_method() -> None:
    text = """
    a 2024-01-01 buy      1 BTC 100 wallet=hot
    b 2024-02-01 buy      1 BTC 900 wallet=hot
    t 2024-03-01 transfer 1 BTC wallet=hot to_wallet=cold
    s 2024-06-01 sell     1 BTC 2000 wallet=cold
    """

    assert lots("s", figures(written(text), Method.HIFO, Scope.PER_WALLET)) == [("a", "hifo", "1")]


def test_a_lot_that_comes_back_is_one_lot_again() -> None:
    text = """
    a 2024-01-01 buy      1 BTC 100 wallet=hot
    t 2024-02-01 transfer 0.5 BTC wallet=hot to_wallet=cold
    u 2024-03-01 transfer 0.5 BTC wallet=cold to_wallet=hot
    v 2024-03-02 transfer 1 BTC wallet=hot to_wallet=cold
    w 2024-03-03 transfer 1 BTC wallet=cold to_wallet=hot
    s 2024-06-01 sell     1 BTC 2000 wallet=hot
    """

    for method in (Method.FIFO, Method.LIFO, Method.HIFO):
        assert lots("s", figures(written(text), method, Scope.PER_WALLET)) == [("a", method.value, "1")]


def test_the_fee_of_a_transfer_is_a_disposal_or_part_of_the_cost() -> None:
    text = """
    a 2024-01-01 buy      1 BTC 100 wallet=hot
    t 2024-02-01 transfer 0.9 BTC wallet=hot to_wallet=cold
    f 2024-02-01 sell     0.1 BTC 20 wallet=hot
    s 2024-06-01 sell     0.9 BTC 300 wallet=cold
    """
    sold = figures(written(text), Method.FIFO, Scope.PER_WALLET)
    spent = figures(written(text), Method.FIFO, Scope.PER_WALLET, options={"transfer-fee": "to-basis"})

    assert (of("f", sold), of("s", sold)) == (("10", "10", "0"), ("90", "210", "0"))
    assert ([one.row for one in spent.disposals], of("s", spent)) == (["s"], ("100", "200", "0"))


@pytest.mark.parametrize("method", [Method.SECTION_104, Method.ACB, Method.TOTAL_AVERAGE, Method.HIFO])
def test_every_method_can_keep_the_cost_of_a_fee(method: Method) -> None:
    text = """
    a 2024-01-01 buy      2 BTC 100
    f 2024-03-01 sell     1 BTC 20
    t 2024-03-01 transfer 0.5 BTC to_wallet=cold
    s 2024-06-01 sell     1 BTC 300
    """

    assert of("s", figures(written(text), method, Scope.UNIVERSAL, options={"transfer-fee": "to-basis"})) == (
        "100",
        "200",
        "0",
    )


def test_what_was_never_acquired_has_no_cost_and_is_told() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 100
    s 2024-06-01 sell 1.25 BTC 300
    """
    found = figures(written(text), Method.FIFO)

    assert (of("s", found), found.totals.gain) == (("?", "?", "0"), None)
    assert [(finding.code, finding.entries) for finding in found.findings] == [("missing-basis", ("s",))]
    assert "0.25 BTC more" in found.findings[0].message


def test_a_transfer_of_what_is_not_there_is_told() -> None:
    text = """
    a 2024-01-01 buy      1 BTC 100 wallet=hot
    t 2024-02-01 transfer 2 BTC wallet=hot to_wallet=cold
    """
    found = figures(written(text), Method.FIFO, Scope.PER_WALLET)

    assert [(finding.code, finding.entries) for finding in found.findings] == [("missing-basis", ("t",))]


@pytest.mark.parametrize("method", sorted(set(Method) - {Method.SPEC_ID, Method.PMP}))
def test_an_acquisition_of_unknown_cost_makes_no_gain(method: Method) -> None:
    text = """
    a 2024-01-01 buy  1 BTC
    s 2024-06-01 sell 0.5 BTC 300
    """
    found = figures(written(text), method)

    assert (of("s", found), found.holdings[0].cost) == (("?", "?", "0"), None)
    assert found.disposals[0].matches[0].cost is None
    assert [finding.code for finding in found.findings] == ["missing-basis"]


def test_an_average_is_known_again_once_what_was_unknown_is_gone() -> None:
    text = """
    a 2024-01-01 buy  1 BTC
    s 2024-02-01 sell 1 BTC 300
    b 2024-03-01 buy  1 BTC 100
    t 2024-06-01 sell 1 BTC 300
    """

    assert of("t", figures(written(text), Method.ACB)) == ("100", "200", "0")


def test_a_sale_of_unknown_proceeds_has_a_cost_and_no_gain() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 100
    s 2024-06-01 sell 1 BTC
    """
    found = figures(written(text), Method.FIFO)

    assert (of("s", found), [finding.code for finding in found.findings]) == (("100", "?", "0"), ["missing-proceeds"])


def test_the_last_part_of_a_lot_takes_what_the_division_left() -> None:
    text = """
    a 2024-01-01 buy  3 BTC 100
    s 2024-02-01 sell 1 BTC 100
    t 2024-03-01 sell 1 BTC 100
    u 2024-04-01 sell 1 BTC 100
    """
    found = figures(written(text), Method.FIFO)

    assert [of(row, found)[0] for row in "stu"] == [
        "33.333333333333333333333333333333",
        "33.333333333333333333333333333333",
        "33.333333333333333333333333333334",
    ]
