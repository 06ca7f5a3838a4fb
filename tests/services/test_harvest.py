"""Tests of losses found in a real vault, at the newest prices of its books."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import RefusedError
from app.core.lots.methods import Method
from app.core.tax.valuations import Prices
from app.services.harvest import newest
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from tests.services.books import NOW
from tests.services.tax_trades import BOUGHT, DEARER, REWARD, keep


async def priced(workspace: Workspace, price: int) -> None:
    closes = {NOW // DAY - 1: Decimal(price)}
    await workspace._threads.write(workspace._vault.prices.add, "bitcoin", "usd", "kraken", closes)


async def test_losses_are_told_at_the_newest_price_with_its_source(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER)
    await priced(workspace, 45_000)

    made = await workspace.harvests.losses(Asked("us"))

    (one,) = made.found.losses
    assert (one.asset, one.quantity, one.cost, one.loss) == ("bitcoin", Decimal(1), Decimal(50_000), Decimal(5_000))
    assert (one.sold_before, one.is_long, made.currency) == (Decimal(1), False, "USD")
    assert "the close of" in one.value.source
    assert made.head


async def test_the_year_of_the_question_does_not_matter(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER)
    await priced(workspace, 45_000)

    made = await workspace.harvests.losses(Asked("us", year=2001))

    assert len(made.found.losses) == 1


async def test_canada_looks_at_the_pool_and_at_what_was_bought_in_the_last_thirty_days(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER)
    await priced(workspace, 35_000)

    made = await workspace.harvests.losses(Asked("ca", currency="usd"))

    (one,) = made.found.losses
    assert (one.lot, one.quantity, one.loss) == (None, Decimal(2), Decimal(10_000))
    assert one.recent_quantity == Decimal(1)
    assert made.found.not_before == made.found.sale_day + timedelta(days=31)


async def test_what_has_no_price_is_named(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, REWARD)

    made = await workspace.harvests.losses(Asked("us"))

    assert (made.found.losses, made.found.unknown) == ((), ("bitcoin", "ethereum"))


async def test_a_method_that_the_country_does_not_allow_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RefusedError, match="does not allow the method lifo"):
        await workspace.harvests.losses(Asked("uk", Method.LIFO))


def test_a_price_without_a_rate_of_its_day_gives_way_to_the_day_before() -> None:
    closes = {"bitcoin": {10: Decimal(5), 9: Decimal(4)}, "gbp": {9: Decimal(1)}}
    prices = Prices("gbp", "usd", closes)

    assert newest(prices, "bitcoin", 10 * DAY + 5) == 9 * DAY
    assert newest(prices, "solana", 10 * DAY) is None
