"""A made-up world of accounts, assets and chains: ends of transfers as the sources of either side would tell them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role

HOUR = 3_600 * SECOND
START = 1_700_000_000 * SECOND
ACCOUNTS = ("binance", "kraken", "coinbase", "ledger-btc", "metamask", "tron-wallet")
WALLETS = ("ledger-btc", "metamask", "tron-wallet")
"""Accounts on a chain: they tell a hash and an address of everything, and no fee apart."""

ASSETS: Mapping[str, tuple[str, str, int, tuple[int, int], str]] = {
    "bitcoin": ("btc", "0.0001", 8, (10, 90), "0.3"),
    "ethereum": ("eth", "0.0012", 8, (2, 20), "4"),
    "tether": ("eth", "3.5", 6, (2, 20), "9000"),
    "usd-coin": ("eth", "3.2", 6, (2, 20), "9000"),
    "solana": ("sol", "0.008", 9, (1, 6), "60"),
    "ripple": ("xrp", "0.2", 6, (1, 5), "8000"),
    "litecoin": ("ltc", "0.001", 8, (10, 60), "90"),
}
"""By asset: its chain, what a venue charges for sending it, its places, minutes under way, and a usual amount."""

ROUND = ("100", "250", "500", "1000", "2000", "5000", "10000")


class World:
    """Makes cases; everything follows from the seed."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - a made-up life
        self.number = 0
        self._addresses: dict[tuple[str, str], str] = {}

    # what there is --------------------------------------------------------------------------------------------------
    def moment(self) -> int:
        return START + self.rng.randrange(900 * DAY // SECOND) * SECOND

    def hash(self) -> str:
        return f"{self.rng.getrandbits(256):064x}"

    def address(self, account: str, asset: str) -> str:
        """Return where an account receives an asset: the same each time."""
        key = account, ASSETS[asset][0]
        if key not in self._addresses:
            self._addresses[key] = f"addr-{self.rng.getrandbits(160):040x}"
        return self._addresses[key]

    def stranger(self) -> str:
        return f"addr-{self.rng.getrandbits(160):040x}"

    def amount(self, asset: str) -> Decimal:
        """Return an amount as it comes about: every digit used, or typed by a person, or quite round."""
        places, usual = ASSETS[asset][2], Decimal(ASSETS[asset][4])
        drawn = usual * Decimal(f"{self.rng.lognormvariate(-0.4, 0.9):.6f}")
        style = self.rng.random()
        digits = places if style < 0.55 else 3 if style < 0.85 else 1
        scale = min(places, max(0, digits - max(0, drawn.adjusted())))
        return max(drawn.quantize(Decimal(1).scaleb(-scale)), Decimal(1).scaleb(-min(places, 4)))

    def pair(self) -> tuple[str, str]:
        one, other = self.rng.sample(ACCOUNTS, 2)
        return one, other

    def exchanges(self) -> tuple[str, str]:
        one, other = self.rng.sample([one for one in ACCOUNTS if one not in WALLETS], 2)
        return one, other

    def asset(self, *among: str) -> str:
        return self.rng.choice(among or tuple(ASSETS))

    def written(self, tx_hash: str) -> str:
        """Return a hash as some venue writes it."""
        style = self.rng.randrange(3)
        return tx_hash if style == 0 else f"0x{tx_hash}" if style == 1 else tx_hash.upper()

    def told(self, account: str, tx_hash: str, *, rate: float = 0.6) -> str:
        """Return what a source tells of a hash: a wallet always does, an exchange often."""
        return self.written(tx_hash) if account in WALLETS or self.rng.random() < rate else ""

    # ends -----------------------------------------------------------------------------------------------------------
    def end(  # noqa: PLR0913
        self, account: str, at: int, asset: str, quantity: Decimal, *, into: bool, fee: Decimal | None = None,
        fee_asset: str = "", tx_hash: str = "", network: str = "", address: str = "",
    ) -> tuple[str, Entry]:  # fmt: skip
        self.number += 1
        legs = [Leg(account, "spot", asset, quantity if into else -quantity)]
        if fee:
            legs.append(Leg(account, "spot", fee_asset or asset, -fee, Role.FEE))
        told = {"tx_hash": tx_hash, "network": network, "address": address}
        kind = EntryKind.DEPOSIT if into else EntryKind.WITHDRAWAL
        entry = Entry(
            account, at, kind, tuple(legs), Identity("made-up", str(self.number)), SECOND,
            {name: word for name, word in told.items() if word},
        )  # fmt: skip
        return f"e{self.number:06d}", entry

    def sent(  # noqa: PLR0913
        self, source: str, target: str, at: int, asset: str, quantity: Decimal, *, tx_hash: str = "",
        fee: Decimal | None = None, fee_asset: str = "", knows_address: float = 0.5, network: str = "",
    ) -> tuple[str, Entry]:  # fmt: skip
        address = self.address(target, asset) if target else self.stranger()
        knows = source in WALLETS or self.rng.random() < knows_address
        return self.end(
            source, at, asset, quantity, into=False, fee=fee, fee_asset=fee_asset, tx_hash=tx_hash,
            network=network or ASSETS[asset][0], address=address if knows else "",
        )  # fmt: skip

    def received(  # noqa: PLR0913
        self, target: str, at: int, asset: str, quantity: Decimal, *, tx_hash: str = "", network: str = "",
        knows_address: float = 0.4,
    ) -> tuple[str, Entry]:  # fmt: skip
        knows = target in WALLETS or self.rng.random() < knows_address
        return self.end(
            target, at, asset, quantity, into=True, tx_hash=tx_hash, network=network or ASSETS[asset][0],
            address=self.address(target, asset) if knows else "",
        )  # fmt: skip

    def delay(self, asset: str) -> int:
        low, high = ASSETS[asset][3]
        return self.rng.randrange(low * 60, high * 60) * SECOND

    def fee(self, source: str, asset: str) -> tuple[Decimal | None, Decimal]:
        """Return the fee that stands beside an amount, and the one that is taken out of it."""
        usual = Decimal(ASSETS[asset][1])
        if source in WALLETS:
            return None, Decimal(0)
        beside = self.rng.random() < 0.6
        return (usual, Decimal(0)) if beside else (None, usual)
