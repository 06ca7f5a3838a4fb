"""Tests of lots of a real vault: listed, selected, taken back, and followed by the figures."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import InputError, RefusedError
from app.core.ledger.entries import Entry, EntryKind
from app.core.lots.methods import Method
from app.core.lots.presets import Preset
from app.core.model.lot_selections import LotSelection
from app.core.model.standing_orders import StandingOrder
from app.services.lots import NextSales
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from app.storage.replay import rebuild
from tests.services.books import NOW, Clock, no_progress
from tests.services.tax_trades import BOUGHT, DEARER, SOLD, keep, trade

DE, US = Asked("de", currency="usd"), Asked("us")
LATER = trade("b3", ("bitcoin", "1"), ("usd", "-20000"), days_ago=5)


async def ids(workspace: Workspace) -> dict[str, str]:
    """Return entry ids by what the entries paid or brought: "30000" for the first purchase."""
    entries = await workspace._threads.read(workspace._vault.reader.export_entries)
    return {f"{abs(entry.legs[1].quantity):f}": entry_id for entry_id, entry in entries}


async def books(workspace: Workspace, *more: Entry) -> dict[str, str]:
    await keep(workspace, BOUGHT, DEARER, SOLD, *more)
    return await ids(workspace)


def whole(entry_id: str, quantity: str = "1") -> tuple[tuple[str, Decimal], ...]:
    return ((entry_id, Decimal(quantity)),)


async def gain(workspace: Workspace, asked: Asked) -> Decimal | None:
    return (await workspace.tax.compute(asked)).figures.totals.gain


async def test_a_selection_is_a_record_that_the_figures_follow(workspace: Workspace) -> None:
    known = await books(workspace)
    before = await gain(workspace, DE)

    made = await workspace.lots.select(DE, known["60000"], whole(known["50000"]))
    found = await workspace.tax.compute(DE)

    assert (before, found.figures.totals.gain) == (Decimal(30_000), Decimal(10_000))
    (evidence,) = found.identified.values()
    assert evidence.selection == made.selection
    assert made.selection == LotSelection(
        "de",
        "bitcoin",
        ((f"{known['50000']}/buy/bitcoin", Decimal(1)),),
        known["60000"],
        recorded_ns=NOW,
        record=made.selection.record,
    )
    assert (await workspace.audit.verify(no_progress)).is_valid


async def test_a_preset_chooses_and_its_word_is_kept(workspace: Workspace) -> None:
    known = await books(workspace)

    made = await workspace.lots.select(DE, known["60000"], preset=Preset.HIFO)

    assert (made.selection.preset, await gain(workspace, DE)) == ("hifo", Decimal(10_000))


async def test_a_selection_is_taken_back_by_another_record(workspace: Workspace) -> None:
    known = await books(workspace)
    await workspace.lots.select(DE, known["60000"], preset=Preset.HIFO)
    await workspace.lots.clear(DE, known["60000"])

    recorded = await workspace.lots.selections()

    assert (len(recorded), await gain(workspace, DE)) == (2, Decimal(30_000))
    with pytest.raises(InputError, match="nothing is selected"):
        await workspace.lots.clear(DE, known["60000"])


async def test_undo_puts_back_what_counted_before(workspace: Workspace) -> None:
    known = await books(workspace)
    first = await workspace.lots.select(DE, known["60000"], preset=Preset.HIFO)
    second = await workspace.lots.select(DE, known["60000"], preset=Preset.FIFO)

    await workspace.lots.put_back(first.selection, second)
    restored = await gain(workspace, DE)
    await workspace.lots.put_back(None, first)

    assert (restored, await gain(workspace, DE)) == (Decimal(10_000), Decimal(30_000))


async def test_a_selection_after_the_sale_is_late_in_the_united_states(workspace: Workspace) -> None:
    known = await books(workspace)

    made = await workspace.lots.select(US, known["60000"], preset=Preset.HIFO)
    found = await workspace.tax.compute(US)

    assert (made.is_late, found.figures.totals.gain, found.is_blocked) == (True, Decimal(30_000), False)
    (finding,) = [one for one in found.findings if one.code == "late-lot-selection"]
    assert finding.entries == (known["60000"],)


async def test_a_late_selection_counts_for_whoever_proves_the_choice_otherwise(workspace: Workspace) -> None:
    known = await books(workspace)
    await workspace.lots.select(US, known["60000"], preset=Preset.HIFO)

    proven = replace(US, options={"late-selection": "follow"})

    assert await gain(workspace, proven) == Decimal(10_000)


async def test_a_selection_ahead_is_in_time_and_followed_by_the_sale_that_comes(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER)
    made = await workspace.lots.select_ahead(US, NextSales("bitcoin", "main", Decimal("0.5")), preset=Preset.HIFO)
    clock = workspace.runtime.clock
    assert isinstance(clock, Clock)
    clock.now += DAY
    await keep(workspace, replace(trade("s2", ("bitcoin", "-0.5"), ("usd", "30000"), days_ago=0), at=NOW + DAY // 2))

    found = await workspace.tax.compute(US)
    (evidence,) = found.identified.values()

    assert (found.figures.totals.gain, evidence.is_late, evidence.selection) == (
        Decimal(5_000),
        False,
        made.selection,
    )


async def test_what_was_selected_ahead_is_taken_back(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, DEARER)
    await workspace.lots.select_ahead(US, NextSales("bitcoin", "main", Decimal("0.5")), preset=Preset.HIFO)

    before = [(one.ahead, one.turn) for one in (await workspace.lots.open(US)).lots]
    made = await workspace.lots.clear_ahead(US, "bitcoin", "main")
    after = [(one.ahead, one.turn) for one in (await workspace.lots.open(US)).lots]

    assert (before, after) == ([(Decimal(0), 0), (Decimal("0.5"), 1)], [(Decimal(0), 0)] * 2)
    assert made.selection.lots == ()
    with pytest.raises(InputError, match="Nothing is selected ahead"):
        await workspace.lots.clear_ahead(US, "bitcoin", "main")


@pytest.mark.parametrize(
    ("lot", "quantity", "reason"),
    [
        ("30000", "0.5", "do not add up"),
        ("30000", "2", "more of the lot"),
        ("20000", "1", "acquired later"),
        ("gone", "1", "no acquisition opens"),
    ],
)
async def test_what_cannot_be_followed_is_refused_and_nothing_is_recorded(
    workspace: Workspace, lot: str, quantity: str, reason: str
) -> None:
    known = await books(workspace, LATER)
    head = (await workspace.info()).head

    with pytest.raises(InputError, match=reason):
        await workspace.lots.select(DE, known["60000"], whole(known.get(lot, lot), quantity))

    assert (await workspace.lots.selections(), (await workspace.info()).head) == ((), head)


async def test_lots_of_another_wallet_are_refused(workspace: Workspace) -> None:
    elsewhere = replace(DEARER, account="cold", legs=tuple(replace(leg, account="cold") for leg in DEARER.legs))
    await keep(workspace, BOUGHT, elsewhere, SOLD)
    known = await ids(workspace)

    with pytest.raises(RefusedError, match="another wallet"):
        await workspace.lots.select(US, known["60000"], whole(known["50000"]))


async def test_a_country_that_averages_knows_no_selection(workspace: Workspace) -> None:
    known = await books(workspace)

    with pytest.raises(RefusedError, match="does not let a person select lots"):
        await workspace.lots.select(Asked("uk"), known["60000"], preset=Preset.FIFO)
    with pytest.raises(RefusedError, match="no single lots"):
        await workspace.lots.open(Asked("uk"))


async def test_a_backdated_entry_that_breaks_a_selection_blocks_the_figure_and_is_told(workspace: Workspace) -> None:
    known = await books(workspace)
    await workspace.lots.select(DE, known["60000"], whole(known["50000"]))
    await keep(workspace, trade("s0", ("bitcoin", "-1.5"), ("usd", "70000"), days_ago=25))

    found = await workspace.tax.compute(DE)

    (finding,) = [one for one in found.findings if one.code == "wrong-lot-selection"]
    assert (found.figures.totals.gain, found.is_blocked, finding.entries) == (None, True, (known["60000"],))


async def test_a_voided_sale_leaves_its_selection_as_a_finding(workspace: Workspace) -> None:
    known = await books(workspace)
    await workspace.lots.select(DE, known["60000"], whole(known["50000"]))
    await workspace.entries.void(known["60000"], "never happened")

    found = await workspace.tax.compute(DE)

    assert [one.code for one in found.findings if "selection" in one.code] == ["selection-without-sale"]


async def test_whoever_names_a_method_sees_that_and_hears_of_what_is_left_aside(workspace: Workspace) -> None:
    known = await books(workspace)
    await workspace.lots.select(DE, known["60000"], whole(known["50000"]))

    named = await workspace.tax.compute(replace(DE, method=Method.FIFO))
    by_choice = await workspace.tax.compute(replace(DE, method=Method.SPEC_ID))

    assert [one.figures.totals.gain for one in (named, by_choice)] == [Decimal(30_000), Decimal(10_000)]
    assert "selections-left-aside" in [one.code for one in named.findings]


async def test_with_specific_identification_a_sale_without_a_selection_takes_the_oldest(workspace: Workspace) -> None:
    await books(workspace)

    found = await workspace.tax.compute(replace(DE, method=Method.SPEC_ID))

    assert found.figures.totals.gain == Decimal(30_000)
    assert "unidentified-sales" in [one.code for one in found.findings]


async def test_a_selection_beats_a_standing_order_and_leaves_it_to_other_sales(workspace: Workspace) -> None:
    other = trade("s3", ("bitcoin", "-0.5"), ("usd", "31000"), days_ago=2)
    known = await books(workspace, LATER, other)
    await workspace.tax.order(StandingOrder("de", 2020, Method.LIFO, "as agreed"))
    await workspace.lots.select(DE, known["60000"], whole(known["30000"]))

    found = await workspace.tax.compute(DE)

    rules = [(match.rule, match.cost) for one in found.figures.disposals for match in one.matches]
    assert rules == [("spec-id", Decimal(30_000)), ("lifo", Decimal(10_000))]


async def test_open_lots_are_listed_with_what_they_would_gain(workspace: Workspace) -> None:
    await books(workspace)
    marks = {"bitcoin": (Decimal(80_000), "median of 3", NOW - DAY // 4)}
    await workspace._threads.write(workspace._vault.prices.keep_marks, marks)

    found = await workspace.lots.open(US)

    told = [
        (one.figures.quantity, one.figures.cost, one.value.amount, one.gain, one.figures.days_to_long)
        for one in found.lots
    ]
    assert told == [(Decimal(1), Decimal(50_000), Decimal(80_000), Decimal(30_000), 336)]
    assert "median of 3" in found.lots[0].value.source


async def test_lots_without_a_price_have_an_unknown_gain(workspace: Workspace) -> None:
    await books(workspace)

    (lot,) = (await workspace.lots.open(US)).lots

    assert (lot.value.amount, lot.gain) == (None, None)


async def test_lots_of_a_day_are_those_that_were_open_then(workspace: Workspace) -> None:
    await books(workspace)

    found = await workspace.lots.open(US, NOW - 35 * DAY)

    assert [one.figures.cost for one in found.lots] == [Decimal(30_000)]


async def test_a_sale_is_told_with_what_it_can_be_taken_from(workspace: Workspace) -> None:
    known = await books(workspace)

    found = await workspace.lots.sale(US, known["60000"])

    assert [one.cost for one in found.choosing.lots] == [Decimal(30_000), Decimal(50_000)]
    assert (found.choosing.method, found.currency, found.identified) == (Method.FIFO, "USD", None)


async def test_selections_survive_a_rebuild_and_stand_in_the_history_of_their_sale(workspace: Workspace) -> None:
    known = await books(workspace)
    await workspace.lots.select(DE, known["60000"], whole(known["50000"]))
    before = await workspace.lots.selections()

    await workspace._threads.write(rebuild, workspace._vault._database, workspace.runtime.assets)  # type: ignore[attr-defined]
    history = (await workspace.portfolio.entry(known["60000"])).history

    assert await workspace.lots.selections() == before
    assert f"lots selected (DE): 1 of {known['50000']}/buy/bitcoin" in history[-1]


async def test_the_country_of_a_book_is_that_of_its_money_or_the_one_chosen_last(workspace: Workspace) -> None:
    first = await workspace.tax.country()
    await workspace.set_setting("tax/country", "de")

    assert (first, await workspace.tax.country()) == ("us", "de")


async def test_fees_in_another_asset_are_sales_that_can_be_selected(workspace: Workspace) -> None:
    paid = trade("r0", ("bitcoin", "-0.25"), days_ago=10, kind=EntryKind.FEE)
    await keep(workspace, BOUGHT, DEARER, paid)
    entries = await workspace._threads.read(workspace._vault.reader.export_entries)

    made = await workspace.lots.select(DE, entries[-1][0], preset=Preset.HIFO)

    assert made.row == f"{entries[-1][0]}/fee/bitcoin"
