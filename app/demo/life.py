"""What the demo's person does in a day: habits, each with how often it comes and when it comes for the first time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.demo.accounts import EARN, SPOT, STAKED, Account
from app.demo.trading import Order, convert, sweep, trade
from app.demo.transfers import Parcel, pay_in, pay_out, rest, reward, send, wake

Deed = Callable[[Account, int], Parcel | None]

_FIRST_TOTAL, _LAST_TOTAL, _GROWING_DAYS = 240_000.0, 1_150_000.0, 1_096
_SHARES = {"binance": 0.5, "coinbase": 0.33, "kraken": 0.17}
_MOST_PAID, _OPENING_DAYS = 90_000.0, 3
_WORTH_MOVING = 200.0
_WEIGHTS: Mapping[str, float] = {
    "bitcoin": 0.4, "ethereum": 0.24, "solana": 0.07, "ripple": 0.03, "cardano": 0.025, "polkadot": 0.025,
    "chainlink": 0.03, "dogecoin": 0.015, "cosmos": 0.012, "bnb": 0.04, "litecoin": 0.02, "avalanche": 0.015,
    "eur": 0.015, "usd-coin": 0.02,
}  # fmt: skip
_PAIRS: Mapping[str, Sequence[tuple[str, str, int]]] = {
    "binance": (
        ("bitcoin", "tether", 24), ("ethereum", "tether", 20), ("solana", "tether", 12), ("bnb", "tether", 7),
        ("ripple", "tether", 7), ("cardano", "tether", 7), ("chainlink", "tether", 6), ("polkadot", "tether", 5),
        ("dogecoin", "tether", 5), ("ethereum", "bitcoin", 3), ("bitcoin", "eur", 2), ("eur", "tether", 2),
        ("usd-coin", "tether", 1),
    ),
    "coinbase": (
        ("bitcoin", "usd", 30), ("ethereum", "usd", 24), ("solana", "usd", 14), ("cardano", "usd", 7),
        ("chainlink", "usd", 7), ("litecoin", "usd", 6), ("avalanche", "usd", 5), ("ethereum", "bitcoin", 4),
        ("bitcoin", "eur", 3),
    ),
    "kraken": (
        ("bitcoin", "usd", 22), ("bitcoin", "eur", 14), ("ethereum", "usd", 14), ("ethereum", "eur", 10),
        ("solana", "usd", 8), ("polkadot", "usd", 8), ("cosmos", "usd", 6), ("ripple", "usd", 6),
        ("dogecoin", "usd", 4), ("ethereum", "bitcoin", 4), ("eur", "usd", 4),
    ),
}  # fmt: skip
_GIFTS = ("algorand", "tezos", "stellar", "near", "ethereum-classic")
_YEARLY = {"tether": 0.062, "ethereum": 0.031, "bitcoin": 0.004, "usd-coin": 0.045, "solana": 0.058, "polkadot": 0.118,
           "cosmos": 0.14, "cardano": 0.021, "bnb": 0.008}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """Something done so many times a year, for the first time on a certain day; a small world still has each kind."""

    yearly: float
    first_day: int
    deed: Deed
    least: float = 1.5

    def per_day(self, scale: float) -> float:
        """Return how often it comes in a day at a scale."""
        return max(self.yearly * scale, min(self.yearly, self.least)) / 365


def _trades(account: Account, at: int) -> None:
    """Trade one pair towards its wanted share of the account."""
    rng = account.rng
    pairs = _PAIRS[account.venue]
    for _ in range(3):
        base, quote, _ = rng.choices(pairs, [weight for *_, weight in pairs])[0]
        wanted = _WEIGHTS[base] * max(account.equity, 1.0)
        lean = max(-0.42, min(0.42, (wanted - account.worth(base)) / wanted * 0.5))
        sides = ["buy", "sell"] if rng.random() < 0.5 + lean else ["sell", "buy"]
        dollars = account.equity * min(0.06, rng.lognormvariate(-5.1, 0.8))
        if trade(account, at, Order(base, quote, sides[0], dollars)):
            return


def _funds(assets: Sequence[str]) -> Deed:
    """Bring in what the account lacks of its plan."""

    def deed(account: Account, at: int) -> None:
        day = account.day
        total = _FIRST_TOTAL + (_LAST_TOTAL - _FIRST_TOTAL) * min(1.0, day / _GROWING_DAYS)
        gap = _SHARES[account.venue] * total - account.equity
        most = _MOST_PAID if day > _OPENING_DAYS else gap
        pay_in(account, at, account.rng.choice(assets), max(250.0, min(most, gap * account.rng.uniform(0.3, 0.7))))

    return deed


def _pays_out(asset: str) -> Deed:
    def deed(account: Account, at: int) -> None:
        pay_out(account, at, asset, account.equity * account.rng.uniform(0.004, 0.02))

    return deed


def _swaps(settle: str) -> Deed:
    """Use the venue's own button: idle euros into what is traded with, or a little of one coin into another."""

    def deed(account: Account, at: int) -> None:
        rng = account.rng
        if account.worth("eur") > account.equity * 0.25 and settle != "eur":
            convert(account, at, "eur", settle, account.worth("eur") * 0.85)
        elif account.venue == "kraken":
            convert(account, at, settle, rng.choice(_GIFTS[:3]), rng.uniform(7, 13))
        else:
            given, taken = rng.sample(["bitcoin", "ethereum", "solana", "cardano", "chainlink", settle], 2)
            convert(account, at, given, taken, account.equity * rng.uniform(0.001, 0.006))

    return deed


