"""Futures and margin in the book of risk: collateral is held, positions move, and neither is in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from app.core.clock import iso
from app.core.findings import Finding, Severity
from app.core.model.accounts import Account
from app.core.model.assets import Asset
from app.core.model.futures import FuturesPosition, FuturesReading
from app.core.model.market import Mark
from app.core.model.views import Position, Positions
from app.core.ports import AssetRegistry
from app.core.risk.exposures import NOBODY, Exposure, Places, collateral, perpetual
from app.services.risk_books import Beside, Known, exposures_of, places_of, venue_of

Prices = Mapping[str, float]
"""In the currency of the books, by asset."""


def assets_in(readings: Iterable[FuturesReading]) -> frozenset[str]:
    """Return the assets whose prices move these wallets."""
    wallets = [one.wallet for one in readings]
    moved = {position.asset for wallet in wallets for position in wallet.positions}
    paid = {position.currency for wallet in wallets for position in wallet.positions}
    return frozenset(moved | paid | {asset for wallet in wallets for asset, _ in wallet.collateral})


def prices_of(held: Sequence[Position], marks: Mapping[str, Mark], currency: str) -> dict[str, float]:
    """Return the prices of now, those of what is held first."""
    found = {asset: float(mark.price) for asset, mark in marks.items() if mark.currency == currency}
    found |= {one.asset.asset_id: float(one.mark.price) for one in held if one.mark is not None}
    return {**found, currency: 1.0}


def beside(
    readings: Sequence[FuturesReading], accounts: Mapping[str, Account], assets: AssetRegistry, prices: Prices
) -> Beside:
    """Return what futures wallets add to a book of risk; what has no price is left out, and named."""
    exposures: list[Exposure] = []
    findings: list[Finding] = []
    for one in readings:
        if not one.wallet.collateral and not one.wallet.positions:
            continue
        account = accounts.get(one.account)
        venue = venue_of(account)
        findings.append(_told(one, account.name if account else one.account))
        for asset, quantity in one.wallet.collateral:
            price, known = prices.get(asset), assets.asset(asset)
            if price is None:
                findings.append(_unpriced(known.symbol, f"Collateral of {known.symbol}", asset))
                continue
            exposures.append(collateral(asset, float(quantity) * price, places_of(known, venue)))
        for position in one.wallet.positions:
            found = _perpetual(position, venue, prices)
            if found is None:
                findings.append(_unpriced(position.symbol, f"The perpetual {position.symbol}", position.asset))
            else:
                exposures.append(found)
    known_assets: list[Asset] = [assets.asset(asset) for asset in sorted(assets_in(readings))]
    return Beside(exposures, known_assets, tuple(findings))


def exposures_at(
    held: Positions,
    accounts: Mapping[str, Account],
    readings: Sequence[FuturesReading],
    marks: Mapping[str, Mark],
    assets: AssetRegistry,
) -> list[Exposure]:
    """Return the exposures of positions and futures wallets at marks."""
    beside_them = beside(readings, accounts, assets, prices_of(held.positions, marks, held.currency))
    return exposures_of(held.positions, Known(held.currency, accounts, beside=beside_them))


def _perpetual(one: FuturesPosition, venue: str, prices: Prices) -> Exposure | None:
    """Return its exposure at the mark of the books; at the venue's own where they have none."""
    paid = prices.get(one.currency)
    told = None if one.mark is None or paid is None else float(one.mark) * paid
    mark = prices.get(one.asset, told)
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
        places=Places(venue, NOBODY, NOBODY, venue),
    )


def _told(one: FuturesReading, name: str) -> Finding:
    count, day = len(one.wallet.positions), iso(one.at)[:10]
    if not one.is_current:
        return Finding(
            Severity.WARNING, "futures-unread",
            f"Futures and margin of {name} were told last on {day}, and by no reading since: what is open now is not"
            " known.",
            one.account, "Risk counts it as it was then.", "Look at the rights of the key", source=one.account,
        )  # fmt: skip
    return Finding(
        Severity.INFO, "futures-beside-books",
        f"Futures and margin of {name}, as they were read on {day}, are in the risk with"
        f" {count} position{'' if count == 1 else 's'}, and in no books: their history is not read.",
        one.account, "Values elsewhere leave it out.", source=one.account,
    )  # fmt: skip


def _unpriced(subject: str, what: str, asset: str) -> Finding:
    return Finding(Severity.WARNING, "exposure-unpriced", f"{what} has no price: its exposure is unknown.", subject,
                   "Every figure leaves it out.", "Check the price source", asset=asset)  # fmt: skip
