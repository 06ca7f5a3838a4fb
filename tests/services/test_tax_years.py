"""Tests of tax years computed from a real vault."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import InputError, RefusedError
from app.core.ledger.entries import Entry, EntryKind, Leg, Role
from app.core.lots.methods import Method, Scope
from app.core.model.standing_orders import StandingOrder
from app.core.stopping import Alive, StoppedError
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from app.storage.replay import rebuild
from tests.services.books import NOW, deposit, no_progress
from tests.services.tax_trades import BOUGHT, DEARER, REWARD, SOLD, keep, trade


async def test_lots_are_matched_by_the_method_asked_for(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER, SOLD)

    fifo = await workspace.tax.compute(Asked("us"))
    hifo = await workspace.tax.compute(Asked("us", Method.HIFO))

    assert [found.figures.totals.gain for found in (fifo, hifo)] == [Decimal(30_000), Decimal(10_000)]
    assert (fifo.figures.currency, fifo.is_blocked) == ("USD", False)


async def test_every_value_says_how_it_is_known(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, SOLD)

    found = await workspace.tax.compute(Asked("us"))

    assert sorted((row.partition("/")[2], value.amount) for row, value in found.valuations.items()) == [
        ("buy/bitcoin", Decimal(30_000)),
        ("sell/bitcoin", Decimal(60_000)),
    ]
    assert {value.source for value in found.valuations.values()} == {"the currency itself"}


async def test_income_is_valued_at_the_close_of_its_day(workspace: Workspace) -> None:
    await keep(workspace, REWARD)
    closes = {NOW // DAY - 3: Decimal(2_000)}
    await workspace._threads.write(workspace._vault.prices.add, "ethereum", "usd", "kraken", closes)

    found = await workspace.tax.compute(Asked("us"))

    assert (found.figures.totals.income, found.is_blocked) == (Decimal(1_000), False)


async def test_income_without_a_price_blocks_the_figure_and_is_never_zero(workspace: Workspace) -> None:
    await keep(workspace, REWARD)

    found = await workspace.tax.compute(Asked("us"))

    assert (found.figures.totals.income, found.is_blocked) == (None, True)
    ((code, entries),) = [(one.code, one.entries) for one in found.findings]
    assert (code, [entry.entry_id for entry in await workspace.portfolio.entries(entries)]) == (
        "missing-basis",
        list(entries),
    )


async def test_a_deposit_without_its_withdrawal_blocks_what_is_sold_of_it(workspace: Workspace) -> None:
    await keep(workspace, deposit("d1", "1", days_ago=30), SOLD)

    found = await workspace.tax.compute(Asked("uk"))

    assert (found.figures.totals.gain, found.is_blocked) == (None, True)


async def test_an_unpaired_withdrawal_is_told_and_blocks_nothing(workspace: Workspace) -> None:
    left = trade("w1", ("bitcoin", "-0.25"), days_ago=10, kind=EntryKind.WITHDRAWAL)
    await keep(workspace, BOUGHT, left)

    found = await workspace.tax.compute(Asked("us"))

    held = [(one.wallet, one.quantity, one.cost) for one in found.figures.holdings]
    assert held == [
        ("main", Decimal("0.75"), Decimal(22_500)),
        ("unpaired-withdrawals", Decimal("0.25"), Decimal(7_500)),
    ]
    assert ([one.code for one in found.findings], found.is_blocked) == (["unpaired-withdrawal"], False)


async def test_a_country_s_own_money_is_taken_where_its_rates_are_known(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, SOLD)
    rates = {NOW // DAY - 40: Decimal("1.25"), NOW // DAY - 20: Decimal("1.20")}
    before = await workspace.tax.compute(Asked("de"))
    await workspace._threads.write(workspace._vault.prices.add, "eur", "usd", "kraken", rates)

    found = await workspace.tax.compute(Asked("de"))

    assert (before.figures.currency, [one.code for one in before.findings]) == ("USD", ["foreign-currency"])
    assert (found.figures.currency, found.figures.totals.gain) == ("EUR", Decimal(26_000))


async def test_a_currency_without_rates_is_unknown_and_not_another_one(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, SOLD)

    found = await workspace.tax.compute(Asked("uk", currency="gbp"))

    assert (found.figures.currency, found.figures.totals.gain, found.is_blocked) == ("GBP", None, True)


async def test_what_is_no_money_is_refused_as_a_currency(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="'BTC' is no money"):
        await workspace.tax.compute(Asked("us", currency="BTC"))


async def test_a_method_that_a_country_does_not_allow_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RefusedError, match="United Kingdom does not allow the method fifo"):
        await workspace.tax.compute(Asked("uk", Method.FIFO))


async def test_lots_left_are_what_the_books_hold(workspace: Workspace) -> None:
    fee = Leg("main", "spot", "bitcoin", Decimal("-0.001"), Role.FEE)
    await keep(
        workspace,
        replace(BOUGHT, legs=(*BOUGHT.legs, fee)),
        trade("s2", ("bitcoin", "-0.4"), ("ethereum", "7"), days_ago=9),
    )

    found = await workspace.tax.compute(Asked("us"))

    positions = await workspace.portfolio.positions()
    held = {one.asset.asset_id: one.quantity for one in positions.positions if one.asset.asset_id != "usd"}
    assert held == {one.asset: one.quantity for one in found.figures.holdings}


def order(method: Method, year: int = 2020, **more: str) -> StandingOrder:
    """Return an order for the United States."""
    return StandingOrder("us", year, method, "as agreed", **more)  # type: ignore[arg-type]


async def test_an_order_is_followed_where_no_method_is_named(workspace: Workspace) -> None:
    await workspace.tax.order(order(Method.HIFO))
    await keep(workspace, BOUGHT, DEARER, SOLD)

    ordered = await workspace.tax.compute(Asked("us"))
    named = await workspace.tax.compute(Asked("us", Method.FIFO))
    elsewhere = await workspace.tax.compute(Asked("de"))

    assert [one.figures.totals.gain for one in (ordered, named, elsewhere)] == [
        Decimal(10_000),
        Decimal(30_000),
        Decimal(30_000),
    ]


async def test_an_order_counts_from_its_year_on(workspace: Workspace) -> None:
    next_year = 2027
    await workspace.tax.order(order(Method.HIFO, next_year))
    await keep(workspace, BOUGHT, DEARER, SOLD)

    found = await workspace.tax.compute(Asked("us"))

    assert found.figures.totals.gain == Decimal(30_000)


async def test_of_two_orders_for_a_year_the_later_one_counts_and_both_stay(workspace: Workspace) -> None:
    await workspace.tax.order(order(Method.HIFO))
    await workspace.tax.order(order(Method.FIFO))
    await keep(workspace, BOUGHT, DEARER, SOLD)

    found = await workspace.tax.compute(Asked("us"))
    recorded = await workspace.tax.orders()

    assert (found.figures.totals.gain, [one.method for one in recorded]) == (
        Decimal(30_000),
        [Method.HIFO, Method.FIFO],
    )
    assert all(one.recorded_ns == NOW for one in recorded)
    assert (await workspace.audit.verify(no_progress)).is_valid


async def test_an_order_recorded_after_a_sale_that_it_decides_is_marked_late(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER, SOLD)
    await workspace.tax.order(order(Method.HIFO))

    found = await workspace.tax.compute(Asked("us"))

    assert [one.code for one in found.findings] == ["late-standing-order", "standing-order"]


async def test_an_order_for_another_wallet_changes_nothing_here(workspace: Workspace) -> None:
    await workspace.tax.order(order(Method.HIFO, wallet="other"))
    await keep(workspace, BOUGHT, DEARER, SOLD)

    found = await workspace.tax.compute(Asked("us"))

    assert found.figures.totals.gain == Decimal(30_000)


async def test_an_order_that_the_country_does_not_allow_is_refused(workspace: Workspace) -> None:
    with pytest.raises(RefusedError, match="does not allow the method hifo"):
        await workspace.tax.order(StandingOrder("uk", 2024, Method.HIFO, "as agreed"))

    assert await workspace.tax.orders() == ()


async def test_orders_that_change_the_scope_are_refused_without_an_allocation(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, SOLD)
    await workspace.tax.order(StandingOrder("us", 2020, Method.FIFO, "then", Scope.UNIVERSAL))
    await workspace.tax.order(StandingOrder("us", 2025, Method.FIFO, "now", Scope.PER_WALLET))

    with pytest.raises(RefusedError, match="change the scope from universal to per-wallet"):
        await workspace.tax.compute(Asked("us"))
    found = await workspace.tax.compute(Asked("us", options={"safe-harbor": "global"}))

    assert found.figures.totals.gain == Decimal(30_000)


async def test_orders_survive_a_rebuild_of_what_is_derived(workspace: Workspace) -> None:
    await workspace.tax.order(order(Method.HIFO))
    before = await workspace.tax.orders()

    await workspace._threads.write(rebuild, workspace._vault._database, workspace.runtime.assets)  # type: ignore[attr-defined]

    assert await workspace.tax.orders() == before


async def test_another_method_reads_no_entry_again_until_books_or_prices_are_others(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(workspace, BOUGHT, SOLD)
    read: list[int] = []
    reader = workspace._vault.reader
    export = reader.export_entries

    def counted(alive: Alive) -> Sequence[tuple[str, Entry]]:
        read.append(1)
        return export(alive)

    monkeypatch.setattr(reader, "export_entries", counted)
    asked = (Asked("us"), Asked("us", Method.LIFO), Asked("de", currency="usd", year=2026))

    for one in asked:
        await workspace.tax.compute(one)
    counts = [len(read)]
    await keep(workspace, DEARER)
    lifo = await workspace.tax.compute(asked[1])
    counts.append(len(read))
    workspace._vault.prices.add("bitcoin", "usd", "test", {NOW // DAY - 40: Decimal(1)})
    await workspace.tax.compute(asked[1])

    assert [*counts, len(read)] == [1, 2, 3]
    assert lifo.figures.totals.gain == Decimal(10_000)


async def test_a_computation_that_nobody_waits_for_leaves_its_thread(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    await keep(workspace, BOUGHT, SOLD)
    reader, began, may_go_on, ended = workspace._vault.reader, threading.Event(), threading.Event(), threading.Event()
    export = reader.export_entries

    def held(alive: Alive) -> Sequence[tuple[str, Entry]]:
        began.set()
        may_go_on.wait()
        try:
            return export(alive)
        except StoppedError:
            ended.set()
            raise

    monkeypatch.setattr(reader, "export_entries", held)
    asked = asyncio.create_task(workspace.tax.compute(Asked("us")))
    await asyncio.to_thread(began.wait)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    may_go_on.set()

    assert await asyncio.to_thread(ended.wait)
    monkeypatch.undo()
    assert (await workspace.tax.compute(Asked("us"))).figures.totals.gain == Decimal(30_000)
