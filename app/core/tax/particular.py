"""Entries of which a person said what they were: gifts, spending, theft, loss, airdrops, forks, and what carries over.

What each of them means differs from country to country; the options of the profile say it, by default as the file of
the country does:

- `airdrops` and `forks`: income at its value of the day, or an acquisition that cost nothing.
- `gifts-given`: a sale at its value of the day, or no disposal: the units leave with their cost.
- `gifts-received`: the value of the day as cost, or the giver's cost and day, which the entry then states; with both
  bases a loss is measured by the value of the day where that is lower.
- `losses`: units that were stolen or lost count as sold for what was paid for them, or leave with their cost.
- `migrations`, `wraps` and `liquid-staking`: another asset with the dates and costs of the first, or an exchange.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal

from app.core.clock import SECOND, parse_iso
from app.core.findings import Finding, Severity
from app.core.ledger.entries import Entry, EntryKind
from app.core.names import AS_TOLD, Names
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.valuations import Prices, Valuation

ACQUIRED = "acquired"
"""The reference that names the day from which something counts as held: the giver's, or that of an opening balance."""

CARRYING = {
    EntryKind.MIGRATION: "migrations",
    EntryKind.WRAP: "wraps",
    EntryKind.LIQUID_STAKING: "liquid-staking",
}
"""Kinds that turn one asset into another, with the option that says whether that is a disposal."""

_GIVERS = ("givers-basis", "dual-basis")
_IN_ENTRY = "stated in the entry"
_LOST = (EntryKind.THEFT, EntryKind.LOSS)
KINDS = frozenset({EntryKind.GIFT, EntryKind.SPENDING, EntryKind.AIRDROP, EntryKind.FORK, *_LOST, *CARRYING})

OPTIONS = ("airdrops", "forks", "gifts-given", "gifts-received", "losses", *CARRYING.values())
"""Which options of a profile say what such entries are."""

_NOON = 43_200 * SECOND


@dataclass(frozen=True, slots=True)
class Part:
    """A transaction of an entry, before it has a row; a carry without another asset leaves for good."""

    type: TransactionType
    asset: str
    quantity: Decimal
    value: Valuation | None = None
    to_asset: str = ""
    to_quantity: Decimal = Decimal(0)
    acquired_ns: int | None = None
    lower_value: Decimal | None = None

    def told(self, made: Transaction) -> Transaction:
        """Return the transaction with what only such entries say."""
        return replace(
            made,
            to_asset=self.to_asset,
            to_quantity=self.to_quantity,
            acquired_ns=self.acquired_ns,
            lower_value=self.lower_value,
        )


def treatments(options: Mapping[str, str]) -> dict[str, str]:
    """Return of the options of a profile those that change what entries are read as."""
    return {name: options[name] for name in OPTIONS if name in options}


def acquired_ns(entry: Entry) -> int | None:
    """Return from when something counts as held; None where the entry does not say so, or names no day."""
    text = entry.references.get(ACQUIRED, "").strip()
    try:
        if "T" in text:
            return parse_iso(text)[0]
        day = date.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    # Noon is the same day almost everywhere.
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * SECOND + _NOON


def opening(entry: Entry, asset: str, quantity: Decimal) -> Part:
    """Return an opening balance, which may say since when it is held."""
    since = acquired_ns(entry)
    return Part(TransactionType.BUY, asset, quantity, acquired_ns=None if since is None else min(since, entry.at))


