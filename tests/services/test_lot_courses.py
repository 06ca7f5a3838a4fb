"""Lots that are kept up to date are those of the whole history, in whatever order and however late it becomes known."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from app.core.clock import DAY
from app.core.errors import StorageFullError
from app.core.ledger.entries import EntryKind
from app.core.lots.methods import Method, Scope
from app.core.lots.results import Holding, OpenLot
from app.core.model.transfer_links import TransferLink
from app.core.tax.asset_courses import AssetLots
from app.core.tax.events import Units, in_units, units_of
from app.core.tax.matching import matched
from app.services.lot_courses import LotCourses
from app.services.tax_years import Asked
from app.services.vault import VaultService
from app.services.workspace import Workspace
from tests.services.books import NOW, PASSPHRASE, Script, make_runtime
from tests.services.lot_course_books import add_prices, append, entry, made_up

QUESTIONS = [
    Asked("us"),
    Asked("uk"),
    Asked("ca"),
    Asked("jp"),
    Asked("ie"),
    Asked("fr"),
    Asked("de", Method.LIFO),
    Asked("generic", Method.HIFO, Scope.PER_WALLET),
    Asked("us", currency="EUR"),
]
Told = dict[str, tuple[list[tuple[object, ...]], list[tuple[object, ...]]]]


def revise_one(workspace: Workspace, dice: Random) -> None:
    """Void an entry, or correct when it was."""
    entry_id, known = dice.choice(workspace._vault.reader.export_entries())
    later = replace(known, at=min(known.at + dice.randrange(-60, 60) * DAY, NOW))
    workspace._vault.writer.revise_entry(entry_id, dice.choice((later, None)), "corrected")


def decide_one(workspace: Workspace, dice: Random) -> None:
    """Say of a withdrawal and a deposit of one coin that they are a transfer, that they are none, or take it back."""
    moves = workspace._vault.reader.moves()
    outs = [one for one in moves if one[1].kind is EntryKind.WITHDRAWAL]
    pairs = [
        (out_id, into_id)
        for out_id, out in outs
        for into_id, into in moves
        if into.kind is EntryKind.DEPOSIT and into.account != out.account and into.legs[0].asset == out.legs[0].asset
    ]
    if pairs:
        out_id, into_id = dice.choice(pairs)
        word = TransferLink((out_id,), (into_id,), dice.choice((True, True, False, None)), "as I know")
        workspace._vault.writer.append_decision(word)


async def whole(workspace: Workspace, asked: Asked) -> Told:
    """Return holdings and lots as the whole history gives them, played at once."""
    history = await workspace.tax.history(asked)
    transactions = history.selected.transactions
    units = units_of(transactions)
    found = matched(
        in_units(transactions, units, by_price=history.profile.has("rank-by", "unit-price")), history.profile
    )
    return told(found.holdings, found.lots, units)


def told(holdings: Sequence[Holding], lots: Sequence[OpenLot], units: Units) -> Told:
    answer: Told = {}
    for one in holdings:
        number = units.assets[one.asset].number(one.quantity)
        answer.setdefault(one.asset, ([], []))[0].append((one.wallet or "", number, units.amount(one.cost)))
    for lot in lots:
        number = units.assets[lot.asset].number(lot.quantity)
        row = (lot.wallet or "", lot.acquired, lot.row, number, units.amount(lot.cost))
        answer.setdefault(lot.asset, ([], []))[1].append(row)
    return {asset: (sorted(one, key=str), sorted(other, key=str)) for asset, (one, other) in sorted(answer.items())}


async def now(workspace: Workspace, courses: LotCourses, asked: Asked) -> Told:
    found: Mapping[str, AssetLots] = await courses.lots(await workspace.tax.ground(asked))
    answer: Told = {}
    for one in found.values():
        answer |= told(one.found.holdings, one.found.lots, one.units)
    return dict(sorted(answer.items()))


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda one: f"{one.jurisdiction}{one.method or ''}{one.currency}")
async def test_lots_are_those_of_the_whole_history_whatever_order_it_arrives_in(
    workspace: Workspace, asked: Asked
) -> None:
    add_prices(workspace)
    dice = Random(asked.jurisdiction)  # noqa: S311 - an order of arrival, no secret
    late = made_up(dice.randrange(1_000))
    dice.shuffle(late)
    kept = LotCourses(workspace.runtime, workspace._vault, workspace._threads)
    while late:
        arrived, late = late[:17], late[17:]
        append(workspace, arrived)
        revise_one(workspace, dice)
        decide_one(workspace, dice)
        others = LotCourses(workspace.runtime, workspace._vault, workspace._threads)

        expected = await whole(workspace, asked)
        assert expected == await now(workspace, kept, asked)
        assert expected == await now(workspace, others, asked)


async def test_what_is_corrected_voided_or_priced_late_changes_the_lots_that_follow_from_it(
    workspace: Workspace,
) -> None:
    asked = Asked("us")
    entries = made_up(4)
    for first in range(0, len(entries), 20):
        append(workspace, entries[first : first + 20])
    kept = LotCourses(workspace.runtime, workspace._vault, workspace._threads)
    before = await now(workspace, kept, asked)
    known = workspace._vault.reader.export_entries()

    add_prices(workspace)
    assert await whole(workspace, asked) == await now(workspace, kept, asked) != before
    ends = [one for one in known if one[1].references]
    workspace._vault.writer.revise_entry(ends[-1][0], None, "not mine")
    assert await whole(workspace, asked) == await now(workspace, kept, asked)
    bought = next(one for one in known if one[1].kind is EntryKind.TRADE)
    workspace._vault.writer.revise_entry(bought[0], replace(bought[1], at=bought[1].at + 90 * DAY), "later")

    assert await whole(workspace, asked) == await now(workspace, kept, asked)


async def test_a_word_on_a_transfer_of_long_ago_changes_the_lots_that_follow_and_so_does_taking_it_back(
    workspace: Workspace,
) -> None:
    asked, at = Asked("us"), NOW - 600 * DAY
    append(
        workspace,
        [
            entry(1, at, "main", EntryKind.TRADE, ("bitcoin", Decimal(2)), ("usd", Decimal(-100))),
            entry(2, at + DAY, "main", EntryKind.WITHDRAWAL, ("bitcoin", Decimal(-2))),
            entry(3, at + 40 * DAY, "cold", EntryKind.DEPOSIT, ("bitcoin", Decimal("1.99"))),
            entry(4, at + 300 * DAY, "cold", EntryKind.TRADE, ("bitcoin", Decimal(-1)), ("usd", Decimal(90))),
            entry(5, at + 500 * DAY, "main", EntryKind.TRADE, ("bitcoin", Decimal(1)), ("usd", Decimal(-70))),
        ],
    )
    add_prices(workspace)
    kept = LotCourses(workspace.runtime, workspace._vault, workspace._threads)
    unpaired = await now(workspace, kept, asked)
    out, into = (entry_id for entry_id, _ in workspace._vault.reader.moves())

    mine = TransferLink((out,), (into,), is_transfer=True, reason="mine")
    workspace._vault.writer.append_decision(mine)
    linked = await now(workspace, kept, asked)
    assert linked == await whole(workspace, asked) != unpaired
    assert ("cold", Decimal("0.99")) in [row[:2] for row in linked["bitcoin"][0]]

    workspace._vault.writer.append_decision(replace(mine, is_transfer=None))
    assert await now(workspace, kept, asked) == await whole(workspace, asked) == unpaired


async def test_checkpoints_are_kept_in_the_vault_and_dropped_where_it_is_derived_anew(workspace: Workspace) -> None:
    asked = Asked("us")
    append(workspace, made_up(5))
    first = await now(workspace, LotCourses(workspace.runtime, workspace._vault, workspace._threads), asked)
    key, courses = (await workspace.tax.ground(asked)).key, workspace._vault.courses
    kept = [len(courses.latest(key, "bitcoin", NOW))]
    workspace._vault.rebuild()
    kept.append(len(courses.latest(key, "bitcoin", NOW)))

    assert kept == [3, 0]
    assert first == await now(workspace, workspace.courses, asked)


async def test_lots_are_stale_from_an_entry_until_they_are_derived_again(workspace: Workspace) -> None:
    entries = made_up(6)
    append(workspace, entries[:-1])
    ground = await workspace.tax.ground(Asked("us"))
    stale = [await workspace.courses.is_stale(ground)]
    await workspace.courses.lots(ground)
    stale.append(await workspace.courses.is_stale(ground))
    append(workspace, entries[-1:])
    stale.append(await workspace.courses.is_stale(ground))
    told_of: list[str] = []
    await workspace.courses.lots(ground, lambda _, doing: told_of.append(doing))

    assert [*stale, await workspace.courses.is_stale(ground)] == [True, False, True, False]
    assert any(" from " in doing for doing in told_of)


async def test_a_kill_between_an_entry_and_its_lots_leaves_no_figure_of_before(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.services.late_entry_process", str(tmp_path)]
    ended = await asyncio.create_subprocess_exec(*command, cwd=Path(__file__).parents[2])
    assert await ended.wait() == -signal.SIGKILL
    vaults = VaultService(make_runtime(tmp_path, Script()))
    workspace = await vaults.unlock(vaults.default_path(), PASSPHRASE)
    key = (await workspace.tax.ground(Asked("us"))).key

    assert workspace._vault.courses.latest(key, "bitcoin", NOW)
    assert await whole(workspace, Asked("us")) == await now(workspace, workspace.courses, Asked("us"))
    await workspace.lock()


async def test_open_lots_of_now_are_those_that_the_whole_history_leaves_open(workspace: Workspace) -> None:
    add_prices(workspace)
    append(workspace, made_up(8))

    first = await workspace.lots.open(Asked("us"))
    assert (await workspace.lots.open(Asked("us"), NOW)).lots == first.lots
    late = entry(9_999, NOW - 400 * DAY, "main", EntryKind.TRADE, ("bitcoin", Decimal(2_000)), ("usd", Decimal(-9)))
    append(workspace, [late])
    second = await workspace.lots.open(Asked("us"))

    assert (await workspace.lots.open(Asked("us"), NOW)).lots == second.lots != first.lots


async def test_a_full_disk_keeps_nobody_from_their_lots(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(*_: object) -> None:
        raise StorageFullError("The disk is full.")

    append(workspace, made_up(9))
    monkeypatch.setattr(workspace._vault.courses, "keep", keep)

    assert await whole(workspace, Asked("us")) == await now(workspace, workspace.courses, Asked("us"))
