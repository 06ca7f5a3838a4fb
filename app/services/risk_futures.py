"""What venues tell beside the ledger in the book of risk: futures, margin, loans, and what is bound until a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from app.core.clock import iso
from app.core.findings import Finding, Severity
from app.core.model.accounts import Account
from app.core.model.assets import Asset
from app.core.model.futures import FuturesPosition, FuturesReading, Lock, MarginWallet, Part, assets_in
from app.core.model.market import Mark
from app.core.model.views import Position, Positions
from app.core.names import counted
from app.core.ports import AssetRegistry
from app.core.risk.exposures import NOBODY, Exposure, PairLimit, Places, collateral, debt, perpetual
from app.services.contract_volumes import Contract
from app.services.risk_books import Beside, Bound, Known, exposures_of, places_of, venue_of

Prices = Mapping[str, float]
"""In the currency of the books, by asset."""


def perpetuals_in(readings: Iterable[FuturesReading], accounts: Mapping[str, Account]) -> dict[Contract, str]:
    """Return the perpetuals that are open, with the asset that each is about."""
    return {
        (venue_of(accounts.get(one.account)), position.symbol): position.asset
        for one in readings
        for wallet in one.told.wallets
        for position in wallet.positions
    }


def prices_of(held: Sequence[Position], marks: Mapping[str, Mark], currency: str) -> dict[str, float]:
    """Return the prices of now, those of what is held first."""
    found = {asset: float(mark.price) for asset, mark in marks.items() if mark.currency == currency}
    found |= {one.asset.asset_id: float(one.mark.price) for one in held if one.mark is not None}
    return {**found, currency: 1.0}


def beside(
    readings: Sequence[FuturesReading],
    accounts: Mapping[str, Account],
    assets: AssetRegistry,
    prices: Prices,
    now: int = 0,
) -> Beside:
    """Return what is beside the positions of a book of risk; what has no price is left out, and named.

    Without `now` a day on which something is free counts from its reading.
    """
    exposures: list[Exposure] = []
    findings: list[Finding] = []
    locks: dict[str, list[Bound]] = {}
    unread: list[tuple[str, Part]] = []
    for one in readings:
        account = accounts.get(one.account)
        name = account.name if account else one.account
        if not one.told.is_read:
            unread.append((name, one.told.part))
            continue
        around = _Around(venue_of(account), assets, prices)
        if one.told.wallets:
            findings.append(_told(one, name))
        for wallet in one.told.wallets:
            found, odd = _lines(wallet, one.told.part, around)
            exposures += found
            findings += odd
        bound = [_bound(lock, max(now, one.at)) for lock in one.told.locks]
        locks.setdefault(one.account, []).extend(lock for lock in bound if lock is not None)
    known_assets: list[Asset] = [assets.asset(asset) for asset in sorted(assets_in(readings))]
    return Beside(exposures, known_assets, (*findings, *_unknown(unread)), locks, tuple(unread))


class _Around(NamedTuple):
    venue: str
    assets: AssetRegistry
    prices: Prices


def _lines(wallet: MarginWallet, part: Part, around: _Around) -> tuple[list[Exposure], list[Finding]]:
    """Return what a wallet adds: what lies in it, what it owes, and what it has open."""
    exposures: list[Exposure] = []
    findings: list[Finding] = []
    name = f"{part} {wallet.name}".rstrip()
    owed = partial(debt, limit=_limit(wallet, around.prices))
    sides = (("Collateral", collateral, wallet.collateral), ("Debt", owed, wallet.owed))
    for word, make, rows in sides:
        for asset, quantity in rows:
            price, known = around.prices.get(asset), around.assets.asset(asset)
            if price is None:
                findings.append(_unpriced(known.symbol, f"{word} of {known.symbol}", asset))
            else:
                exposures.append(make(asset, float(quantity) * price, places_of(known, around.venue), name))
    for position in wallet.positions:
        found = _perpetual(position, around, name)
        if found is None:
            findings.append(_unpriced(position.symbol, f"The perpetual {position.symbol}", position.asset))
        else:
            exposures.append(found)
    return exposures, findings


def _limit(wallet: MarginWallet, prices: Prices) -> PairLimit | None:
    """Return by how far the price of a pair may move before the venue sells the wallet, by the prices of the books."""
    told = wallet.liquidation
    base, quote = (None, None) if told is None else (prices.get(told.base), prices.get(told.quote))
    if told is None or not base or not quote:
        return None
    is_below = any(asset == told.quote for asset, _ in wallet.owed)
    return PairLimit(told.base, told.quote, float(told.price) * quote / base - 1, is_below)


def _bound(lock: Lock, now: int) -> Bound | None:
    """Return what cannot be sold at a moment; None where its day has come."""
    if lock.notice is not None:
        # It can be asked for at any time, so its day is that far away until somebody does.
        return Bound(lock.asset, lock.quantity, now + lock.notice)
    is_over = lock.until is not None and lock.until <= now
    return None if is_over else Bound(lock.asset, lock.quantity, lock.until)


def exposures_at(
    held: Positions,
    accounts: Mapping[str, Account],
    readings: Sequence[FuturesReading],
    marks: Mapping[str, Mark],
    assets: AssetRegistry,
) -> list[Exposure]:
    """Return the exposures at marks of positions and of what is beside them."""
    beside_them = beside(readings, accounts, assets, prices_of(held.positions, marks, held.currency))
    return exposures_of(held.positions, Known(held.currency, accounts, beside=beside_them))


def _perpetual(one: FuturesPosition, around: _Around, wallet: str) -> Exposure | None:
    """Return its exposure at the mark of the books; at the venue's own where they have none."""
    paid = around.prices.get(one.currency)
    told = None if one.mark is None or paid is None else float(one.mark) * paid
    mark = around.prices.get(one.asset, told)
    if mark is None or paid is None:
        return None
    liquidation: Decimal | None = one.liquidation
    return perpetual(
        one.asset,
        float(one.quantity),
        mark,
        margin=float(one.margin) * paid,
        entry=float(one.entry) * paid,
        liquidation=None if liquidation is None else float(liquidation) * paid,
        # A contract is a claim on its venue alone: it lies on no chain, and nobody issues it.
        places=Places(around.venue, NOBODY, NOBODY, around.venue),
        wallet=wallet,
    )


