"""What an account has beside the ledger, as its venue tells it: futures, margin, loans, and what is bound how long."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Part(StrEnum):
    """What is told by itself: a key may see one and not another."""

    FUTURES = "futures"
    POSITIONS = "positions on margin"
    MARGIN = "margin"
    ISOLATED = "isolated margin"
    LOCKED = "locked products"


PARTS = {part.value: part for part in Part}


@dataclass(frozen=True, slots=True)
class FuturesPosition:
    """An open position.

    Attributes:
        symbol: The contract in the venue's own word.
        asset: What its price follows.
        quantity: In units of the asset, below zero for a short.
        currency: The asset that prices, gains and margin are in.
        entry: Mean price of its contracts.
        mark: The venue's price at the reading; None where it told none.
        margin: What answers for this position alone; 0 where the wallet does.
        liquidation: Price at which the venue closes it; None where it told none.
    """

    symbol: str
    asset: str
    quantity: Decimal
    currency: str
    entry: Decimal
    mark: Decimal | None = None
    margin: Decimal = Decimal(0)
    liquidation: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PairPrice:
    """What a unit of one asset costs in another."""

    base: str
    quote: str
    price: Decimal


@dataclass(frozen=True, slots=True)
class MarginWallet:
    """A wallet whose collateral answers for its own positions and loans, and for no other's.

    Attributes:
        collateral: What it holds of each asset, without open gains; below zero it is owed.
        owed: What was borrowed of each asset, with the interest that is not paid yet.
        name: What tells it from others of its part: the pair of an isolated one.
        liquidation: Price at which the venue sells it to be paid back; None where it told none.
    """

    collateral: tuple[tuple[str, Decimal], ...] = ()
    positions: tuple[FuturesPosition, ...] = ()
    owed: tuple[tuple[str, Decimal], ...] = ()
    name: str = ""
    liquidation: PairPrice | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is in it."""
        return not (self.collateral or self.positions or self.owed)


@dataclass(frozen=True, slots=True)
class Lock:
    """Some of an asset that the ledger has and that cannot be sold yet.

    Attributes:
        until: When the venue hands it out by itself; None where it tells no day.
        notice: How long after asking for it the venue hands it out, where that can be asked at any time.
    """

    asset: str
    quantity: Decimal
    until: int | None = None
    notice: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A part of an account at one moment.

    Attributes:
        is_read: False where the key may not see it, or the venue did not answer: nothing is known of it then.
    """

    part: Part
    wallets: tuple[MarginWallet, ...] = ()
    locks: tuple[Lock, ...] = ()
    is_read: bool = True


@dataclass(frozen=True, slots=True)
class FuturesReading:
    """A part of an account as it was told last.

    Attributes:
        at: When it was told; of what no reading told, when the newest was silent.
        is_current: Whether the newest reading of the account still told of it.
    """

    account: str
    at: int
    told: Told
    is_current: bool = True


def assets_in(readings: Iterable[FuturesReading]) -> frozenset[str]:
    """Return the assets whose prices move these wallets."""
    wallets = [wallet for one in readings for wallet in one.told.wallets]
    positions = [position for wallet in wallets for position in wallet.positions]
    moved = {asset for one in positions for asset in (one.asset, one.currency)}
    return frozenset(moved | {asset for wallet in wallets for asset, _ in (*wallet.collateral, *wallet.owed)})
