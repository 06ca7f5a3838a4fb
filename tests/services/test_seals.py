"""Tests of tax years that are closed, made again and amended, on a real vault."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import parse_iso
from app.core.errors import RefusedError, UsageError
from app.core.ledger.entries import Entry, EntryKind, Identity
from app.core.lots.methods import Method
from app.core.model.lot_selections import LotSelection
from app.core.model.period_seals import PeriodSeal
from app.core.model.standing_orders import StandingOrder
from app.services import broker_forms
from app.services.broker_forms import BrokerForm
from app.services.seal_readiness import NotReadyError
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from tests.services.books import Script, new_workspace, no_progress
from tests.services.sealed_books import (
    ARRIVED,
    BOUGHT,
    DEARER,
    HISTORY,
    REWARD,
    SENT,
    US,
    event,
    keep,
    price,
    sealed,
)


async def test_a_sealed_year_is_reproduced_byte_by_byte(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)

    made = await sealed(workspace)
    again = await workspace.seals.verify(made, no_progress)

    assert (made.version, made.previous, len(made.seal), made.recorded_ns > 0) == (1, "", 64, True)
    assert (again.is_reproduced, again.differences, again.causes) == (True, (), ())


async def test_what_is_sealed_holds_the_figures_and_what_they_rest_on(workspace: Workspace) -> None:
    *_, sale, _ = await keep(workspace, *HISTORY)

    files = await workspace.seals.files(await sealed(workspace))

    year = json.loads(files["year.json"])
    (disposal,) = year["disposals"]
    assert (disposal["proceeds"], disposal["cost"], disposal["gain"]) == ("60000", "30000", "30000")
    assert year["totals"]["gain"] == "30000"
    assert [line[1] for line in year["entries"]["listed"]] == ["2025-01-10T12:00:00Z", "2025-06-01T12:00:00Z"]
    assert [(month, count) for month, (count, _) in year["entries"]["before"].items()] == [("2023-05", "1")]
    assert year["valuations"][f"{sale}/sell/bitcoin"] == ["60000", "the currency itself"]
    assert (year["rules"]["jurisdiction"], year["rules"]["method"], year["rules"]["year"]) == ("us", "fifo", 2025)
    assert year["holdings"] == [{"asset": "bitcoin", "wallet": "main", "quantity": "1", "cost": "50000"}]
    assert json.loads(files["evidence.json"])["records"].keys() == {line[0] for line in year["entries"]["listed"]}


async def test_the_output_is_the_same_in_whichever_order_the_same_was_recorded(tmp_path: Path) -> None:
    async def output(name: str, entries: Sequence[Entry]) -> dict[str, bytes]:
        workspace = await new_workspace(tmp_path / name, Script())
        await keep(workspace, *entries)
        files = await workspace.seals.files(await sealed(workspace))
        await workspace.lock()
        return {name: content for name, content in files.items() if name.startswith(("year", "tables/"))}

    same_moment = replace(DEARER, identity=Identity("manual", "b3"), legs=BOUGHT.legs)
    entries = (*HISTORY, same_moment)
    first, second = await output("first", entries), await output("second", entries[::-1])

    assert first == second
    assert len(first) == 20


async def test_an_entry_recorded_later_is_named_with_what_it_changes(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    made = await sealed(workspace)
    (late,) = await keep(workspace, event("b0", "2023-01-01", ("bitcoin", "1"), ("usd", "-10000")))

    found = await workspace.seals.verify(made, no_progress)

    told = {(one.part, one.field): (one.before, one.after, one.change) for one in found.differences}
    assert not found.is_reproduced
    assert told["totals", "gain"] == ("30000", "50000", "20000")
    assert [(one.code, one.entry_id) for one in found.causes] == [("entry-later", late)]
    assert "of 2023-01-01T12:00:00Z was recorded on" in found.causes[0].words


async def test_what_happened_after_the_year_changes_nothing(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    made = await sealed(workspace)
    await keep(workspace, event("b9", "2026-03-01", ("bitcoin", "1"), ("usd", "-90000")))

    assert (await workspace.seals.verify(made, no_progress)).is_reproduced


async def test_lots_selected_for_a_sale_after_the_year_change_nothing(workspace: Workspace) -> None:
    _, dearer, _, after = await keep(workspace, *HISTORY)
    made = await sealed(workspace)
    lots = ((f"{dearer}/buy/bitcoin", Decimal("0.5")),)
    selection = LotSelection("us", "bitcoin", lots, after)
    await workspace._threads.write(workspace._vault.writer.append_decision, selection)

    assert (await workspace.seals.verify(made, no_progress)).is_reproduced


async def test_a_voided_entry_is_a_cause_and_so_is_an_order(workspace: Workspace) -> None:
    _, dearer, *_ = await keep(workspace, *HISTORY)
    made = await sealed(workspace)
    await workspace.entries.void(dearer, "never happened")
    await workspace.tax.order(StandingOrder("us", 2025, Method.LIFO, "choice"))

    found = await workspace.seals.verify(made, no_progress)

    assert [(one.code, one.entry_id) for one in found.causes] == [
        ("entry-changed", dearer),
        ("decision-later", ""),
        ("choice-changed", ""),
    ]


async def test_a_price_that_changed_is_a_cause(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT)
    (reward,) = await keep(workspace, event("r1", "2025-03-03", ("ethereum", "0.5"), kind=EntryKind.REWARD))
    day = parse_iso("2025-03-03T00:00:00Z")[0] // (86_400 * 10**9)
    await workspace._threads.write(workspace._vault.prices.add, "ethereum", "usd", "kraken", {day: Decimal(2_000)})
    made = await sealed(workspace)
    for venue in ("binance", "coinbase"):
        await workspace._threads.write(workspace._vault.prices.add, "ethereum", "usd", venue, {day: Decimal(2_100)})

    found = await workspace.seals.verify(made, no_progress)

    assert [(one.code, one.entry_id) for one in found.causes] == [("price-changed", reward)]
    assert "was 1000 and is 1050" in found.causes[0].words


async def test_a_year_with_unknown_figures_is_not_closed(workspace: Workspace) -> None:
    await keep(workspace, event("r1", "2025-03-03", ("ethereum", "0.5"), kind=EntryKind.REWARD))

    with pytest.raises(NotReadyError) as refused:
        await sealed(workspace)
    assert [one.code for one in refused.value.findings] == ["missing-basis"]
    assert await workspace.seals.all() == ()


async def test_what_is_unknown_after_the_year_does_not_keep_it_open(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY, event("r1", "2026-03-03", ("ethereum", "0.5"), kind=EntryKind.REWARD))

    assert (await sealed(workspace)).version == 1


async def test_a_year_that_is_not_over_is_refused(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)

    with pytest.raises(RefusedError, match="can still change until 2027-01-01"):
        await sealed(workspace, Asked("us", year=2026))


async def test_a_sealed_year_is_amended_with_a_reason_and_a_report(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    first = await sealed(workspace)
    with pytest.raises(RefusedError, match="is sealed"):
        await sealed(workspace)
    with pytest.raises(UsageError, match="--reason"):
        await workspace.seals.seal(US, no_progress, amends=True)
    with pytest.raises(RefusedError, match="Nothing changed"):
        await workspace.seals.seal(US, no_progress, amends=True, reason="habit")
    await keep(workspace, event("b0", "2023-01-01", ("bitcoin", "1"), ("usd", "-10000")))

    second = await workspace.seals.seal(US, no_progress, amends=True, reason="an old purchase was found")

    report = json.loads((await workspace.seals.files(second))["differences.json"])
    gains = [one for one in report["differences"] if (one["part"], one["field"]) == ("totals", "gain")]
    assert (second.version, second.previous, second.reason) == (2, first.seal, "an old purchase was found")
    assert [(one["before"], one["after"], one["change"]) for one in gains] == [("30000", "50000", "20000")]
    assert [one.version for one in await workspace.seals.versions(2025)] == [1, 2]
    assert (await workspace.seals.verify(second, no_progress)).is_reproduced
    assert not (await workspace.seals.verify(first, no_progress)).is_reproduced


async def test_the_files_are_written_as_they_were_sealed(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, *HISTORY)
    made = await sealed(workspace)

    names = await workspace.seals.write(made, tmp_path / "out")

    assert {name: (tmp_path / "out" / name).read_bytes() for name in names} == await workspace.seals.files(made)


async def test_two_vaults_brought_to_the_same_state_by_different_ways_have_the_same_output(tmp_path: Path) -> None:
    async def straight(workspace: Workspace) -> None:
        *_, sent, arrived = await keep(workspace, *HISTORY, REWARD, SENT, ARRIVED)
        await workspace.prices.set_price(price("2000"))
        await workspace.transfers.accept([sent, arrived], "same amount, a day apart")

    async def roundabout(workspace: Workspace) -> None:
        await workspace.prices.set_price(price("1900"))
        arrived, sent = await keep(workspace, ARRIVED, SENT)
        await workspace.transfers.accept([arrived, sent], "in haste")
        await workspace.transfers.undo([arrived, sent], "not sure")
        await keep(workspace, REWARD, *HISTORY[::-1])
        await workspace.transfers.accept([arrived, sent], "looked up at the explorer")
        await workspace.prices.set_price(price("2000"))

    async def made(name: str, way: Callable[[Workspace], Awaitable[None]]) -> PeriodSeal:
        workspace = await new_workspace(tmp_path / name, Script())
        await way(workspace)
        found = await sealed(workspace)
        await workspace.lock()
        return found

    first, second = await made("first", straight), await made("second", roundabout)

    assert first.output == second.output
    assert first.seal != second.seal


async def test_what_persons_decided_is_sealed_and_a_later_word_is_told(workspace: Workspace) -> None:
    *_, sent, arrived = await keep(workspace, *HISTORY, REWARD, SENT, ARRIVED)
    await workspace.prices.set_price(price("2000"))
    await workspace.transfers.accept([sent, arrived], "mine")
    made = await sealed(workspace)
    files = await workspace.seals.files(made)
    await workspace.prices.set_price(price("2100"))
    await workspace.transfers.undo([sent, arrived], "it was a payment")

    found = await workspace.seals.verify(made, no_progress)

    year, evidence = json.loads(files["year.json"]), json.loads(files["evidence.json"])
    changed = {one.subject: (one.before, one.after) for one in found.differences if one.part == "decisions"}
    assert year["decisions"] == {
        "apart": [],
        "joined": [[[sent], [arrived]]],
        "prices": [["ethereum", "2025-03-03", "2000", "usd"]],
        "reported": {},
    }
    assert [one["kind"] for one in year["income"]] == ["reward"]
    assert len(evidence["decisions"]) == 2
    assert changed == {
        "price of ethereum on 2025-03-03": ("2000", "2100"),
        f"one transfer: {sent} → {arrived}": ("is one transfer", None),
    }


async def test_what_brokers_reported_is_sealed_with_its_year(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    (disposal,) = (await workspace.tax.compute(US)).figures.disposals
    text = f"id,term,proceeds,basis,basis_reported\n{disposal.row},,60000,30000,yes\n"
    await broker_forms.keep(workspace, 2025, BrokerForm("broker.csv", text))
    made = await sealed(workspace)
    files = await workspace.seals.files(made)
    unchanged = await workspace.seals.verify(made, no_progress)
    await broker_forms.keep(workspace, 2025, None)

    found = await workspace.seals.verify(made, no_progress)

    assert files["forms/us-1099-da-as-reported.csv"].decode() == text
    assert unchanged.is_reproduced
    assert [(one.part, one.subject) for one in found.differences] == [
        ("decisions", "reported in us-1099-da-as-reported")
    ]
    assert [one.code for one in found.causes] == ["statement-changed"]