class Particular:
    """Reads one such entry from what it moves, without its fees and without money."""

    def __init__(  # noqa: PLR0913, PLR0917 - an entry with all that its reading follows from
        self,
        entry_id: str,
        entry: Entry,
        moved: Mapping[str, Decimal],
        prices: Prices,
        options: Mapping[str, str],
        names: Names = AS_TOLD,
    ) -> None:
        """Take the entry with what it moves of each asset."""
        self._names = names
        self.findings: list[Finding] = []
        self._entry_id = entry_id
        self._entry = entry
        self._moved = moved
        self._prices = prices
        self._options = options

    def parts(self) -> Iterator[Part] | None:
        """Return the transactions; None where what was moved does not fit what a person called it."""
        given = {asset: quantity.copy_negate() for asset, quantity in self._moved.items() if quantity < 0}
        taken = {asset: quantity for asset, quantity in self._moved.items() if quantity > 0}
        kind = self._entry.kind
        if kind in CARRYING:
            return self._carried(given, taken) if len(given) == len(taken) == 1 else None
        if kind in (EntryKind.AIRDROP, EntryKind.FORK):
            return self._received(taken) if not given else None
        if kind is EntryKind.GIFT:
            return self._gifts_given(given) if not taken else self._gifts_received(taken) if not given else None
        return self._gone(given) if not taken else None

    def _carried(self, given: Mapping[str, Decimal], taken: Mapping[str, Decimal]) -> Iterator[Part]:
        ((asset, quantity),) = given.items()
        ((to_asset, to_quantity),) = taken.items()
        yield Part(TransactionType.CARRY, asset, quantity, None, to_asset, to_quantity)

    def _received(self, taken: Mapping[str, Decimal]) -> Iterator[Part]:
        option = "airdrops" if self._entry.kind is EntryKind.AIRDROP else "forks"
        for asset, quantity in taken.items():
            if self._options.get(option) == "income":
                yield Part(TransactionType.INCOME, asset, quantity, self._worth(asset, quantity))
            else:
                if option == "forks":
                    self._find(
                        "fork-at-no-cost",
                        f"{self._told(asset, quantity)} of a fork count as acquired on its day for nothing; no cost of "
                        "the old asset is moved to them.",
                        "The United Kingdom and Germany divide that cost between both, and Germany keeps the old day.",
                        "Where the law divides, divide by hand in the return, and keep how you did it.",
                        Severity.INFO,
                    )
                yield Part(TransactionType.BUY, asset, quantity, Valuation(Decimal(0), "received for nothing"))

    def _gifts_given(self, given: Mapping[str, Decimal]) -> Iterator[Part]:
        for asset, quantity in given.items():
            if self._options.get("gifts-given") == "market-value":
                yield Part(TransactionType.SELL, asset, quantity, self._worth(asset, quantity))
            else:
                yield Part(TransactionType.CARRY, asset, quantity)

    def _gifts_received(self, taken: Mapping[str, Decimal]) -> Iterator[Part]:
        for asset, quantity in taken.items():
            if self._options.get("gifts-received") not in _GIVERS:
                yield Part(TransactionType.BUY, asset, quantity, self._prices.value(asset, quantity, self._entry.at))
                continue
            since = self._since()
            cost = self._stated() or Valuation(None, "the giver's cost is not stated")
            lower = self._lower(asset, quantity, cost.amount)
            yield Part(TransactionType.BUY, asset, quantity, cost, acquired_ns=since, lower_value=lower)

    def _lower(self, asset: str, quantity: Decimal, cost: Decimal | None) -> Decimal | None:
        """Return what a gift was worth, where a loss is measured by that instead of what it had cost its giver."""
        if cost is None or self._options.get("gifts-received") != "dual-basis":
            return None
        worth = self._prices.value(asset, quantity, self._entry.at).amount
        if worth is None:
            self._find(
                "gift-without-value",
                f"What {self._told(asset, quantity)} were worth when they were given is not known.",
                "A loss is measured by the giver's cost, though a lower value at the gift would count instead.",
                "Set the price of that day.",
            )
        elif worth < cost:
            self._find(
                "gift-below-cost",
                f"{self._told(asset, quantity)} were worth less when they were given than they had cost the giver.",
                "A gain is measured by the giver's cost, a loss by the value at the gift; between the two is neither.",
                "",
                Severity.INFO,
            )
            return worth
        return None

    def _since(self) -> int | None:
        found = acquired_ns(self._entry)
        if found is None or found > self._entry.at:
            self._find(
                "gift-without-day",
                f"The gift of {self._names.on(self._entry.at)} does not say on which day before it the giver acquired "
                "what was given.",
                "It counts as held from the day of the gift.",
                "Correct the entry with --acquired DATE.",
            )
            return None
        return found

    def _gone(self, given: Mapping[str, Decimal]) -> Iterator[Part]:
        for asset, quantity in given.items():
            if self._entry.kind not in _LOST:
                yield Part(TransactionType.SELL, asset, quantity, self._worth(asset, quantity))
            elif self._options.get("losses") == "deducted":
                paid = self._stated() or Valuation(Decimal(0), "nothing was paid for it")
                yield Part(TransactionType.SELL, asset, quantity, paid)
            else:
                self._find(
                    "loss-not-deducted",
                    f"{self._told(asset, quantity)} were stolen or lost; what they cost is not taken off any gain.",
                    "The units left with their cost: the country's rules, or the option losses, see no disposal in it.",
                    "Where you may deduct it, choose --option losses=deducted.",
                )
                yield Part(TransactionType.CARRY, asset, quantity)

    def _worth(self, asset: str, quantity: Decimal) -> Valuation:
        stated = self._entry.stated if len(self._moved) == 1 else None
        told = self._prices.stated(stated, self._entry.at, _IN_ENTRY)
        return told or self._prices.value(asset, quantity, self._entry.at)

    def _stated(self) -> Valuation | None:
        stated = self._entry.stated
        if stated is None or stated.currency != self._prices.currency:
            return None
        return Valuation(abs(stated.amount), _IN_ENTRY)

    def _told(self, asset: str, quantity: Decimal) -> str:
        """Return what an entry moved, with where and when."""
        where, on = self._names.account(self._entry.account), self._names.on(self._entry.at)
        return f"{self._names.amount(quantity, asset)} ({where}, {on})"

    def _find(self, code: str, message: str, detail: str, fix: str, severity: Severity = Severity.WARNING) -> None:
        self.findings.append(Finding(severity, code, message, self._entry_id, detail, fix, (self._entry_id,)))
