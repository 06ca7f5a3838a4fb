"""Tests of what waits on the worklist after a tax year was closed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from unittest.mock import AsyncMock

import pytest

from app.core.findings import Finding, Severity
from app.core.ledger.entries import EntryKind
from app.core.lots.methods import Method, Scope
from app.core.model.standing_orders import StandingOrder
from app.services.events import ClosedYearsCompared
from app.services.workspace import Workspace
from tests.services.books import no_progress
from tests.services.sealed_books import (
    ARRIVED,
    HISTORY,
    REWARD,
    SENT,
    SOLD,
    US,
    event,
    keep,
    price,
    sealed,
)

CHEAPER = event("b0", "2023-01-01", ("bitcoin", "1"), ("usd", "-10000"))
SOLD_TOO = event("s0", "2025-07-01", ("bitcoin", "-0.5"), ("usd", "35000"))


async def waiting(workspace: Workspace) -> list[Finding]:
    """Return what the worklist says of closed years once they are compared."""
    await workspace.closed_years.settle(no_progress)
    return [one for one in await workspace.findings.all() if "sealed" in one.code or one.code == "broken-seal"]


async def test_nothing_waits_while_nothing_of_a_closed_year_changed(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    made_again = AsyncMock(wraps=workspace.tax.outcome)
    workspace.tax.outcome = made_again  # type: ignore[method-assign]
    await keep(workspace, event("b9", "2026-03-01", ("bitcoin", "1"), ("usd", "-90000")))

    assert await waiting(workspace) == []
    assert made_again.await_count == 0


async def test_entries_that_come_later_wait_once_for_the_year_with_their_effect(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    late = await keep(workspace, CHEAPER, SOLD_TOO)

    of_year, opening = await waiting(workspace)
    (group, *_) = [one for one in await workspace.findings.groups() if one.code == of_year.code]

    assert (of_year.code, of_year.severity) == ("late-entry-in-sealed-year", Severity.WARNING)
    assert of_year.message == (
        "US 2025 is sealed, and 2 entries that count for it came later: gain 30000 → 70000 (+40000)."
    )
    assert (of_year.entries, of_year.subject) == (tuple(late), "us/2025")
    assert (of_year.fix, of_year.place, group.amount) == ("Amend the year", "close/us/2025", Decimal(40_000))
    assert (opening.code, opening.subject) == ("opening-differs-from-sealed-closing", "us/2026")
    assert opening.message == (
        "US 2026 begins with other holdings than those with which 2025 was sealed: BTC in main, quantity 1 → 1.5."
    )


@pytest.mark.parametrize("way", ["corrected", "voided"])
async def test_entries_that_are_changed_later_wait_too(workspace: Workspace, way: str) -> None:
    *_, sale, _ = await keep(workspace, *HISTORY)
    await sealed(workspace)
    if way == "voided":
        await workspace.entries.void(sale, "never happened")
    else:
        legs = event("", "2025-06-01", ("bitcoin", "-1"), ("usd", "61000")).legs
        await workspace.entries.correct(sale, replace(SOLD, legs=legs), "as the letter says")

    found = await waiting(workspace)

    assert [one.code for one in found[:1]] == ["changed-entry-in-sealed-year"]
    assert "1 entry that counts for it changed: gain 30000 → " in found[0].message
    assert (found[0].entries, len(found)) == ((sale,), 1 if way == "corrected" else 2)


async def change_price(workspace: Workspace) -> None:
    await workspace.prices.set_price(price("2100"))


async def take_back_transfer(workspace: Workspace) -> None:
    ids = (await workspace.transfers.recorded())[-1].ids
    await workspace.transfers.undo(sorted(ids), "it was a payment")


async def order_method(workspace: Workspace) -> None:
    await workspace.tax.order(StandingOrder("us", 2025, Method.LIFO, "choice"))


@pytest.mark.parametrize("change", [change_price, take_back_transfer, order_method])
async def test_decisions_about_a_closed_year_wait(
    workspace: Workspace, change: Callable[[Workspace], Awaitable[None]]
) -> None:
    *_, sent, arrived = await keep(workspace, *HISTORY, REWARD, SENT, ARRIVED)
    await workspace.prices.set_price(price("2000"))
    await workspace.transfers.accept([sent, arrived], "mine")
    await sealed(workspace)
    await change(workspace)

    found = await waiting(workspace)

    assert found[0].code == "late-decision-in-sealed-year"
    assert "1 decision that counts for it came later: " in found[0].message


async def test_decisions_about_other_years_do_not_wait(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await workspace.tax.order(StandingOrder("us", 2026, Method.LIFO, "choice"))
    await workspace.tax.order(StandingOrder("de", 2025, Method.FIFO, "choice"))
    await workspace.prices.set_price(replace(price("2000"), day=SOLD.at // (86_400 * 10**9) + 300))

    assert await waiting(workspace) == []


async def test_an_amended_year_waits_no_longer(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    before = await waiting(workspace)
    await workspace.seals.seal(US, no_progress, amends=True, reason="an old purchase was found")

    assert len(before) == 2
    assert await waiting(workspace) == []


async def test_what_a_person_lets_stand_of_a_closed_year_holds_until_more_comes(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    for one in await waiting(workspace):
        await workspace.findings.waive(one.name, "too small to amend")
    let_stand = await waiting(workspace)
    await keep(workspace, SOLD_TOO)

    found = await waiting(workspace)

    assert let_stand == []
    assert [one.code for one in found] == ["late-entry-in-sealed-year", "opening-differs-from-sealed-closing"]
    assert "The waiver of" in found[0].detail


async def test_a_year_that_cannot_be_made_again_says_why(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await workspace.tax.order(StandingOrder("us", 2024, Method.FIFO, "choice", Scope.UNIVERSAL))
    await workspace.tax.order(StandingOrder("us", 2025, Method.FIFO, "choice", Scope.PER_WALLET))

    (found,) = await waiting(workspace)

    assert found.code == "sealed-year-differs"
    assert "cannot be made again from the books of now: The standing orders change the scope" in found.message


async def test_the_worklist_reads_what_was_recorded_since_once(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    made_again = AsyncMock(wraps=workspace.tax.outcome)
    workspace.tax.outcome = made_again  # type: ignore[method-assign]
    first = await waiting(workspace)
    await keep(workspace, event("b9", "2026-03-01", ("bitcoin", "1"), ("usd", "-90000")))

    assert await waiting(workspace) == first
    assert made_again.await_count == 1


async def test_what_came_later_and_was_taken_back_waits_no_longer(workspace: Workspace) -> None:
    *_, sent, arrived = await keep(workspace, *HISTORY, SENT, ARRIVED)
    await workspace.transfers.accept([sent, arrived], "mine")
    await sealed(workspace)
    (late,) = await keep(workspace, CHEAPER)
    before = await waiting(workspace)
    await workspace.entries.void(late, "of another person")
    await workspace.transfers.undo([sent, arrived], "it was a payment")
    between = await waiting(workspace)
    await workspace.transfers.accept([sent, arrived], "mine after all")

    assert [len(before) > 0, len(between) > 0] == [True, True]
    assert await waiting(workspace) == []


async def test_a_late_entry_that_changes_no_total_waits_too(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, event("x1", "2025-05-05", ("usd", "100"), kind=EntryKind.DEPOSIT))

    (found,) = await waiting(workspace)

    assert found.message == "US 2025 is sealed, and 1 entry that counts for it came later: gain and income stay."
    assert found.quantity == 0


async def test_no_list_waits_until_a_closed_year_is_computed(workspace: Workspace) -> None:
    await keep(workspace, *HISTORY)
    await sealed(workspace)
    await keep(workspace, CHEAPER)
    told: list[object] = []
    workspace.events.subscribe(ClosedYearsCompared, told.append)

    at_once = [one for one in await workspace.findings.all() if "sealed" in one.code]
    await workspace.findings.all()
    (job,) = workspace.jobs.all()
    ended = await workspace.jobs.finished(job.job_id)
    then = [one for one in await workspace.findings.all() if "sealed" in one.code]

    assert [one.message for one in at_once] == [
        "US 2025 is sealed, and 1 entry that counts for it came later: what that changes is being computed."
    ]
    assert at_once[0].quantity is None
    assert (ended.outcome, len(told), len(workspace.jobs.all())) == ("1 closed year compared", 1, 1)
    assert [one.code for one in then] == ["late-entry-in-sealed-year", "opening-differs-from-sealed-closing"]
    assert "gain 30000 → 50000 (+20000)" in then[0].message
