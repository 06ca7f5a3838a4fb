"""What selections of lots mean for a computation: which sale follows which, and what becomes of the others.

A selection is a choice for one sale. It is followed whatever the method is, because the methods that countries name
beside specific identification say which units go where nobody chose: first in, first out, or a standing order.

- For one entry: the newest selection counts; an empty one takes it back.
- Ahead of the sale: the next sales of the asset from that wallet use up the selected units, in the order in which
  they were named, until nothing is left or a newer one ahead replaces it. A fee paid in the asset is no such sale.
- Late: where the law wants the choice no later than the sale, one that was recorded afterwards is set aside, and a
  finding says what applies instead. Whoever can prove an earlier choice by other books follows it by an option.
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
    """

    transactions: list[Transaction]
    identified: dict[str, Identified] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def in_force(selections: Iterable[LotSelection], jurisdiction: str) -> list[LotSelection]:
    """Return the selections for single entries that count for a country: the newest of each, none taken back."""
    last = {
        (one.disposal, one.asset): one
        for one in sorted(selections, key=lambda one: one.recorded_ns)
        if one.disposal and one.jurisdiction == jurisdiction
    }
    return [one for one in last.values() if one.lots]


def followed(transactions: Sequence[Transaction], selections: Sequence[LotSelection], chosen: Profile) -> Followed:
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
    for one in in_force(selections, code):
        place = sales.get((one.disposal, one.asset))
        if place is None:
            made.findings.append(_without_sale(one))
            continue
        sale = transactions[place]
        is_late = bool(chosen.jurisdiction.choice_deadline) and one.recorded_ns > sale.at
        is_followed = not is_late or chosen.has("late-selection", "follow")
        made.identified[sale.row] = Identified(one, sale.row, sale.at, is_late, is_followed)
        if is_followed:
            made.transactions[place] = replace(sale, lots=rows.named(one.lots))
    # A late one is told of also where one ahead of the sale takes its place.
    made.findings += _late(made, chosen)
    _ahead(made, [one for one in selections if one.wallet and one.jurisdiction == code], rows)
    return made


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
    found = in_force(selections, chosen.jurisdiction.code)
    if found:
        yield Finding(
            Severity.INFO,
            "selections-left-aside",
            f"{len(found):,} selection{'s' if len(found) > 1 else ''} of lots are not followed: the method "
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


def _without_sale(one: LotSelection) -> Finding:
    return Finding(
        Severity.WARNING,
        "selection-without-sale",
        f"Lots of {one.asset} were selected on {iso(one.recorded_ns)} for the entry {one.disposal}, which sells none.",
        f"{one.disposal}/{one.asset}",
        "The entry was voided or corrected since then. The selection changes nothing.",
        "Take the selection back, or correct the entry.",
        (one.disposal,),
    )


def _late(made: Followed, chosen: Profile) -> Iterator[Finding]:
    for one in made.identified.values():
        if not one.is_late:
            continue
        told = f"The lots of {one.row!r}, sold on {iso(one.sold_ns)}, were selected on {iso(one.selection.recorded_ns)}"
        if one.is_followed:
            yield Finding(
                Severity.WARNING,
                "late-lot-selection",
                f"{told}, after the sale; they are followed because late-selection=follow says that other books "
                "prove the choice in time.",
                one.row,
                chosen.jurisdiction.choice_deadline,
                "Keep the proof with the return.",
                (one.row,),
            )
        else:
            yield Finding(
                Severity.WARNING,
                "late-lot-selection",
                f"{told}, after the sale: not followed. What would apply without it applies.",
                one.row,
                chosen.jurisdiction.choice_deadline,
                "Take it back, or, where other books prove the choice in time, add --option late-selection=follow.",
                (one.row,),
            )