def _told(one: FuturesReading, name: str) -> Finding:
    part, day = one.told.part, iso(one.at)[:10]
    if not one.is_current:
        return Finding(
            Severity.WARNING, "futures-unread",
            f"What {name} has in {part} was told last on {day}, and by no reading since: what is open now is not"
            " known.",
            one.account, "Risk counts it as it was then.", "Look at the rights of the key", source=one.account,
        )  # fmt: skip
    return Finding(
        Severity.INFO, "futures-beside-books",
        f"What {name} has in {part}, as it was read on {day}, is in the risk with {_counted(one)}, and in no books:"
        " its history is not read.",
        one.account, "Values elsewhere leave it out.", source=one.account,
    )  # fmt: skip


def _counted(one: FuturesReading) -> str:
    wallets = one.told.wallets
    positions, loans = sum(len(wallet.positions) for wallet in wallets), sum(len(wallet.owed) for wallet in wallets)
    counts = ((positions, "position"), (loans, "loan"))
    found = [counted(count, word) for count, word in counts if count]
    return " and ".join(found) or "collateral alone"


def _unknown(unread: Sequence[tuple[str, Part]]) -> Iterable[Finding]:
    """Tell, once an account, of what nothing is known: that is not that there is nothing."""
    for name in dict.fromkeys(account for account, _ in unread):
        parts = [str(part) for account, part in unread if account == name]
        words = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"
        yield Finding(
            Severity.INFO, "futures-unknown",
            f"Whether {name} has anything in {words} is not known: its key may not see that, or there is none.",
            name, "Risk counts nothing of it.", "Look at the rights of the key", source=name,
        )  # fmt: skip


def _unpriced(subject: str, what: str, asset: str) -> Finding:
    return Finding(Severity.WARNING, "exposure-unpriced", f"{what} has no price: its exposure is unknown.", subject,
                   "Every figure leaves it out.", "Check the price source", asset=asset)  # fmt: skip
