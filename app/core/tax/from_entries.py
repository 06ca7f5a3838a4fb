"""Entries of the ledger as the transactions that lots are matched from.

How each kind is read:

- A trade or a conversion sells what was given and buys what was received at the same moment. Money is no asset: it
  only says what the other side was worth.
- A fee in money, in what was given or in a third asset adds to the cost of what was bought; where the trade brought
  money, or a stablecoin for something else, it reduces the proceeds. A fee in what was received leaves less of that.
  A third asset that pays a fee is sold at its value of the day.
- Withdrawals and deposits of one asset that a transaction hash, or a person, joins are one transfer (`transfers`), and
  what did not arrive paid its fee: it is sold at its value of the day. A deposit without its withdrawal has no cost.
  A withdrawal without its deposit moves its units, with their dates and costs, to the wallet `UNPAIRED`: nothing is
  sold until a person says so.
- What a person called a gift, spending, theft, a loss, an airdrop, a fork, a migration, a wrap or liquid staking is
  read as `particular` says.
- A reward is income at its value of the day. Moves inside an account are nothing. What fits none of this is a
  finding, and never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache

from app.core.findings import Finding, Severity
from app.core.ledger.entries import Entry, EntryKind, Role
from app.core.model.assets import AssetKind
from app.core.model.transfer_links import TransferLink
from app.core.money import EXACT
from app.core.names import AS_TOLD, Names
from app.core.stopping import Alive, always, while_alive
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.exchanges import Exchange, for_money, moved_and_charged
from app.core.tax.income import IncomeKind, income_kind
from app.core.tax.ordering import in_order
from app.core.tax.particular import CARRYING, KINDS, Part, Particular, opening
from app.core.tax.transfers import Transfer, flows, of_entries
from app.core.tax.valuations import UNKNOWN, Prices, Valuation
from app.core.transfers import money_by

UNPAIRED = "unpaired-withdrawals"
"""The wallet of units that left an account and arrived in none that is known."""

_DEBTS = (Role.DEBT, Role.COLLATERAL)


@dataclass(slots=True)
class Made:
    """What entries give.

    Attributes:
        valuations: How the value of each transaction that has one is known, by its row.
        income_kinds: What kind of income each receipt is, by its row.
        follows_options: Some entries would be read otherwise under other options.
    """

    transactions: list[Transaction] = field(default_factory=list)
    valuations: dict[str, Valuation] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    income_kinds: dict[str, IncomeKind] = field(default_factory=dict)
    follows_options: bool = False


def entry_of(row: str) -> str:
    """Return the id of the entry that a row was made of."""
    return row.partition("/")[0]


def from_entries(  # noqa: PLR0913 - the books, prices, rules and decisions that a reading needs
    entries: Sequence[tuple[str, Entry]],
    prices: Prices,
    kind_of: Callable[[str], AssetKind],
    options: Mapping[str, str] | None = None,
    *,
    alive: Alive = always,
    links: Sequence[TransferLink] = (),
    names: Names = AS_TOLD,
) -> Made:
    """Return the transactions of entries, in the order of time.

    Args:
        entries: All of the books, as (id, entry), in the order of time.
        prices: In the currency of every value.
        kind_of: Tells money and stablecoins from other assets.
        options: Of the profile, which say what gifts, losses, airdrops and the like are.
        alive: Asked now and then whether the transactions are still wanted.
        links: What persons said of transfers, oldest first.
        names: How findings call assets, accounts and days.
    """
    reading = _Reading(prices, kind_of, options or {}, names)
    transfers = of_entries(entries, links, reading.is_money)
    for entry_id, entry in while_alive(entries, alive):
        reading.read(entry_id, entry, transfers.get(entry_id))
    reading.close()
    reading.made.transactions = in_order(reading.made.transactions, entry_of)
    return reading.made


class _Reading:
    """Reads one entry after the other."""

    def __init__(
        self, prices: Prices, kind_of: Callable[[str], AssetKind], options: Mapping[str, str], names: Names
    ) -> None:
        self.made = Made()
        self._names = names
        self._options = options
        self._prices = prices
        self._kind = cache(kind_of)
        self.is_money = money_by(self._kind)
        self._moved: dict[tuple[str, str], Decimal] = {}
        self._moves: dict[tuple[str, str], list[str]] = {}

    def read(self, entry_id: str, entry: Entry, transfer: Transfer | None) -> None:
        """Read one entry."""
        for leg in entry.legs:
            if leg.role in _DEBTS:
                self._unclear(entry_id, entry, "has legs of debt or collateral")
                return
        if transfer is not None:
            if transfer.first == entry_id:
                self._transfer(transfer)
            return
        match entry.kind:
            case EntryKind.TRADE | EntryKind.CONVERSION:
                self._exchange(entry_id, entry)
            case EntryKind.REWARD:
                self._reward(entry_id, entry)
            case EntryKind.MOVE:
                self._move(entry_id, entry)
            case EntryKind.FEE:
                self._fee(entry_id, entry)
            case kind if kind in KINDS:
                self._particular(entry_id, entry)
            case _:
                self._one_sided(entry_id, entry)

    def close(self) -> None:
        """Tell of moves inside an account whose other half is missing."""
        for (account, asset), moved in self._moved.items():
            if moved:
                self._find(
                    "unbalanced-move",
                    f"Moves inside {self._names.account(account)} leave {self._names.amount(moved, asset)} over: the "
                    "other half of one is missing.",
                    f"{account}/{asset}",
                    "Moves change no lots; the units counted are those of before.",
                    "Read the source again, or enter the missing half.",
                    (),
                )

    def _net(self, entry: Entry, *, fees: bool | None = None) -> dict[str, Decimal]:
        """Return what an entry changes of each asset: of fees only, without them, or (None) of all together."""
        moved, charged = moved_and_charged(entry)
        if fees is not None:
            return charged if fees else moved
        for asset, quantity in charged.items():
            moved[asset] = EXACT.add(moved.get(asset, Decimal(0)), quantity)
        return {asset: quantity for asset, quantity in moved.items() if quantity}

    def _exchange(self, entry_id: str, entry: Entry) -> None:
        moved, charged = moved_and_charged(entry)
        plain_one = for_money(moved, charged, self._prices.currency)
        if plain_one is not None:
            asset, quantity, value = plain_one
            kind = TransactionType.BUY if quantity > 0 else TransactionType.SELL
            self._add(entry_id, entry, kind, asset, abs(quantity), value)
            return
        exchange = Exchange(entry, moved, charged, self._prices, self._kind)
        for asset, quantity, value in exchange.sold():
            self._add(entry_id, entry, TransactionType.SELL, asset, quantity, value)
        for asset, quantity, value in exchange.bought():
            self._add(entry_id, entry, TransactionType.BUY, asset, quantity, value)
        for asset, quantity, value in exchange.fees():
            self._add(entry_id, entry, TransactionType.SELL, asset, quantity, value, word="fee")

    def _particular(self, entry_id: str, entry: Entry) -> None:
        """Read what a person said that an event was."""
        self.made.follows_options = True
        if self._options.get(CARRYING.get(entry.kind, "")) == "disposal":
            self._exchange(entry_id, entry)
            return
        moved, charged = moved_and_charged(entry)
        coins = {asset: quantity for asset, quantity in moved.items() if not self.is_money(asset)}
        particular = Particular(entry_id, entry, coins, self._prices, self._options, self._names)
        parts = particular.parts() if coins else iter(())
        if parts is None:
            self._unclear(entry_id, entry, f"moves other assets than a {entry.kind.value} can")
            return
        for part in parts:
            self._add(entry_id, entry, part.type, part.asset, part.quantity, part.value or UNKNOWN, more=part)
        self.made.findings += particular.findings
        for asset, quantity in charged.items():
            self._pay(entry_id, entry, asset, quantity.copy_negate())

    def _reward(self, entry_id: str, entry: Entry) -> None:
        changed = self._net(entry)
        for asset, quantity in changed.items():
            if self.is_money(asset):
                self._find(
                    "income-in-money",
                    f"{self._names.amount(quantity, asset)} that {self._names.account(entry.account)} paid on "
                    f"{self._names.on(entry.at)} is income in money, which is no part of these figures.",
                    f"{entry_id}/{asset}",
                    "",
                    "Declare it with interest.",
                    (entry_id,),
                    Severity.INFO,
                )
            elif quantity > 0:
                value = self._worth(entry, asset, quantity, is_alone=len(changed) == 1)
                self._add(entry_id, entry, TransactionType.INCOME, asset, quantity, value)
            else:
                self._leave(entry_id, entry, asset, quantity.copy_negate())

    def _worth(self, entry: Entry, asset: str, quantity: Decimal, *, is_alone: bool) -> Valuation:
        """Return what the source itself said of one asset, or the value by the day's price."""
        told = self._prices.stated(entry.stated, entry.at) if is_alone else None
        return told or self._prices.value(asset, quantity, entry.at)

    def _move(self, entry_id: str, entry: Entry) -> None:
        for asset, quantity in self._net(entry, fees=True).items():
            self._pay(entry_id, entry, asset, quantity.copy_negate())
        by_account: dict[tuple[str, str], Decimal] = {}
        for leg in entry.legs:
            if leg.role is not Role.FEE:
                key = leg.account, leg.asset
                by_account[key] = EXACT.add(by_account.get(key, Decimal(0)), leg.quantity)
        if len({account for account, _ in by_account}) > 1:
            self._unclear(entry_id, entry, "moves between accounts without a withdrawal and a deposit")
            return
        for key, quantity in by_account.items():
            if not self.is_money(key[1]):
                self._moved[key] = EXACT.add(self._moved.get(key, Decimal(0)), quantity)

    def _fee(self, entry_id: str, entry: Entry) -> None:
        for asset, quantity in self._net(entry).items():
            if quantity < 0:
                self._pay(entry_id, entry, asset, quantity.copy_negate())
            elif not self.is_money(asset):
                value = self._prices.value(asset, quantity, entry.at)
                self._add(entry_id, entry, TransactionType.BUY, asset, quantity, value)

    def _pay(self, entry_id: str, entry: Entry, asset: str, quantity: Decimal) -> None:
        """Sell units that paid a fee, at their value of the day."""
        if quantity > 0 and not self.is_money(asset):
            value = self._prices.value(asset, quantity, entry.at)
            self._add(entry_id, entry, TransactionType.SELL, asset, quantity, value, word="fee")

    def _one_sided(self, entry_id: str, entry: Entry) -> None:
        """Read what came or went without anything for it."""
        coins = {asset: quantity for asset, quantity in self._net(entry).items() if not self.is_money(asset)}
        fees = self._net(entry, fees=True)
        for asset, quantity in coins.items():
            if quantity > 0:
                value = self._cost(entry) if len(coins) == 1 else UNKNOWN
                part = opening(entry, asset, quantity) if entry.kind is EntryKind.OPENING else None
                self._add(entry_id, entry, TransactionType.BUY, asset, quantity, value, more=part)
                continue
            gone = quantity.copy_negate()
            fee = min(max(Decimal(0), fees.get(asset, Decimal(0)).copy_negate()), gone)
            self._leave(entry_id, entry, asset, EXACT.subtract(gone, fee))
            self._pay(entry_id, entry, asset, fee)
        if entry.kind in (EntryKind.OTHER, EntryKind.ADJUSTMENT):
            self._unclear(
                entry_id,
                entry,
                "says not whether it is a trade, a reward, a gift or a loss",
                "What came in has no known cost, what went out counts as held elsewhere.",
            )

    def _cost(self, entry: Entry) -> Valuation:
        """Return what a person stated that something had cost; what a source states of a deposit is no cost."""
        stated = entry.stated
        if entry.kind is EntryKind.OPENING and stated is not None and stated.currency == self._prices.currency:
            return Valuation(abs(stated.amount), "stated as its cost")
        return Valuation(None, "its cost is not known")

    def _leave(self, entry_id: str, entry: Entry, asset: str, quantity: Decimal) -> None:
        """Set units aside, with their dates and costs."""
        if not quantity:
            return
        row = f"{entry_id}/left/{asset}"
        self.made.transactions.append(
            Transaction(
                row, entry.at, TransactionType.TRANSFER, entry.account, asset, quantity, UNPAIRED,
                resolution=entry.resolution,
            )
        )  # fmt: skip
        self._find(
            "unpaired-withdrawal",
            f"{self._names.amount(quantity, asset)} left {self._names.account(entry.account)} on "
            f"{self._names.on(entry.at)} and arrived in no account of these books.",
            row,
            "It counts as held elsewhere, with its dates and costs: not as sold.",
            "Connect the account that received it, or record the sale, gift or loss.",
            (entry_id,),
        )

    def _transfer(self, transfer: Transfer) -> None:
        asset, outs, intos = transfer.asset, transfer.withdrawals, transfer.deposits
        left = [self._net(entry)[asset].copy_negate() for _, entry in outs]
        sent = [self._net(entry, fees=False)[asset].copy_negate() for _, entry in outs]
        arrived = [self._net(entry, fees=False)[asset] for _, entry in intos]
        charged = [EXACT.subtract(whole, part) for whole, part in zip(left, sent, strict=True)]
        begun = [entry.at for _, entry in outs]
        for number, flow in enumerate(flows(sent, charged, arrived)):
            (entry_id, out), (_, into) = outs[flow.out], intos[flow.into]
            at = min(out.at, into.at)
            begun[flow.out] = min(begun[flow.out], at)
            left[flow.out] = EXACT.subtract(left[flow.out], flow.quantity)
            arrived[flow.into] = EXACT.subtract(arrived[flow.into], flow.quantity)
            row = f"{entry_id}/transfer/{asset}" if not number else f"{entry_id}/transfer/{asset}/{number}"
            self.made.transactions.append(
                Transaction(
                    row, at, TransactionType.TRANSFER, out.account, asset, flow.quantity, into.account,
                    resolution=out.resolution,
                )
            )  # fmt: skip
        for (entry_id, out), lost, at in zip(outs, left, begun, strict=True):
            self._add(
                entry_id, out, TransactionType.SELL, asset, lost, self._prices.value(asset, lost, at), word="fee", at=at
            )
            self._pay_others(entry_id, out, asset)
        for (entry_id, into), surplus in zip(intos, arrived, strict=True):
            self._add(entry_id, into, TransactionType.BUY, asset, surplus, self._cost(into))
            self._pay_others(entry_id, into, "")

    def _pay_others(self, entry_id: str, entry: Entry, but: str) -> None:
        """Sell what paid the fees of one end of a transfer, but for those in what moved."""
        for asset, quantity in self._net(entry, fees=True).items():
            if asset != but:
                self._pay(entry_id, entry, asset, quantity.copy_negate())

    def _add(  # noqa: PLR0913, PLR0917 - one place where rows are made
        self,
        entry_id: str,
        entry: Entry,
        kind: TransactionType,
        asset: str,
        quantity: Decimal,
        value: Valuation,
        *,
        word: str = "",
        at: int | None = None,
        more: Part | None = None,
    ) -> None:
        if not quantity or self.is_money(asset):
            return
        row = f"{entry_id}/{word or kind}/{asset}"
        if kind is not TransactionType.CARRY:
            self.made.valuations[row] = value
        if kind is TransactionType.INCOME:
            self.made.income_kinds[row] = income_kind(entry)
        made = Transaction(
            row, entry.at if at is None else at, kind, entry.account, asset, quantity,
            value=value.amount, resolution=entry.resolution, costs=value.costs,
        )  # fmt: skip
        if more is not None:
            made = more.told(made)
        self.made.transactions.append(made)

    def _unclear(self, entry_id: str, entry: Entry, why: str, detail: str = "It changes no lots.") -> None:
        self._find(
            "unclassified-entry",
            f"The entry of {self._names.on(entry.at)} at {self._names.account(entry.account)} {why}.",
            entry_id,
            detail,
            "Correct its kind, or record what it was.",
            (entry_id,),
        )

    def _find(  # noqa: PLR0913, PLR0917 - a finding's parts in their order
        self,
        code: str,
        message: str,
        subject: str,
        detail: str,
        fix: str,
        entries: tuple[str, ...],
        severity: Severity = Severity.WARNING,
    ) -> None:
        self.made.findings.append(Finding(severity, code, message, subject, detail, fix, entries))
