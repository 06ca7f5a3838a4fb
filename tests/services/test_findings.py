"""Findings of a vault: breaks with their causes, waivers bound to what was seen, the worklist, what blocks a period."""

from __future__ import annotations

import csv
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.ledger.entries import EntryKind, Identity, Leg
from app.core.model.breaks import Action, Cause, Proposal
from app.core.model.pages import Balance, BalancePage
from app.services.events import PricesRead, RecordsAppended
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Script, deposit, no_progress, page, tick


async def read(workspace: Workspace, script: Script, **held: str) -> None:
    script.held = dict(held)
    await workspace.ingest.sync([], no_progress)


@pytest.fixture
async def broken(workspace: Workspace, script: Script) -> Workspace:
    """Return a vault in which a deposit of 0.5 bitcoin is missing."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), cursor="1")]
    await read(workspace, script, bitcoin="2")
    await read(workspace, script, bitcoin="2.5")
    return workspace


async def codes(workspace: Workspace) -> list[str]:
    return [one.code for one in await workspace.findings.all()]


async def open_breaks(workspace: Workspace, until_ns: int | None = None) -> tuple[Finding, ...]:
    """Return the breaks that keep a period from closing: neither healed by its end nor waived with a reason."""
    return tuple(one for one in await workspace.reconciliation.period_breaks(until_ns) if not one.waived)


async def test_a_break_has_its_cause_its_fix_and_its_place(broken: Workspace) -> None:
    (found,) = [one for one in await broken.findings.all() if one.code == "break"]

    assert found.name == "break:main/bitcoin/spot"
    assert found.detail.startswith("Likely: events between ")
    assert (found.source, found.asset, found.quantity) == ("main", "bitcoin", Decimal("0.5"))
    assert found.fix == "Read the history again"
    assert found.place == "reconciliation/main/bitcoin/spot"


async def test_a_duplicate_in_the_books_is_named_and_voiding_it_heals_the_break(
    workspace: Workspace, script: Script
) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    twice = replace(deposit("a", "2"), identity=Identity("statement", "row 1"))
    script.pages = [page(deposit("a", "2"), twice, cursor="1")]
    await read(workspace, script, bitcoin="2")
    (row,) = await workspace.reconciliation.reconcile()
    first = row.likely[0]
    assert first.proposal is not None
    await workspace.entries.void(first.proposal.entry_id, "twice")

    assert (first.cause, first.proposal.action, first.proposal.difference_after) == (
        Cause.DUPLICATE,
        Action.VOID,
        Decimal(0),
    )
    assert [one.difference for one in await workspace.reconciliation.reconcile()] == [Decimal(0)]
    assert await open_breaks(workspace) == ()


async def test_what_is_waived_waits_for_nobody_until_its_figure_changes(broken: Workspace, script: Script) -> None:
    told: list[RecordsAppended] = []
    broken.events.subscribe(RecordsAppended, told.append)
    await broken.findings.waive("break:main/bitcoin/spot", "the venue owes it")
    waived = [one.waived for one in await broken.findings.everything() if one.code == "break"]
    row = next(row for row in await broken.reconciliation.reconcile() if row.is_break)
    during = await codes(broken), await open_breaks(broken)
    await read(broken, script, bitcoin="2.75")
    (after,) = await open_breaks(broken)

    assert (waived, row.waived, len(told) > 0) == (["the venue owes it"], "the venue owes it", True)
    assert ("break" in during[0], during[1]) == (False, ())
    assert "break" in await codes(broken)
    assert "holds no longer: it was about -0.5." in after.detail


async def test_a_waiver_can_be_taken_back(broken: Workspace) -> None:
    await broken.findings.waive("break:main/bitcoin/spot", "the venue owes it")
    await broken.findings.take_back("break:main/bitcoin/spot", "it paid")

    assert "break" in await codes(broken)
    assert [one.is_taken_back for one in await broken.findings.waivers()] == [False, True]


async def test_names_that_nothing_has_and_waivers_of_waivers_are_told(broken: Workspace) -> None:
    with pytest.raises(InputError, match="No finding has the name 'break:main/ether/spot'"):
        await broken.findings.waive("break:main/ether/spot", "why not")
    with pytest.raises(InputError, match="is not waived"):
        await broken.findings.take_back("break:main/bitcoin/spot", "why not")
    await broken.findings.waive("break:main/bitcoin/spot", "the venue owes it")
    with pytest.raises(InputError, match="is waived already"):
        await broken.findings.waive("break:main/bitcoin/spot", "again")


async def test_a_group_is_waived_at_once(workspace: Workspace, script: Script) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), cursor="1")]
    await read(workspace, script, bitcoin="3", ether="1", usd="4")
    (group,) = [one for one in await workspace.findings.groups() if one.code == "break"]
    done = await workspace.findings.waive(group.name, "before the books began")

    assert (group.title, len(done)) == ("main: 3 balances differ.", 3)
    assert "break" not in await codes(workspace)


async def test_the_effect_is_in_the_base_currency_and_unknown_where_there_is_no_price(
    broken: Workspace, script: Script
) -> None:
    script.ticks = [tick("bitcoin", "40000")]
    before = {one.code: (one.amount, one.unknown) for one in await broken.findings.groups()}
    await broken.market_data.refresh()
    after = {one.code: (one.amount, one.unknown) for one in await broken.findings.groups()}

    assert before["break"] == (None, 1)
    assert after["break"] == (Decimal(20_000), 0)


async def test_a_break_that_was_healed_blocks_the_period_that_ended_in_it_until_it_is_waived(
    broken: Workspace, script: Script
) -> None:
    end = NOW + DAY
    writer = broken._vault.writer
    late = BalancePage(b"x", "text/plain", NOW + 2 * DAY, [Balance("spot", "bitcoin", Decimal(2))])
    writer.append_balances("main", "main", late)
    now = await open_breaks(broken)
    (then,) = await open_breaks(broken, end)
    await broken.findings.waive(then.name, "both events are of other days")

    assert now == ()
    assert (then.code, then.seen) == ("past-break", "-0.5")
    assert await open_breaks(broken, end) == ()
    assert [one.waived for one in await broken.reconciliation.period_breaks(end)] == ["both events are of other days"]


async def test_what_healed_is_listed_as_healed_and_presses_nobody(broken: Workspace) -> None:
    late = BalancePage(b"x", "text/plain", NOW + 2 * DAY, [Balance("spot", "bitcoin", Decimal(2))])
    broken._vault.writer.append_balances("main", "main", late)
    (healed,) = [one for one in await broken.findings.groups() if one.code == "past-break"]

    assert (healed.severity, healed.amount, healed.place) == (Severity.INFO, None, "reconciliation/main/bitcoin/spot")
    assert healed.title.endswith("and agrees since.")
    assert "past-break" not in [one.code for one in await broken.findings.headlines()]
    await broken.findings.waive(healed.members[0].name, "both are of other days")
    assert "past-break" not in await codes(broken)


async def test_the_exported_balances_say_since_when_they_differ_why_and_why_that_may_stand(
    broken: Workspace, tmp_path: Path
) -> None:
    await broken.findings.waive("break:main/bitcoin/spot", "the venue owes it")
    await broken.exports.reconciliation_csv(tmp_path / "balances.csv")
    (row,) = csv.DictReader((tmp_path / "balances.csv").read_text("utf-8-sig").splitlines())

    assert (row["difference"], row["waived"]) == ("-0.5", "the venue owes it")
    assert (row["began_after"] <= row["began_by"], row["cause"][:15]) == (True, "events between ")
    assert row["began_after"].startswith("2026-")


async def test_what_is_proposed_is_recorded_as_the_decision_of_a_person(broken: Workspace) -> None:
    (row,) = [row for row in await broken.reconciliation.reconcile() if row.is_break]
    at = row.broken.by_ns if row.broken else 0
    legs = (Leg("main", "spot", "bitcoin", Decimal("0.5")),)
    reward = Proposal(Action.ADD, "Record the growth", "main", "", legs, EntryKind.REWARD, at)
    made = await broken.entries.follow(reward, "told by the venue")
    after = await open_breaks(broken)
    shown = await broken.portfolio.entry(made)
    turned = replace(reward, action=Action.CORRECT, entry_id=made, legs=(replace(legs[0], quantity=Decimal("0.25")),))
    await broken.entries.follow(turned, "half of it")
    (left,) = await open_breaks(broken)

    assert (after, shown.entry.kind) == ((), EntryKind.REWARD)
    assert left.seen == "-0.25"
    with pytest.raises(InputError, match="changes no entry"):
        await broken.entries.follow(replace(reward, action=Action.READ_AGAIN), "why not")


async def test_other_services_add_to_the_worklist_and_are_asked_once_for_each_state_of_the_books(
    broken: Workspace, script: Script
) -> None:
    asked: list[int] = []

    async def gaps() -> tuple[Finding, ...]:
        asked.append(1)
        return (Finding(Severity.WARNING, "price-gap", "DOT has no price of 3 days.", "polkadot"),)

    broken.findings.also(gaps)
    found = [await codes(broken), await codes(broken)]
    await read(broken, script, bitcoin="2.75")
    again = await codes(broken)
    broken.events.publish(PricesRead())
    await codes(broken)

    assert [one.count("price-gap") for one in (*found, again)] == [1, 1, 1]
    assert len(asked) == 3
