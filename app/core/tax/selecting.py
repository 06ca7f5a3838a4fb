"""Selections of lots when they are made: judged against the whole history, and refused with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from app.core.clock import iso
from app.core.errors import CounterfoilError, InputError, RefusedError
from app.core.lots.methods import Method
from app.core.lots.selection import ELSEWHERE
from app.core.money import add
from app.core.tax.events import Transaction, TransactionType, in_units, units_of
from app.core.tax.findings import reason_of
from app.core.tax.from_entries import entry_of
from app.core.tax.matching import matched
from app.core.tax.open_lots import check_lots, concerning
from app.core.tax.profile import Profile

AHEAD = "the next sales"
"""The row of a sale that is still to come."""

_UNCHANGED = "Nothing was recorded."

Choice = tuple[tuple[str, Decimal], ...]


def check_country(profile: Profile) -> None:
    """Refuse where the country's law does not let a person say which lots are sold."""
    rules = profile.jurisdiction
    if Method.SPEC_ID not in rules.methods:
        raise RefusedError(
            f"{rules.name} does not let a person select lots: {rules.law}.",
            hint=f"{_UNCHANGED} Select for another country, with --jurisdiction.",
        )
    check_lots(profile)


def sale_of(transactions: Sequence[Transaction], disposal: str, asset: str = "") -> Transaction:
    """Return the sale that is meant by a row, or by an entry and, where it sells several assets, one of them.

    Raises:
        InputError: The entry sells nothing, or several assets.
    """
    sales = (one for one in transactions if one.type is TransactionType.SELL)
    found = [one for one in sales if disposal in (one.row, entry_of(one.row))]
    if asset:
        found = [one for one in found if one.asset == asset]
    exact = [one for one in found if one.row == disposal]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        what = f"{disposal!r} sells no {asset}" if asset else f"{disposal!r} names no sale of these books"
        raise InputError(f"{what}.", hint=f"{_UNCHANGED} Sales are listed by: counterfoil tax compute.")
    told = ", ".join(one.row for one in found)
    raise InputError(f"The entry {disposal!r} sells several assets.", hint=f"{_UNCHANGED} Name one of {told}.")


def named(transactions: Sequence[Transaction], asset: str, lots: Choice) -> Choice:
    """Return lots by their rows where some are named by their entry alone; a lot named twice is one."""
    by_entry = {
        entry_of(one.row): one.row
        for one in transactions
        if one.type in (TransactionType.BUY, TransactionType.INCOME) and one.asset == asset
    }
    found: dict[str, Decimal] = {}
    for name, quantity in lots:
        row = by_entry.get(name, name)
        found[row] = add(found.get(row, Decimal(0)), quantity)
    return tuple(found.items())


def check(transactions: Sequence[Transaction], row: str, lots: Choice, profile: Profile) -> None:
    """Refuse a choice that cannot be followed, or that takes what was selected for another sale.

    Args:
        transactions: The whole history in the order of time, with the lots that other sales identify.
        row: The sale.
        lots: By their rows.
        profile: Of the country in which the choice is made.

    Raises:
        RefusedError: A lot lies in another wallet, which the law keeps apart.
        InputError: The choice cannot be followed for another reason.
    """
    place, sale = next((place, one) for place, one in enumerate(transactions) if one.row == row)
    named_rows = {row for row, _ in lots}
    # What is wrong with a lot of another asset can only be told where that is looked at too.
    assets = {sale.asset, *(one.asset for one in transactions if one.row in named_rows)}
    before = faults(transactions, assets, profile)
    changed = [*transactions]
    changed[place] = replace(sale, lots=lots)
    after = faults(changed, assets, profile)
    if row in after:
        raise _refused(f"The selection for {_told(sale)} {after[row]}.", after[row])
    taken = [one for one in after if one not in before]
    if taken:
        raise InputError(
            f"The selection for {_told(sale)} takes lots that are selected for {taken[0]!r}, which then "
            f"{after[taken[0]]}.",
            hint=f"{_UNCHANGED} Choose other lots, or take back the other selection first.",
        )


def ahead(
    transactions: Sequence[Transaction], asset: str, wallet: str, quantity: Decimal, now: int
) -> list[Transaction]:
    """Return the history as it would be if so many units were sold now."""
    sale = Transaction(AHEAD, now, TransactionType.SELL, wallet, asset, quantity, resolution=1)
    return [*(one for one in transactions if one.at <= now), sale]


def faults(transactions: Sequence[Transaction], assets: Iterable[str], profile: Profile) -> dict[str, str]:
    """Return why selections for sales of some assets cannot be followed, by the row of the sale."""
    concerned = concerning(transactions, *assets)
    units = units_of(concerned)
    found = matched(in_units(concerned, units), profile)
    known = {one.row: one for one in concerned} if found.wrong_choices else {}
    return {one.row: reason_of(one, known.get(one.lot), units) for one in found.wrong_choices}


def _told(sale: Transaction) -> str:
    return AHEAD if sale.row == AHEAD else f"{sale.row!r} of {iso(sale.at, sale.resolution)}"


def _refused(message: str, reason: str) -> CounterfoilError:
    if reason.endswith(ELSEWHERE):
        return RefusedError(message, hint=f"{_UNCHANGED} Lots are kept wallet by wallet: select lots of that wallet.")
    hint = f"{_UNCHANGED} Select open lots of that wallet whose units add up to what is sold: counterfoil lots list."
    return InputError(message, hint=hint)
