"""A futures wallet as its venue tells it: what answers for positions, and the positions. The ledger has neither."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


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
class FuturesWallet:
    """All of a wallet; collateral is what it holds of each asset, without open gains."""

    collateral: tuple[tuple[str, Decimal], ...] = ()
    positions: tuple[FuturesPosition, ...] = ()


@dataclass(frozen=True, slots=True)
class FuturesReading:
    """The wallet of an account as it was told last.

    Attributes:
        is_current: Whether the newest reading of the account still told of it.
    """

    account: str
    at: int
    wallet: FuturesWallet
    is_current: bool = True
