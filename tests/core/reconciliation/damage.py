"""Histories of several accounts with true readings of their balances, and what may happen to them.

Frozen before the finder of causes was written: it says what goes wrong at venues, not what is easy to find. What
makes it hard on purpose: true fills that are equal to the unit and the second, trades without a fee, round numbers,
transfers between the accounts, and readings at any moment, few of them soon after the damage.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.money import add

START = 1_700_000_000 * SECOND
DAYS = 240
ACCOUNTS = ("kraken-main", "binance-main", "coinbase", "kraken-treasury")
PRICES = {
    "bitcoin": Decimal(41_000), "ether": Decimal(2_300), "solana": Decimal(95), "cardano": Decimal("0.52"),
    "polkadot": Decimal("7.4"), "usd": Decimal(1), "eur": Decimal("1.08"), "tether": Decimal(1),
}  # fmt: skip
COINS = ("bitcoin", "ether", "solana", "cardano", "polkadot")
QUOTES = ("usd", "eur", "tether")
NETWORK_FEES = {"bitcoin": "0.0002", "ether": "0.0015", "solana": "0.01", "cardano": "0.8", "polkadot": "0.1"}

Place = tuple[str, str, str]


@dataclass(frozen=True)
class Told:
    """What a source said it held in one place at one moment."""

    account: str
    sub_place: str
    asset: str
    at: int
    quantity: Decimal


@dataclass(frozen=True)
class History:
    """Entries in the order of time with their ids, and every balance that was ever told."""

    entries: tuple[tuple[str, Entry], ...]
    told: tuple[Told, ...]


@dataclass(frozen=True)
class Damaged:
    """A history with one thing wrong: what, and in which account."""

    history: History
    what: str
    account: str


class _Maker:
    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311 - made-up books, no secret
        self.entries: list[Entry] = []
        self.count = 0
        self.fees = {account: Decimal(self.dice.choice(("0.001", "0.0026", "0.004"))) for account in ACCOUNTS}
        self.in_quote = {account: self.dice.random() < 0.7 for account in ACCOUNTS}

    def moment(self) -> int:
        return START + self.dice.randrange(DAYS * DAY // SECOND) * SECOND

    def quantity(self, asset: str, value: int) -> Decimal:
        """Return about so much of an asset, sometimes a round number."""
        raw = Decimal(self.dice.randrange(value // 20, value)) / PRICES[asset]
        if self.dice.random() < 0.2:
            return max(raw.quantize(Decimal(1)), Decimal(1)) if raw > 3 else Decimal("0.5")
        return raw.quantize(Decimal("0.00000001")) + Decimal(self.dice.randrange(10**4)).scaleb(-8)

    def add(self, account: str, at: int, kind: EntryKind, *legs: Leg, tx_hash: str = "") -> None:
        self.count += 1
        references = {"tx_hash": tx_hash} if tx_hash else {}
        identity = Identity("ledger", f"L{self.dice.randrange(10**9):09d}-{self.count}")
        self.entries.append(Entry(account, at, kind, legs, identity, SECOND, references))

    def trade(self, account: str) -> None:
        coin, quote, at = self.dice.choice(COINS), self.dice.choice(QUOTES), self.moment()
        quantity = self.quantity(coin, 8_000)
        price = PRICES[coin] / PRICES[quote] * Decimal(self.dice.randrange(800, 1_200)) / 1_000
        money = (quantity * price).quantize(Decimal("0.0001"))
        sign = self.dice.choice((1, -1))
        legs = [Leg(account, "spot", coin, sign * quantity), Leg(account, "spot", quote, -sign * money)]
        if self.dice.random() > 0.05:
            rate = self.fees[account] * Decimal(self.dice.randrange(80, 101)) / 100
            of, much = (quote, money) if self.in_quote[account] else (coin, quantity)
            fee = (much * rate).quantize(Decimal("0.00000001"))
            if fee:
                legs.append(Leg(account, "spot", of, -fee, Role.FEE))
        fills = 2 if self.dice.random() < 0.04 else 1
        for _ in range(fills):
            self.add(account, at, EntryKind.TRADE, *legs)

    def outside(self, account: str) -> None:
        asset = self.dice.choice(tuple(PRICES))
        sign = self.dice.choice((1, 1, -1))
        kind = EntryKind.DEPOSIT if sign > 0 else EntryKind.WITHDRAWAL
        legs = [Leg(account, "spot", asset, sign * self.quantity(asset, 20_000))]
        if sign < 0 and asset in NETWORK_FEES:
            legs.append(Leg(account, "spot", asset, -Decimal(NETWORK_FEES[asset]), Role.FEE))
        self.add(account, self.moment(), kind, *legs)

    def transfer(self) -> None:
        source, target = self.dice.sample(ACCOUNTS, 2)
        asset, at = self.dice.choice(COINS), self.moment()
        quantity = self.quantity(asset, 10_000)
        tx_hash = f"{self.dice.getrandbits(256):064x}"
        fee = Leg(source, "spot", asset, -Decimal(NETWORK_FEES[asset]), Role.FEE)
        self.add(source, at, EntryKind.WITHDRAWAL, Leg(source, "spot", asset, -quantity), fee, tx_hash=tx_hash)
        later = at + self.dice.randrange(60, 20_000) * SECOND
        self.add(target, later, EntryKind.DEPOSIT, Leg(target, "spot", asset, quantity), tx_hash=tx_hash)

    def reward(self, account: str) -> None:
        asset = self.dice.choice(("ether", "solana", "polkadot"))
        quantity = self.quantity(asset, 400).scaleb(-2)
        self.add(account, self.moment(), EntryKind.REWARD, Leg(account, "earn", asset, quantity))

    def move(self, account: str) -> None:
        asset, sign = self.dice.choice(("ether", "solana", "polkadot")), self.dice.choice((1, -1))
        quantity = sign * self.quantity(asset, 5_000)
        legs = Leg(account, "spot", asset, -quantity), Leg(account, "earn", asset, quantity)
        self.add(account, self.moment(), EntryKind.MOVE, *legs)

    def readings(self, account: str) -> list[int]:
        few = self.dice.randrange(3, 25)
        end = START + (DAYS + 2) * DAY
        return sorted({START - DAY, end, *(self.moment() + self.dice.randrange(SECOND) for _ in range(few))})


def history(seed: int) -> History:
    """Return a history in which everything is right."""
    maker = _Maker(seed)
    for account in ACCOUNTS:
        for asset, price in PRICES.items():
            maker.add(
                account, START, EntryKind.DEPOSIT, Leg(account, "spot", asset, (900_000 / price).quantize(Decimal(1)))
            )
        for _ in range(maker.dice.randrange(60, 140)):
            maker.trade(account)
        for _ in range(12):
            maker.outside(account)
            maker.reward(account)
        for _ in range(5):
            maker.move(account)
    for _ in range(25):
        maker.transfer()
    ordered = sorted(maker.entries, key=lambda entry: (entry.at, entry.identity.native_id))
    told = [one for account in ACCOUNTS for one in _told(account, ordered, maker.readings(account))]
    return History(_with_ids(ordered), tuple(told))


def _with_ids(entries: Sequence[Entry]) -> tuple[tuple[str, Entry], ...]:
    return tuple((entry.identity.native_id, entry) for entry in entries)


def _told(account: str, entries: Sequence[Entry], moments: Sequence[int]) -> list[Told]:
    sums: dict[Place, Decimal] = defaultdict(Decimal)
    found: list[Told] = []
    waiting = list(moments)
    legs = [(entry.at, leg) for entry in entries for leg in entry.legs if leg.account == account]
    for at, leg in [*legs, (2**62, None)]:
        while waiting and waiting[0] < at:
            moment = waiting.pop(0)
            found += [Told(*place, moment, quantity) for place, quantity in sums.items()]
        if leg is not None:
            place = (account, leg.sub_place, leg.asset)
            sums[place] = add(sums[place], leg.quantity)
    return found


def damaged(seed: int, what: str) -> Damaged:
    """Return the history of a seed with one damage: "missing-page", "duplicate", "fee" or "wrong-sign"."""
    clean = history(seed)
    dice = random.Random(f"{seed}/{what}")  # noqa: S311 - the place of a damage, no secret
    account = dice.choice(ACCOUNTS)
    entries = list(clean.entries)
    own = [index for index, (_, entry) in enumerate(entries) if entry.account == account and entry.at > START]
    made = _DAMAGES[what](entries, own, dice)
    ordered = sorted(made, key=lambda one: (one[1].at, one[0]))
    return Damaged(History(tuple(ordered), clean.told), what, account)


_Entries = list[tuple[str, Entry]]


def _without_page(entries: _Entries, own: list[int], dice: random.Random) -> _Entries:
    size = dice.randrange(8, 41)
    first = dice.randrange(len(own) - size)
    gone = set(own[first : first + size])
    return [one for index, one in enumerate(entries) if index not in gone]


def _with_duplicate(entries: _Entries, own: list[int], dice: random.Random) -> _Entries:
    known, entry = entries[dice.choice(own)]
    identity = Identity("statement", f"row-{dice.randrange(10**6)}")
    shift = dice.choice((0, 0, dice.randrange(SECOND)))
    return [*entries, (f"{known}-again", replace(entry, identity=identity, at=entry.at + shift))]


def _without_fees(entries: _Entries, own: list[int], dice: random.Random) -> _Entries:
    charged = [index for index in own if any(leg.role is Role.FEE for leg in entries[index][1].legs)]
    size = dice.choice((1, 1, 2, 5, 12))
    first = dice.randrange(len(charged) - size)
    made = list(entries)
    for index in charged[first : first + size]:
        known, entry = made[index]
        made[index] = known, replace(entry, legs=tuple(leg for leg in entry.legs if leg.role is not Role.FEE))
    return made


def _with_wrong_sign(entries: _Entries, own: list[int], dice: random.Random) -> _Entries:
    chosen = [index for index in own if entries[index][1].kind is not EntryKind.MOVE]
    index = dice.choice(chosen)
    known, entry = entries[index]
    legs = tuple(
        replace(leg, quantity=-leg.quantity) if leg.role is Role.PRINCIPAL else leg for leg in entry.legs
    )  # fmt: skip
    made = list(entries)
    made[index] = known, replace(entry, legs=legs)
    return made


_DAMAGES = {
    "missing-page": _without_page,
    "duplicate": _with_duplicate,
    "fee": _without_fees,
    "wrong-sign": _with_wrong_sign,
}
WHATS = tuple(_DAMAGES)
