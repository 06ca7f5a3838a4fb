"""Lots that are open to a sale, and what a choice among them would come to."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import RefusedError
from app.core.lots.methods import Method
from app.core.lots.presets import Preset
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.open_lots import choosing, open_at
from app.core.tax.profile import profile
from app.core.tax.selecting import check
from tests.core.lots.histories import written
from tests.core.tax.made_selections import BOOKS, SALE, US


def test_open_lots_are_those_of_the_wallet_just_before_the_sale() -> None:
    found = choosing(written(BOOKS), "t/sell/BTC", US)

    assert [(one.lot, one.wallet, one.quantity, one.cost) for one in found.lots] == [
        ("a/buy/BTC", "hot", Decimal("0.5"), Decimal(50)),
        ("b/buy/BTC", "hot", Decimal(1), Decimal(900)),
    ]
    assert [(one.is_long, one.days_held) for one in found.lots] == [(True, 547), (False, 150)]
    assert found.method is Method.FIFO


def test_the_days_until_a_lot_is_long_term_are_told() -> None:
    # Held from 2 February 2025 on; more than a year on 2 February 2026.
    (_, lot) = choosing(written(BOOKS), "t/sell/BTC", US).lots

    assert lot.days_to_long == 216


def test_a_choice_is_weighed_as_the_figures_will_tell_it() -> None:
    found = choosing(written(BOOKS), "t/sell/BTC", US)
    weighed = found.weigh([("a/buy/BTC", Decimal("0.5")), ("b/buy/BTC", Decimal("0.5"))])

    assert (weighed.proceeds, weighed.cost, weighed.gain) == (Decimal(700), Decimal(500), Decimal(200))
    assert (weighed.short_gain, weighed.long_gain) == (Decimal(-100), Decimal(300))


def test_a_part_of_a_choice_is_weighed_with_its_share_of_the_proceeds() -> None:
    weighed = choosing(written(BOOKS), "t/sell/BTC", US).weigh([("a/buy/BTC", Decimal("0.25"))])

    assert (weighed.quantity, weighed.proceeds, weighed.gain) == (Decimal("0.25"), Decimal(175), Decimal(150))


def test_what_has_no_known_cost_is_weighed_as_unknown() -> None:
    found = choosing(written(BOOKS.replace("BTC 900", "BTC")), "t/sell/BTC", US)

    assert found.weigh([("b/buy/BTC", Decimal(1))]).gain is None
    assert found.preset(Preset.HIFO)[0][0] == "a/buy/BTC"


def test_before_a_safe_harbour_lots_belong_to_no_wallet() -> None:
    options: Mapping[str, str] = {"safe-harbor": "global", "wallet-order": "hot;cold"}
    harbor = profile("us", options=options)
    text = BOOKS.replace("2025-06-01 sell", "2024-06-01 sell").replace("2025-02-0", "2024-02-0")
    sales = sorted(written(text), key=lambda one: one.at)

    assert [one.lot for one in choosing(sales, "s/sell/BTC", harbor).lots] == ["a/buy/BTC", "b/buy/BTC", "c/buy/BTC"]
    assert [one.lot for one in choosing(sales, "t/sell/BTC", harbor).lots] == ["a/buy/BTC", "b/buy/BTC"]


def test_all_open_lots_of_a_moment_are_listed_by_asset_and_wallet() -> None:
    found = open_at(written(BOOKS), SALE, US)

    assert [(one.lot, one.wallet, one.quantity) for one in found] == [
        ("c/buy/BTC", "cold", Decimal(1)),
        ("a/buy/BTC", "hot", Decimal("0.5")),
        ("b/buy/BTC", "hot", Decimal(1)),
        ("e/buy/ETH", "hot", Decimal(9)),
    ]


@pytest.mark.parametrize("code", ["uk", "ca", "fr", "jp"])
def test_where_cost_is_averaged_there_are_no_lots(code: str) -> None:
    with pytest.raises(RefusedError, match="there are no single lots"):
        open_at(written(BOOKS), SALE, profile(code))


def test_lots_that_were_carried_over_from_another_asset_are_open_to_a_sale() -> None:
    bought, sold = written(
        """
        a/buy/BTC   2024-01-01 buy  1 BTC  100 wallet=hot
        s/sell/WBTC 2025-06-01 sell 1 WBTC 600 wallet=hot
        """
    )
    wrapped = Transaction(
        "w/carry/BTC", bought.at + DAY, TransactionType.CARRY, "hot", "BTC", Decimal(1), to_asset="WBTC",
        to_quantity=Decimal(1),
    )  # fmt: skip
    found = choosing([bought, wrapped, sold], "s/sell/WBTC", US)

    assert [(one.lot, one.asset, one.cost, one.is_long) for one in found.lots] == [
        ("a/buy/BTC", "WBTC", Decimal(100), True)
    ]
    check([bought, wrapped, sold], "s/sell/WBTC", (("a/buy/BTC", Decimal(1)),), US)
