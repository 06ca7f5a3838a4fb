"""What happens in the demo's accounts: events with the ids that their venue gives them, and the moves they make."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What kind of event it is.

    base, quantity, quote, cost say: TRADE base bought or sold for quote · CONVERT and DUST base given, quote received ·
    DEPOSIT, WITHDRAWAL (coins) and their FIAT_ relatives base is the asset and quantity what arrives, the fee comes on
    top · DIVIDEND and REWARD base received · SUBSCRIBE, REDEEM, STAKE, UNSTAKE base moved between sub-places.
    """

    TRADE = "trade"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    FIAT_DEPOSIT = "fiat-deposit"
    FIAT_WITHDRAWAL = "fiat-withdrawal"
    CONVERT = "convert"
    DUST = "dust"
    DIVIDEND = "dividend"
    SUBSCRIBE = "subscribe"
    REDEEM = "redeem"
    STAKE = "stake"
    UNSTAKE = "unstake"
    REWARD = "reward"


@dataclass(frozen=True, slots=True)
class Move:
    """What an event does to one balance; what leaves is negative. Sub-places are spot, earn and staked."""

    place: str
    asset: str
    quantity: Decimal
    is_fee: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One event at one venue.

    Attributes:
        number: Place in the venue's own order of time, from 0.
        native_id: The venue's id: trade id, transfer id, reward id. At Binance trade ids count up per symbol.
        order_id: The order that trades of one order share.
        group: Id that rows of one dust conversion share.
        fee: Never negative; 0 where there is none.
        place: Sub-place of what is received or moved to ("" for spot).
        detail: The venue's own word: REALTIME or BONUS for rewards, Locked or Flexible for products.
        other: Venue at the other end of a transfer; "" where it is none of ours.
        real: What it did to the balances, where it is told otherwise; None: its moves.
    """

    venue: str
    number: int
    at: int
    kind: Kind
    native_id: str
    base: str
    quantity: Decimal
    moves: tuple[Move, ...]
    quote: str = ""
    cost: Decimal = Decimal(0)
    side: str = ""
    price: Decimal = Decimal(0)
    fee: Decimal = Decimal(0)
    fee_asset: str = ""
    order_id: str = ""
    group: str = ""
    is_maker: bool = False
    tx_hash: str = ""
    network: str = ""
    address: str = ""
    place: str = ""
    detail: str = ""
    other: str = ""
    real: tuple[Move, ...] | None = None

    @property
    def effect(self) -> tuple[Move, ...]:
        """Return what it really did to the balances."""
        return self.moves if self.real is None else self.real