def _held(account: Account, assets: Sequence[str], place: str) -> str:
    """Return one of the assets, if possible one of which there is something worth moving."""
    enough = [asset for asset in assets if float(account.held(asset, place)) * account.rates[asset] > _WORTH_MOVING]
    return account.rng.choice(enough or list(assets))


def _sends(target: str, assets: Sequence[str]) -> Deed:
    def deed(account: Account, at: int) -> Parcel | None:
        asset = _held(account, assets, SPOT)
        return send(account, at, asset, account.worth(asset) * account.rng.uniform(0.05, 0.3), target)

    return deed


def _rests(place: str, assets: Sequence[str], detail: str = "") -> Deed:
    def deed(account: Account, at: int) -> None:
        rest(account, at, _held(account, assets, SPOT), account.rng.uniform(0.15, 0.5), place, detail=detail)

    return deed


def _wakes(place: str, assets: Sequence[str], detail: str = "") -> Deed:
    def deed(account: Account, at: int) -> None:
        wake(account, at, _held(account, assets, place), account.rng.uniform(0.1, 0.6), place, detail=detail)

    return deed


def _earns(asset: str, days: float, source: str, place: str, detail: str) -> Deed:
    """Credit what so many days of the yearly rate bring on what rests in `source`."""

    def deed(account: Account, at: int) -> None:
        rate = _YEARLY[asset] * days / 365 * account.rng.uniform(0.8, 1.2)
        quantity = account.cut(float(account.held(asset, source)) * rate, asset)
        reward(account, at, asset, quantity, place, detail=detail)

    return deed


def _gifts(account: Account, at: int) -> None:
    asset = account.rng.choice(_GIFTS)
    quantity = account.cut(account.rng.uniform(0.5, 9.0) / account.rates[asset], asset)
    reward(account, at, asset, quantity, SPOT, detail=account.rng.choice(("Launchpool", "Airdrop")))


def _sweeps(taken: str) -> Deed:
    def deed(account: Account, at: int) -> None:
        sweep(account, at, taken)

    return deed


HABITS: Mapping[str, Sequence[Habit]] = {
    "binance": (
        Habit(16, 0, _funds(("eur",))),
        Habit(9, 1, _swaps("tether")),
        Habit(1_960, 2, _trades, least=12),
        Habit(3, 60, _pays_out("eur")),
        Habit(9, 40, _sends("kraken", ("polkadot", "solana", "bitcoin", "ethereum"))),
        Habit(7, 45, _sends("coinbase", ("bitcoin", "ethereum", "chainlink"))),
        Habit(2, 70, _sends("", ("bitcoin",))),
        Habit(20, 10, _rests(EARN, ("tether", "ethereum", "bitcoin"), "Flexible")),
        Habit(14, 50, _wakes(EARN, ("tether", "ethereum", "bitcoin"), "Flexible")),
        Habit(340, 12, _earns("tether", 1.0, EARN, EARN, "REALTIME")),
        Habit(340, 13, _earns("tether", 0.3, EARN, SPOT, "BONUS")),
        Habit(340, 14, _earns("ethereum", 1.0, EARN, EARN, "REALTIME")),
        Habit(8, 15, _rests(EARN, ("bnb", "solana"), "Locked")),
        Habit(6, 80, _wakes(EARN, ("bnb", "solana"), "Locked")),
        Habit(120, 20, _earns("solana", 3.0, EARN, SPOT, "Locked")),
        Habit(26, 16, _gifts),
        Habit(6, 32, _sweeps("bnb")),
    ),
    "coinbase": (
        Habit(14, 0, _funds(("usd", "usd", "eur"))),
        Habit(8, 3, _swaps("usd")),
        Habit(760, 1, _trades, least=12),
        Habit(4, 55, _pays_out("usd")),
        Habit(16, 25, _sends("binance", ("bitcoin", "ethereum", "solana"))),
        Habit(7, 35, _sends("kraken", ("bitcoin", "ethereum", "litecoin"))),
        Habit(2, 75, _sends("", ("ethereum", "bitcoin"))),
        Habit(110, 18, _earns("ethereum", 3.3, SPOT, SPOT, "staking")),
        Habit(110, 19, _earns("solana", 3.3, SPOT, SPOT, "staking")),
        Habit(50, 21, _earns("cardano", 7.0, SPOT, SPOT, "staking")),
    ),
    "kraken": (
        Habit(10, 0, _funds(("eur", "usd"))),
        Habit(8, 4, _swaps("usd")),
        Habit(50, 1, _trades, least=12),
        Habit(3, 58, _pays_out("eur")),
        Habit(6, 42, _sends("binance", ("bitcoin", "ethereum", "ripple"))),
        Habit(3, 65, _sends("coinbase", ("bitcoin", "ethereum"))),
        Habit(9, 22, _rests(STAKED, ("polkadot", "solana", "cosmos", "ethereum"))),
        Habit(5, 85, _wakes(STAKED, ("polkadot", "solana", "cosmos", "ethereum"))),
        Habit(20, 28, _earns("polkadot", 18.0, STAKED, STAKED, "staking")),
        Habit(20, 29, _earns("ethereum", 18.0, STAKED, STAKED, "staking")),
        Habit(18, 30, _earns("solana", 20.0, STAKED, STAKED, "staking")),
        Habit(4, 48, _sweeps("usd")),
    ),
}
