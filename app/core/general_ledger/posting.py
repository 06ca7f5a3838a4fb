"""Entries, and what tax figures say of them, as double entry.

Every commodity balances in itself. A purchase of 1 BTC for 100 USD moves 100 USD out of and 1 BTC into the account
that holds them; against them stand −1 BTC and 100 USD in the account `At-Cost` of BTC. So quantities never pass
through a rounded price, and the money in that account is what is held at cost under the chosen method, pools included.
A sale takes its cost out of there; what it brought beyond that is the gain.

What changes quantities without being acquired or disposed of, as both ends of a transfer do, stands against an account
that names why. What is not known in money is never zero: it stands in `Not-Valued`, and the transaction is marked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, Inexact

from app.core.general_ledger.journal import ASSETS, AT_COST, EQUITY, EXPENSES, INCOME, Journal, Path, Posting
from app.core.ledger.entries import Entry, EntryKind, Role
from app.core.money import EXACT, SHARES, ZERO, add, multiply
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.figures import TaxFigures
from app.core.tax.from_entries import entry_of
from app.core.tax.income import IncomeKind
from app.core.tax.valuations import Prices

GAINS: Path = (INCOME, "Realised-Gains")
FEES: Path = (EXPENSES, "Fees")
NOT_VALUED: Path = (EQUITY, "Not-Valued")
ROUNDING: Path = (EQUITY, "Rounding")
IN_TRANSIT: Path = (ASSETS, "In-Transit")

_OTHER_SIDE: Mapping[EntryKind, Path] = {
    EntryKind.DEPOSIT: (EQUITY, "Unpaired-Deposits"),
    EntryKind.WITHDRAWAL: (EQUITY, "Unpaired-Withdrawals"),
    EntryKind.MOVE: (EQUITY, "Unpaired-Moves"),
    EntryKind.REWARD: (INCOME, "Rewards"),
    EntryKind.FEE: FEES,
    EntryKind.OPENING: (EQUITY, "Opening-Balances"),
    EntryKind.GIFT: (EQUITY, "Gifts"),
    EntryKind.SPENDING: (EXPENSES, "Spending"),
    EntryKind.THEFT: (EXPENSES, "Losses"),
    EntryKind.LOSS: (EXPENSES, "Losses"),
}
_MONEY: Mapping[EntryKind, Path] = {
    EntryKind.DEPOSIT: (EQUITY, "Money-Deposits"),
    EntryKind.WITHDRAWAL: (EQUITY, "Money-Withdrawals"),
}
"""Money comes from and goes to banks, which are in no books here."""
_CURRENCIES: Path = (INCOME, "Currency-Differences")
"""What money of another country was exchanged at, against the rate of the day."""
_UNCLASSIFIED: Path = (EQUITY, "Unclassified")
_EXCHANGES = (EntryKind.TRADE, EntryKind.CONVERSION)
_SMALL = Decimal(10)
"""Units of the last place that the parts of one entry can miss its sum by when each is rounded."""


@dataclass(frozen=True, slots=True)
class Figured:
    """What the books say of lots.

    Attributes:
        transactions: The whole history that was matched.
        figures: Of the whole history.
        prices: In the money of the figures.
        paired: Ids of the entries that are an end of a transfer between accounts of the books.
        names: Of accounts, by their ids.
        day_of: Returns the day of a moment where the books are kept.
        records: The hash of the record that each entry stands in.
        places: Decimal places of money that was computed; money that moved is never rounded.
    """

    transactions: Sequence[Transaction]
    figures: TaxFigures
    prices: Prices
    income_kinds: Mapping[str, IncomeKind]
    paired: Collection[str]
    names: Mapping[str, str]
    is_money: Callable[[str], bool]
    day_of: Callable[[int], date]
    records: Mapping[str, str] = field(default_factory=dict)
    places: int = 12


@dataclass(slots=True)
class _Change:
    """What tax says that an entry did to lots.

    Attributes:
        quantities: By asset, what was acquired less what was disposed of.
        costs: By asset, what that changes of the costs of what is held.
    """

    quantities: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    costs: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    gains: Decimal = ZERO
    paid_as_fees: Decimal = ZERO
    income: dict[Path, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    unknown: list[str] = field(default_factory=list)

    def change(self, asset: str, quantity: Decimal, cost: Decimal | None) -> None:
        self.quantities[asset] = add(self.quantities[asset], quantity)
        if cost is None:
            self.unknown.append(f"the cost of {asset}")
        else:
            self.costs[asset] = add(self.costs[asset], cost)


def journals(entries: Iterable[tuple[str, Entry]], figured: Figured) -> tuple[Journal, ...]:
    """Return one transaction for each entry that moves anything, in the order of the entries."""
    changes = _changes(figured)
    told = (_Entry(entry_id, entry, changes.get(entry_id, _Change()), figured).journal() for entry_id, entry in entries)
    return tuple(one for one in told if one.postings)


def _changes(figured: Figured) -> dict[str, _Change]:
    found: dict[str, _Change] = defaultdict(_Change)
    values = {one.row: one for one in figured.transactions}
    rounded = _Rounded(figured.places)
    for one in figured.transactions:
        change = found[entry_of(one.row)]
        if one.type is TransactionType.BUY:
            change.change(one.asset, one.quantity, rounded(one.value))
        elif one.type is TransactionType.INCOME:
            value = rounded(one.value)
            change.change(one.asset, one.quantity, value)
            account = (INCOME, figured.income_kinds[one.row].value.title()) if one.row in figured.income_kinds else (
                INCOME, "Rewards")  # fmt: skip
            change.income[account] = add(change.income[account], value or ZERO)
        elif one.type is TransactionType.CARRY and one.to_asset:
            change.quantities[one.asset] = EXACT.subtract(change.quantities[one.asset], one.quantity)
            change.quantities[one.to_asset] = add(change.quantities[one.to_asset], one.to_quantity)
            change.unknown.append(f"how much of the cost of {one.asset} became that of {one.to_asset}")
    for sale in figured.figures.disposals:
        costs = _shared(sale.cost, [values[row].quantity for row in sale.rows])
        denied = _shared(sale.denied, [values[row].quantity for row in sale.rows])
        for row, cost, refused in zip(sale.rows, costs, denied, strict=True):
            _sell(found[entry_of(row)], values[row], rounded(cost), rounded(refused) or ZERO, rounded)
    for gone in figured.figures.departures:
        cost = rounded(gone.cost)
        found[entry_of(gone.row)].change(
            gone.asset, gone.quantity.copy_negate(), None if cost is None else cost.copy_negate()
        )
    return found


def _sell(change: _Change, sold: Transaction, cost: Decimal | None, denied: Decimal, rounded: _Rounded) -> None:
    """A loss that the law denies stays in the cost of what was bought instead."""
    proceeds = rounded(sold.value)
    change.change(sold.asset, sold.quantity.copy_negate(), None if cost is None else EXACT.subtract(denied, cost))
    if proceeds is None:
        change.unknown.append(f"what {sold.asset} was sold for")
    if cost is not None and proceeds is not None:
        change.gains = add(change.gains, EXACT.subtract(add(proceeds, denied), cost))
    if "/fee/" in sold.row and proceeds is not None:
        change.paid_as_fees = add(change.paid_as_fees, proceeds)


class _Rounded:
    """Rounds money half to even."""

    def __init__(self, places: int) -> None:
        self._step = Decimal(1).scaleb(-places)

    def __call__(self, value: Decimal | None) -> Decimal | None:
        return None if value is None else value.quantize(self._step, ROUND_HALF_EVEN, context=_WIDE)


_WIDE = EXACT.copy()
_WIDE.traps[Inexact] = False


def _shared(whole: Decimal | None, parts: Sequence[Decimal]) -> list[Decimal | None]:
    """Return shares in proportion; the last takes what is left, so that nothing is lost."""
    if whole is None:
        return [None] * len(parts)
    all_parts, left = add(ZERO, *parts), whole
    found: list[Decimal | None] = []
    for part in parts[:-1]:
        share = SHARES.divide(multiply(whole, part), all_parts)
        found.append(share)
        left = EXACT.subtract(left, share)
    return [*found, left]


class _Entry:
    """Posts one entry."""

    def __init__(self, entry_id: str, entry: Entry, change: _Change, figured: Figured) -> None:
        self._id, self._entry, self._change, self._figured = entry_id, entry, change, figured
        self._currency = figured.prices.currency
        self._is_paired = entry_id in figured.paired
        self._postings: list[Posting] = []

    def journal(self) -> Journal:
        for leg in self._entry.legs:
            name = self._figured.names.get(leg.account, leg.account)
            self._post((ASSETS, name, leg.sub_place), leg.asset, leg.quantity)
        for asset, quantity in self._moved().items():
            self._against(asset, quantity)
        self._lots()
        self._rest()
        unknown = "; ".join(dict.fromkeys(self._change.unknown))
        kind = self._entry.kind.value
        narration = self._entry.references.get("note", "") or kind
        at = self._entry.at
        record = self._figured.records.get(self._id, "")
        return Journal(at, self._figured.day_of(at), narration, self._id, tuple(self._postings), unknown, record)

    def _post(self, account: Path, commodity: str, quantity: Decimal) -> None:
        if quantity:
            self._postings.append(Posting(account, commodity, quantity))

    def _moved(self) -> dict[str, Decimal]:
        """Return what the legs change of each commodity but the money of the figures."""
        found: dict[str, Decimal] = {}
        for leg in self._entry.legs:
            if leg.asset != self._currency:
                found[leg.asset] = add(found.get(leg.asset, ZERO), leg.quantity)
        return found

    def _against(self, asset: str, moved: Decimal) -> None:
        if self._figured.is_money(asset):
            self._foreign(asset, moved)
            return
        change = self._change.quantities.get(asset, ZERO)
        if self._is_without_cost(asset):
            change = ZERO
        self._post((EQUITY, AT_COST, asset), asset, change.copy_negate())
        other = IN_TRANSIT if self._is_paired else self._other_side()
        self._post(other, asset, EXACT.subtract(change, moved))

    def _is_without_cost(self, asset: str) -> bool:
        """What arrived from nowhere that is known was not acquired."""
        return self._entry.kind is EntryKind.DEPOSIT and self._change.quantities.get(asset, ZERO) > 0

    def _other_side(self) -> Path:
        if self._entry.kind in _EXCHANGES:
            return _UNCLASSIFIED
        return _OTHER_SIDE.get(self._entry.kind, _UNCLASSIFIED)

    def _money_side(self) -> Path:
        has_foreign = any(leg.asset != self._currency and self._figured.is_money(leg.asset) for leg in self._entry.legs)
        if self._entry.kind in _EXCHANGES and has_foreign:
            return _CURRENCIES
        return _MONEY.get(self._entry.kind, self._other_side())

    def _foreign(self, asset: str, moved: Decimal) -> None:
        """Money of another country has no lots: it stands at its value of the day on which it moved."""
        if self._is_paired:
            self._post(IN_TRANSIT, asset, moved.copy_negate())
            return
        account = (EQUITY, AT_COST, asset)
        self._post(account, asset, moved.copy_negate())
        value = _Rounded(self._figured.places)(self._figured.prices.value(asset, moved, self._entry.at).amount)
        if value is None:
            self._change.unknown.append(f"the value of {asset} that day")
        else:
            self._post(account, self._currency, value)

    def _lots(self) -> None:
        change = self._change
        for asset, cost in change.costs.items():
            self._post((EQUITY, AT_COST, asset), self._currency, cost)
        self._post(GAINS, self._currency, change.gains.copy_negate())
        for account, value in change.income.items():
            self._post(account, self._currency, value.copy_negate())
        if self._entry.kind not in _EXCHANGES:
            fees = [
                leg.quantity.copy_negate()
                for leg in self._entry.legs
                if leg.role is Role.FEE and leg.asset == self._currency
            ]
            self._post(FEES, self._currency, add(change.paid_as_fees, *fees))

    def _rest(self) -> None:
        """Post the money that nothing has named yet to the account that says why it is there."""
        money = [one.quantity for one in self._postings if one.commodity == self._currency]
        rest = add(ZERO, *money).copy_negate()
        if not rest:
            return
        if self._change.unknown:
            account = NOT_VALUED
        elif abs(rest) <= _SMALL.scaleb(-self._figured.places):
            account = ROUNDING
        elif self._is_paired:
            account = IN_TRANSIT
        else:
            account = self._money_side()
        self._post(account, self._currency, rest)
