"""Aggregates of DAC8 and CARF beside the same sums over the own books: one line for each asset and kind."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from app.core.ledger.entries import Entry, EntryKind, Role
from app.core.money import EXACT, ZERO
from app.core.reports.rounding import nearest
from app.core.statements.crypto_assets import Aggregate, Kind
from app.core.statements.lines import Evidence, Matched, Status, Value

_EXCHANGES = (
    EntryKind.TRADE, EntryKind.CONVERSION, EntryKind.MIGRATION, EntryKind.WRAP, EntryKind.LIQUID_STAKING,
)  # fmt: skip
_NONE = (EntryKind.MOVE, EntryKind.FEE, EntryKind.OPENING, EntryKind.ADJUSTMENT)
"""Nothing that a provider reports."""
_STATED = (Kind.BOUGHT_FOR_MONEY, Kind.SOLD_FOR_MONEY)
"""Kinds whose amount is what was paid; all others are valued, and everybody values a little differently."""
_NEAR = Decimal("0.02")
_RULE = "asset and kind of transaction; each entry counts once, fees are left out"
_RULE_VALUED = f"{_RULE}; valued by own daily prices, of which those within {_NEAR * 100:.0f} % count as equal"

Sums = dict[tuple[str, Kind], "Own"]
Valued = Callable[[str, Decimal, int], Decimal | None]
"""Value of a quantity of an asset on the day of a moment; None where that is not known."""


@dataclass(slots=True)
class Own:
    """The sums of the own books for one asset and kind; an amount is None where a part is not known."""

    units: Decimal = ZERO
    amount: Decimal | None = ZERO
    entries: list[str] = field(default_factory=list)

    def add(self, entry_id: str, units: Decimal, amount: Decimal | None) -> None:
        """Count an entry in."""
        self.units = EXACT.add(self.units, units)
        self.amount = None if amount is None or self.amount is None else EXACT.add(self.amount, amount)
        self.entries.append(entry_id)


def own_sums(
    entries: Iterable[tuple[str, Entry]],
    period: tuple[int, int],
    accounts: Collection[str],
    is_money: Callable[[str], bool],
    value: Valued,
) -> Sums:
    """Return the sums by asset and kind.

    Args:
        entries: Current entries by id.
        period: From a moment until before another.
        accounts: Only of these; empty takes all.
        is_money: Tells whether an asset is money of a state.
        value: In the money of the statement.
    """
    sums: Sums = {}
    for entry_id, entry in entries:
        if not period[0] <= entry.at < period[1] or (accounts and entry.account not in accounts):
            continue
        for asset, kind, units, amount in _parts(entry, is_money, value):
            sums.setdefault((asset, kind), Own()).add(entry_id, units, amount)
    return sums


def _parts(
    entry: Entry, is_money: Callable[[str], bool], value: Valued
) -> Iterator[tuple[str, Kind, Decimal, Decimal | None]]:
    if entry.kind in _NONE:
        return
    moved = _moved(entry)
    coins = {asset: quantity for asset, quantity in moved.items() if quantity and not is_money(asset)}
    money = {asset: quantity for asset, quantity in moved.items() if quantity and is_money(asset)}
    for asset, quantity in coins.items():
        kind = _kind(entry, quantity, coins, money)
        if kind in _STATED and len(coins) == 1:
            paid = [value(one, abs(part), entry.at) for one, part in money.items()]
            amount = None if None in paid else EXACT.abs(sum((one for one in paid if one is not None), ZERO))
        else:
            amount = value(asset, abs(quantity), entry.at)
        yield asset, kind, abs(quantity), amount


def _moved(entry: Entry) -> dict[str, Decimal]:
    """Return what an entry moved of each asset, without its fees; of an exchange, what was exchanged."""
    moved: dict[str, Decimal] = {}
    for leg in entry.legs:
        if leg.role is Role.FEE or (entry.kind in _EXCHANGES and leg.role is not Role.PRINCIPAL):
            continue
        moved[leg.asset] = EXACT.add(moved.get(leg.asset, ZERO), leg.quantity)
    return moved


def _kind(entry: Entry, quantity: Decimal, coins: Mapping[str, Decimal], money: Mapping[str, Decimal]) -> Kind:
    comes = quantity > 0
    if entry.kind is EntryKind.SPENDING and not comes:
        return Kind.RETAIL
    if entry.kind in _EXCHANGES:
        if any((one > 0) != comes for one in coins.values()):
            return Kind.BOUGHT_FOR_CRYPTO if comes else Kind.SOLD_FOR_CRYPTO
        if any((one > 0) != comes for one in money.values()):
            return Kind.BOUGHT_FOR_MONEY if comes else Kind.SOLD_FOR_MONEY
    return Kind.IN if comes else Kind.OUT


def match_aggregates(
    lines: Sequence[Aggregate], sums: Mapping[str, Sums], names: Mapping[str, Collection[str]], currency: str
) -> tuple[Matched, ...]:
    """Return each line beside the own sums, then the own sums that no line is about.

    Args:
        lines: What is reported.
        sums: Of the own books, by the currency of their amounts.
        names: What people call each asset of the own books, by its id.
        currency: Of the amounts of what only the own books have.
    """
    known: dict[str, list[str]] = {}
    for asset, called in sorted(names.items()):
        for name in {one.casefold() for one in called}:
            known.setdefault(name, []).append(asset)
    told: dict[tuple[str, Kind], list[Aggregate]] = {}
    for one in lines:
        told.setdefault((one.asset.casefold(), one.kind), []).append(one)
    found: list[Matched] = []
    used: set[tuple[str, Kind]] = set()
    for (name, kind), group in told.items():
        assets = known.get(name, [])
        used.update((asset, kind) for asset in assets)
        found += _group(group, assets, sums)
    for (asset, kind), own in sorted(sums[currency].items(), key=lambda one: one[0]):
        if (asset, kind) not in used:
            evidence = Evidence(tuple(own.entries), "", "no line of the statement is about it")
            found.append(Matched("", Status.ONLY_OURS, _own(asset, kind, own, currency), None, {}, evidence))
    return tuple(found)


def _group(group: Sequence[Aggregate], assets: Sequence[str], sums: Mapping[str, Sums]) -> Iterator[Matched]:
    """Yield the lines about one asset and kind: parts of a sum as one, the same told twice as ambiguous."""
    kind = group[0].kind
    fits = [asset for asset in assets if (asset, kind) in sums[group[0].currency]]
    whole = _summed(group)
    if whole is None or len(fits) > 1:
        several = f"{' and '.join(fits)} are called {group[0].asset}"
        why = several if whole else f"{group[0].asset}, {kind} is told {len(group)} times"
        own = sums[group[0].currency]
        entries = tuple(entry for asset in fits for entry in own[asset, kind].entries)
        for one in group:
            yield Matched(one.line, Status.AMBIGUOUS, None, _theirs(one), {}, Evidence(entries, _RULE, why))
    elif not fits:
        yield Matched(
            whole.line, Status.ONLY_THEIRS, None, _theirs(whole), {}, Evidence((), _RULE, _why(whole, assets))
        )
    else:
        yield _beside(whole, fits[0], sums[whole.currency][fits[0], kind])


def _why(one: Aggregate, assets: Sequence[str]) -> str:
    if one.kind is Kind.OUT_TO_WALLET:
        return "whose wallet an address is, the own books do not say; compare it with what left"
    if not assets:
        return f"the own books have no asset called {one.asset}"
    return f"the own books have no {one.kind} of {one.asset} in that year"


def _summed(group: Sequence[Aggregate]) -> Aggregate | None:
    """Return one line for all; None where two of them say the same, or are of several persons or in several moneys."""
    first = group[0]
    if len(group) == 1:
        return first
    apart = len({one.type for one in group}) == len(group)
    if not apart or len({(one.user, one.currency) for one in group}) > 1:
        return None
    counts = [one.transactions for one in group]
    return Aggregate(
        " and ".join(one.line for one in group),
        first.asset,
        first.kind,
        first.currency,
        _sum([one.amount for one in group]),
        _sum([one.units for one in group]),
        None if None in counts else sum(one for one in counts if one is not None),
    )


def _sum(parts: Sequence[Decimal | None]) -> Decimal | None:
    return None if None in parts else sum((one for one in parts if one is not None), ZERO)


def _beside(one: Aggregate, asset: str, own: Own) -> Matched:
    theirs, ours = _theirs(one), _own(asset, one.kind, own, one.currency)
    difference: dict[str, Decimal | None] = {}
    for name in ("units", "amount", "transactions"):
        told, known = theirs[name], ours[name]
        if isinstance(told, Decimal) and not (isinstance(known, Decimal) and _same(told, known, name, one.kind)):
            difference[name] = EXACT.subtract(told, known) if isinstance(known, Decimal) else None
    unknown = [name for name, by in difference.items() if by is None]
    why = f"other {', '.join(difference)} than the own books" if difference else ""
    why += f"; own {', '.join(unknown)} not known: a price is missing" if unknown else ""
    rule = _RULE if one.kind in _STATED else _RULE_VALUED
    status = Status.DIFFERS if difference else Status.MATCHED
    return Matched(one.line, status, ours, theirs, difference, Evidence(tuple(own.entries), rule, why))


def _same(told: Decimal, own: Decimal, name: str, kind: Kind) -> bool:
    """Tell whether both are one number as finely as the provider says it, and near each other where it was valued."""
    places = max(-int(told.as_tuple().exponent), 0)
    if nearest(own, places) == told:
        return True
    return name == "amount" and kind not in _STATED and abs(told - own) <= _NEAR * own


def _theirs(one: Aggregate) -> dict[str, Value]:
    times = None if one.transactions is None else Decimal(one.transactions)
    return _values(one.asset, one.kind, (one.units, one.amount, times), one.currency)


def _own(asset: str, kind: Kind, own: Own, currency: str) -> dict[str, Value]:
    return _values(asset, kind, (own.units, own.amount, Decimal(len(own.entries))), currency)


def _values(asset: str, kind: Kind, figures: tuple[Decimal | None, ...], currency: str) -> dict[str, Value]:
    units, amount, times = figures
    return {
        "asset": asset,
        "kind": kind.value,
        "units": units,
        "amount": amount,
        "currency": currency or None,
        "transactions": times,
    }
