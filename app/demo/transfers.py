"""How assets reach, leave and rest in the demo's accounts: fiat, coins, earn products, staking and their rewards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import MILLISECOND, SECOND
from app.core.money import ZERO, add
from app.demo import ids
from app.demo.accounts import EARN, SPOT, STAKED, Account, rounded
from app.demo.events import Event, Kind, Move

_MINUTE = 60 * SECOND
_LEAST_SENT = 40.0
_FIAT_FEES = {"binance": Decimal(1), "coinbase": Decimal(0), "kraken": Decimal("0.9")}
_KRAKEN_LETTERS = {Kind.DEPOSIT: "Q", Kind.FIAT_DEPOSIT: "Q", Kind.REWARD: "ST"}


@dataclass(frozen=True, slots=True)
class Network:
    """How coins of an asset travel: the network's name at Binance, the fee for sending, minutes until they arrive."""

    name: str
    fee: Decimal
    minutes: tuple[int, int]
    prefix: str = ""


_ETHEREUM = "ETH"
NETWORKS: Mapping[str, Network] = {
    "bitcoin": Network("BTC", Decimal("0.0001"), (18, 75)),
    "ethereum": Network(_ETHEREUM, Decimal("0.0012"), (4, 14), "0x"),
    "usd-coin": Network(_ETHEREUM, Decimal("3.2"), (4, 14), "0x"),
    "tether": Network(_ETHEREUM, Decimal("3.5"), (4, 14), "0x"),
    "solana": Network("SOL", Decimal("0.008"), (1, 4)),
    "ripple": Network("XRP", Decimal("0.2"), (1, 3)),
    "polkadot": Network("DOT", Decimal("0.08"), (2, 6), "0x"),
    "cardano": Network("ADA", Decimal("0.8"), (5, 22)),
    "chainlink": Network(_ETHEREUM, Decimal("0.35"), (4, 14), "0x"),
    "litecoin": Network("LTC", Decimal("0.001"), (12, 40)),
    "cosmos": Network("ATOM", Decimal("0.02"), (1, 4)),
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """Coins on their way from one venue to another."""

    at: int
    source: str
    target: str
    asset: str
    quantity: Decimal
    tx_hash: str


def pay_in(account: Account, at: int, asset: str, dollars: float) -> Event:
    """Bring in money from a bank."""
    quantity = rounded(max(100.0, dollars / account.rates[asset]) // 50 * 50.0, 2)
    fee = _FIAT_FEES[account.venue] if asset == "eur" and account.venue == "binance" else ZERO
    moves = (Move(SPOT, asset, add(quantity, fee)), Move(SPOT, asset, -fee, is_fee=True))
    words = {"fee": fee, "fee_asset": asset, "network": "SEPA" if asset == "eur" else "SWIFT"}
    name = _transfer_id(account, Kind.FIAT_DEPOSIT)
    return account.record(at, Kind.FIAT_DEPOSIT, name, moves, base=asset, quantity=quantity, **words)


def pay_out(account: Account, at: int, asset: str, dollars: float) -> Event | None:
    """Send money to a bank; None where there is too little."""
    fee = _FIAT_FEES[account.venue]
    quantity = rounded(min(dollars / account.rates[asset], float(account.held(asset)) * 0.9) // 50 * 50.0, 2)
    if quantity <= 0 or add(quantity, fee) > account.held(asset):
        return None
    moves = (Move(SPOT, asset, -quantity), Move(SPOT, asset, -fee, is_fee=True))
    words = {"fee": fee, "fee_asset": asset, "network": "SEPA" if asset == "eur" else "SWIFT"}
    name = _transfer_id(account, Kind.FIAT_WITHDRAWAL)
    return account.record(at, Kind.FIAT_WITHDRAWAL, name, moves, base=asset, quantity=quantity, **words)


def send(account: Account, at: int, asset: str, dollars: float, target: str) -> Parcel | None:
    """Send coins to another venue, or to a wallet of one's own where `target` is ""; None where there is too little."""
    network = NETWORKS[asset]
    most = float(account.held(asset)) * account.rates[asset]
    quantity = account.cut(rounded(min(dollars, most * 0.9) / account.rates[asset], 6), asset)
    fee = account.cut(network.fee, asset)
    if float(quantity) * account.rates[asset] < _LEAST_SENT or add(quantity, fee) > account.held(asset):
        return None
    number = account.next_number("sent")
    tx_hash = network.prefix + ids.hexadecimal(account.seed, 64, account.venue, "tx", number)
    moves = (Move(SPOT, asset, -quantity), Move(SPOT, asset, -fee, is_fee=True))
    words = {"fee": fee, "fee_asset": asset, "network": network.name, "tx_hash": tx_hash, "other": target}
    words["address"] = address(account.seed, target or "wallet", asset)
    native_id = _transfer_id(account, Kind.WITHDRAWAL)
    event = account.record(at, Kind.WITHDRAWAL, native_id, moves, base=asset, quantity=quantity, **words)
    delay = account.rng.randint(network.minutes[0] * 60_000, network.minutes[1] * 60_000) * MILLISECOND
    return Parcel(event.at + delay, account.venue, target, asset, quantity, tx_hash)


def receive(account: Account, at: int, parcel: Parcel) -> Event:
    """Book coins that arrive from another venue."""
    words = {"network": NETWORKS[parcel.asset].name, "tx_hash": parcel.tx_hash, "other": parcel.source}
    words["address"] = address(account.seed, account.venue, parcel.asset)
    moves = (Move(SPOT, parcel.asset, parcel.quantity),)
    name = _transfer_id(account, Kind.DEPOSIT)
    return account.record(at, Kind.DEPOSIT, name, moves, base=parcel.asset, quantity=parcel.quantity, **words)


def address(seed: int, owner: str, asset: str) -> str:
    """Return where an owner receives an asset: one made-up address per network."""
    network = NETWORKS[asset]
    return (network.prefix or "demo") + ids.hexadecimal(seed, 40, owner, "address", network.name)


def rest(account: Account, at: int, asset: str, share: float, place: str, *, detail: str = "") -> Event | None:  # noqa: PLR0913 - what, how much, where to
    """Move a share of what is free into an earn product or staking."""
    quantity = account.cut(float(account.held(asset)) * share, asset)
    if float(quantity) * account.rates[asset] < 1:
        return None
    kind = Kind.SUBSCRIBE if place == EARN else Kind.STAKE
    moves = (Move(SPOT, asset, -quantity), Move(place, asset, quantity))
    name = _transfer_id(account, kind)
    return account.record(at, kind, name, moves, base=asset, quantity=quantity, place=place, detail=detail)


def wake(account: Account, at: int, asset: str, share: float, place: str, *, detail: str = "") -> Event | None:  # noqa: PLR0913 - what, how much, where to
    """Move a share of what rests back to where it can be traded."""
    quantity = account.cut(float(account.held(asset, place)) * share, asset)
    if float(quantity) * account.rates[asset] < 1:
        return None
    kind = Kind.REDEEM if place == EARN else Kind.UNSTAKE
    moves = (Move(place, asset, -quantity), Move(SPOT, asset, quantity))
    name = _transfer_id(account, kind)
    return account.record(at, kind, name, moves, base=asset, quantity=quantity, place=place, detail=detail)


def reward(account: Account, at: int, asset: str, quantity: Decimal, place: str, *, detail: str = "") -> Event | None:  # noqa: PLR0913 - what, how much, where to
    """Credit a reward to a sub-place."""
    if quantity <= 0:
        return None
    kind = Kind.DIVIDEND if detail in {"Launchpool", "Airdrop"} else Kind.REWARD
    name = _transfer_id(account, kind)
    moves = (Move(place, asset, quantity),)
    return account.record(at, kind, name, moves, base=asset, quantity=quantity, place=place, detail=detail)


def _transfer_id(account: Account, kind: Kind) -> str:
    """Return the id that the venue gives a movement of this kind."""
    name = account.venue, kind.value, account.next_number(kind.value, 1, 700)
    if account.venue == "coinbase":
        return ids.uuid(account.seed, *name)
    if account.venue == "kraken":
        return ids.dashed(_KRAKEN_LETTERS.get(kind, "A"), account.seed, *name)
    if kind in {Kind.WITHDRAWAL, Kind.FIAT_DEPOSIT, Kind.FIAT_WITHDRAWAL}:
        return ids.hexadecimal(account.seed, 32, *name)
    return str(name[2]) if kind is not Kind.DEPOSIT else ids.number(account.seed, 19, *name)


__all__ = ["EARN", "NETWORKS", "SPOT", "STAKED", "Network", "Parcel", "pay_in", "pay_out", "receive", "rest", "reward"]
