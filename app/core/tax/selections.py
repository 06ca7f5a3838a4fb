"""What selections of lots mean for a computation: which sale follows which, and what becomes of the others.

A selection is a choice for one sale. It is followed whatever the method is, because the methods that countries name
beside specific identification say which units go where nobody chose: first in, first out, or a standing order.

- For one entry: the newest selection counts; an empty one takes it back. Where the law wants the choice no later than
  the sale, that is the newest of those in time: what was identified then cannot be changed afterwards.
- Ahead of the sale: the next sales of the asset from that wallet use up the selected units, in the order in which
  they were named, until nothing is left or a newer one ahead replaces it. A fee paid in the asset is no such sale.
- Late: one that was recorded afterwards is set aside, and a finding says what applies instead. Whoever can prove an
  earlier choice by other books follows it by an option. Of sales before the law named a moment it is followed, and
  told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from app.core.clock import iso
from app.core.findings import Finding, Severity
from app.core.lots.methods import Method
from app.core.model.lot_selections import LotSelection
from app.core.money import EXACT
from app.core.names import AS_TOLD, Names, counted
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.from_entries import entry_of
from app.core.tax.profile import Profile

_FEE = "fee"


@dataclass(frozen=True, slots=True)
class Identified:
    """The selection that concerns a sale.

    Attributes:
        row: The sale.
        sold_ns: When it was.
        is_late: It was recorded after the sale, where the law wants it no later.
        is_followed: Its lots are those that the sale uses up.
    """

    selection: LotSelection
    row: str
    sold_ns: int
    is_late: bool
    is_followed: bool


@dataclass(slots=True)
class Followed:
    """Transactions whose sales name the selected lots.

    Attributes:
        identified: By the row of the sale, what was selected for it, also where that is not followed.
        ahead: By (asset, wallet), what the next sales use up: what no sale has used yet of what was selected last.
    """

    transactions: list[Transaction]
    identified: dict[str, Identified] = field(default_factory=dict)
    ahead: dict[tuple[str, str], tuple[tuple[str, Decimal], ...]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def recorded_for(selections: Iterable[LotSelection], jurisdiction: str) -> dict[tuple[str, str], list[LotSelection]]:
    """Return what was recorded for single entries under a country, by (entry, asset), the oldest first."""
    found: dict[tuple[str, str], list[LotSelection]] = {}
    for one in sorted(selections, key=lambda one: one.recorded_ns):
        if one.disposal and one.jurisdiction == jurisdiction:
            found.setdefault((one.disposal, one.asset), []).append(one)
    return found


def followed(
    transactions: Sequence[Transaction],
    selections: Sequence[LotSelection],
    chosen: Profile,
    names: Names = AS_TOLD,
) -> Followed:
    """Return the transactions with the lots that were selected for their sales."""
    code = chosen.jurisdiction.code
    made = Followed(list(transactions))
    if not selections:
        return made
    sales = {
        (entry_of(one.row), one.asset): place
        for place, one in enumerate(transactions)
        if one.type is TransactionType.SELL
    }
    rows = _Rows(transactions)
    for key, known in recorded_for(selections, code).items():
        place = sales.get(key)
        if place is None:
            made.findings += [_without_sale(known[-1], names)] if known[-1].lots else []
            continue
        sale = transactions[place]
        one = _counting(known, sale, chosen)
        made.findings += _late(known, one, sale, chosen, names)
        if one is not None:
            made.identified[sale.row] = one
            if one.is_followed:
                made.transactions[place] = replace(sale, lots=rows.named(one.selection.lots))
    _ahead(made, [one for one in selections if one.wallet and one.jurisdiction == code], rows)
    return made


def _counting(known: Sequence[LotSelection], sale: Transaction, chosen: Profile) -> Identified | None:
    """Return what counts for a sale: the newest selection that was in time, else the newest, which is late."""
    newest = known[-1]
    has_deadline = chosen.has_deadline(sale.at)
    in_time = [one for one in known if not has_deadline or one.recorded_ns <= sale.at]
    is_late = newest not in in_time
    if is_late and not chosen.has("late-selection", "follow"):
        if in_time and in_time[-1].lots:
            return Identified(in_time[-1], sale.row, sale.at, is_late=False, is_followed=True)
        return Identified(newest, sale.row, sale.at, is_late=True, is_followed=False) if newest.lots else None
    return Identified(newest, sale.row, sale.at, is_late, is_followed=True) if newest.lots else None


class _Rows:
    """Finds acquisitions by the names that records give them."""

    def __init__(self, transactions: Sequence[Transaction]) -> None:
        self._rows: set[str] = set()
        self._by_entry: dict[tuple[str, str], str] = {}
        for one in transactions:
            if one.type in (TransactionType.BUY, TransactionType.INCOME):
                self._rows.add(one.row)
                self._by_entry[_known_by(one.row)] = one.row

    def named(self, lots: Iterable[tuple[str, Decimal]]) -> tuple[tuple[str, Decimal], ...]:
        """Return lots by the rows that they have now: an entry that was corrected may be told as another kind."""
        return tuple(
            (row if row in self._rows else self._by_entry.get(_known_by(row), row), quantity) for row, quantity in lots
        )


def _known_by(row: str) -> tuple[str, str]:
    return entry_of(row), row.rpartition("/")[2]


def _ahead(made: Followed, selections: Sequence[LotSelection], rows: _Rows) -> None:
    """Let sales use up what was selected ahead of them; one that was selected by itself in time stays as it is."""
    newest_last = sorted(selections, key=lambda one: one.recorded_ns)
    left = {id(one): list(one.lots) for one in newest_last}
    for place, sale in enumerate(made.transactions):
        if sale.type is not TransactionType.SELL or sale.lots or _is_fee(sale):
            continue
        known = [
            one
            for one in newest_last
            if (one.wallet, one.asset) == (sale.wallet, sale.asset) and one.recorded_ns <= sale.at
        ]
        if known and left[id(known[-1])]:
            lots = _taken(left[id(known[-1])], sale.quantity)
            made.transactions[place] = replace(sale, lots=rows.named(lots))
            made.identified[sale.row] = Identified(known[-1], sale.row, sale.at, is_late=False, is_followed=True)
    newest = {(one.asset, one.wallet): one for one in newest_last}
    made.ahead = {place: rows.named(left[id(one)]) for place, one in newest.items() if left[id(one)]}


def _is_fee(sale: Transaction) -> bool:
    return sale.row.split("/")[1:2] == [_FEE]


def _taken(left: list[tuple[str, Decimal]], wanted: Decimal) -> tuple[tuple[str, Decimal], ...]:
    """Take units out of what is left, the first named first; fewer than wanted where no more are left."""
    found = []
    while left and wanted > 0:
        row, quantity = left[0]
        part = min(quantity, wanted)
        found.append((row, part))
        wanted = EXACT.subtract(wanted, part)
        if part == quantity:
            del left[0]
        else:
            left[0] = row, EXACT.subtract(quantity, part)
    return tuple(found)


def left_aside(selections: Sequence[LotSelection], chosen: Profile) -> Iterator[Finding]:
    """Yield that selections exist which these figures do not follow, because a person asked for other rules."""
    found = [one for one in recorded_for(selections, chosen.jurisdiction.code).values() if one[-1].lots]
    if found:
        yield Finding(
            Severity.INFO,
            "selections-left-aside",
            counted(len(found), "selection of lots is", "selections of lots are") + " not followed: the method "
            f"{chosen.method.value} or a scope was asked for.",
            f"{chosen.jurisdiction.code}/{chosen.method.value}",
            fix="Name no method and no scope, or --method spec-id, for the figures that follow them.",
        )


def follows(chosen: Profile, *, is_free: bool) -> bool:
    """Tell whether figures follow selections: the country knows them, and nobody asked for another rule.

    Args:
        chosen: How figures are computed.
        is_free: Neither a method nor a scope was asked for.
    """
    return Method.SPEC_ID in chosen.jurisdiction.methods and (is_free or chosen.method is Method.SPEC_ID)


def _without_sale(one: LotSelection, names: Names) -> Finding:
    return Finding(
        Severity.WARNING,
        "selection-without-sale",
        f"Lots of {names.symbol(one.asset)} were selected on {iso(one.recorded_ns)} for an entry that sells none.",
        f"{one.disposal}/{one.asset}",
        "The entry was voided or corrected since then. The selection changes nothing.",
        "Take the selection back, or correct the entry.",
        (one.disposal,),
    )


def _late(
    known: Sequence[LotSelection], counting: Identified | None, sale: Transaction, chosen: Profile, names: Names
) -> Iterator[Finding]:
    newest = known[-1]
    if newest.recorded_ns <= sale.at or (counting is None and not newest.lots):
        return
    if not chosen.has_deadline(sale.at):
        yield from _afterwards(newest, sale, chosen, names)
        return
    at, sold = iso(newest.recorded_ns), iso(sale.at, sale.resolution)
    what = "selected" if newest.lots else "given back"
    told = f"The lots of {_called(sale, names)}, sold on {sold}, were {what} on {at}, after the sale"
    if counting is not None and counting.selection is newest and counting.is_followed:
        message = f"{told}; that is followed because late-selection=follow says that other books prove it in time."
        fix = "Keep the proof with the return."
    else:
        stays = (
            "What would apply without it applies." if counting is None or counting.is_late else "The one before stays."
        )
        message = f"{told}: not followed. {stays}"
        fix = "Take it back, or, where other books prove the choice in time, add --option late-selection=follow."
    deadline = chosen.jurisdiction.choice_deadline
    yield Finding(Severity.WARNING, "late-lot-selection", message, sale.row, deadline, fix, (sale.row,))


def _called(sale: Transaction, names: Names) -> str:
    """Return how a sale is called whose moment is told beside it."""
    if not names.has_entries:
        return repr(sale.row)
    return f"{names.amount(sale.quantity, sale.asset)} at {names.account(sale.wallet)}"


def _afterwards(one: LotSelection, sale: Transaction, chosen: Profile, names: Names) -> Iterator[Finding]:
    """Yield that a selection is followed which was recorded after a sale of before the law named a moment."""
    if chosen.jurisdiction.choice_before:
        yield Finding(
            Severity.WARNING,
            "lot-selection-afterwards",
            f"The lots of {_called(sale, names)}, sold on {iso(sale.at, sale.resolution)}, were selected on "
            f"{iso(one.recorded_ns)}, after the sale: that is followed.",
            sale.row,
            chosen.jurisdiction.choice_before,
            "Keep the records of that time which identify these units, or take the selection back.",
            (sale.row,),
        )
