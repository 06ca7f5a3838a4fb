"""Transfers of a real vault: pairing by hand, and what is sure in one transaction."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.ledger.entries import Entry, EntryKind
from app.core.model.audit_log import LogFilter
from app.services.workspace import Workspace
from tests.services.books import NOW, deposit
from tests.services.tax_trades import keep, trade

SENT = trade("w1", ("ethereum", "-3.75"), days_ago=40, kind=EntryKind.WITHDRAWAL)
ARRIVED = deposit("d1", "3.7", "ethereum", days_ago=30, account="other")


def pair(number: int, quantity: str, *, days_ago: int) -> tuple[Entry, Entry]:
    """Return a withdrawal and a deposit that are surely one transfer."""
    into = deposit(f"in{number}", quantity, days_ago=days_ago, account="other")
    out = trade(f"out{number}", ("bitcoin", f"-{quantity}"), days_ago=days_ago, kind=EntryKind.WITHDRAWAL)
    return replace(out, at=into.at - DAY // 200), into


async def test_two_ends_that_no_clue_joins_are_one_transfer_by_a_persons_word(workspace: Workspace) -> None:
    await keep(workspace, SENT, ARRIVED)
    out, into = sorted((await workspace.transfers.pairing()).unpaired, key=lambda end: end.at)
    (offered,) = await workspace.transfers.partners(out.entry_id)
    (back,) = await workspace.transfers.partners(into.entry_id)
    await workspace.transfers.accept((out.entry_id, offered.end.entry_id), "a slow withdrawal of mine")
    found = await workspace.transfers.pairing()

    assert (offered.end, offered.lost, offered.delay) == (into, Decimal("0.05"), 10 * DAY)
    assert back.end == out
    assert [link.ids for link in found.links] == [frozenset((out.entry_id, into.entry_id))]
    assert found.unpaired == ()
    assert await workspace.transfers.partners(out.entry_id) == ()


async def test_what_is_offered_is_never_refused(workspace: Workspace) -> None:
    """The rules of the list are those of the word: what more arrived than left, with its fee, is in neither."""
    more = deposit("d2", "3.76", "ethereum", days_ago=30, account="other")
    same = deposit("d3", "3.75", "ethereum", days_ago=30, account="main")
    await keep(workspace, SENT, more, same)
    (out,) = [end for end in (await workspace.transfers.pairing()).unpaired if not end.is_deposit]
    others = [end.entry_id for end in (await workspace.transfers.pairing()).unpaired if end.is_deposit]

    assert await workspace.transfers.partners(out.entry_id) == ()
    for other in others:
        with pytest.raises(InputError):
            await workspace.transfers.accept((out.entry_id, other), "mine")


async def test_all_that_are_sure_until_a_moment_are_accepted_in_one_transaction(workspace: Workspace) -> None:
    await keep(workspace, *pair(1, "0.12345678", days_ago=90), *pair(2, "0.87654321", days_ago=60))
    await keep(workspace, *pair(3, "0.55443322", days_ago=10))
    before = (await workspace.audit.kinds()).get("commit", 0)
    made = await workspace.transfers.accept_clear(until=NOW - 30 * DAY)

    assert len(made) == 2
    assert (await workspace.audit.kinds())["commit"] == before + 1
    newest = await workspace.audit.log(LogFilter(), limit=3)
    assert [line.kind for line in newest] == ["commit", "transfer_link", "transfer_link"]
    assert len((await workspace.transfers.pairing()).proposals) == 1
