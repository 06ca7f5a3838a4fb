"""A runtime without disk, keyring or network: a clock that stands still and the venues' descriptions."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from app.core.file_ports import FileWriter, TableWriter
from app.core.model.venues import VenueInfo
from app.core.ports import Exchanges, Keyring, Runtime, VaultStore
from tests.ui.made_up_books import NOW, REGISTRY


class FixedClock:
    """A clock that a test turns."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def now_ns(self) -> int:
        return self.now


def _venue(venue_id: str, name: str, fields: tuple[str, ...], history: str) -> VenueInfo:
    reads = {"trades": True, "ledger": True, "balances": True, "earn": venue_id != "coinbase"}
    steps = (
        f"Open {name} and go to API keys.",
        "Create a key with the right to read only.",
        "Leave trading and withdrawing off.",
        "Copy key and secret here.",
    )
    return VenueInfo(venue_id, name, "exchange", "official", fields, reads, history, f"{venue_id}-ledgers", steps)


VENUES = (
    _venue("binance", "Binance", ("api_key", "secret"), "trades from the start, per pair"),
    _venue("coinbase", "Coinbase", ("api_key", "secret"), "everything from the start"),
    _venue("kraken", "Kraken", ("api_key", "secret"), "everything from the start"),
)


class NoKeyring:
    """A computer without a keyring."""

    name = ""

    def read(self, key: str) -> bytes | None:
        return None

    def write(self, key: str, secret: bytes) -> None:
        message = "this computer has no keyring"
        raise RuntimeError(message)

    def erase(self, key: str) -> None:
        return None


class _Venues:
    def venues(self) -> tuple[VenueInfo, ...]:
        return VENUES


def fake_runtime(folder: Path = Path("/home/me")) -> Runtime:
    """Return a runtime whose vaults, exchanges and files are not there; the fake workspace needs none of them."""
    keyring: Keyring = NoKeyring()
    return Runtime(
        clock=FixedClock(),
        keyring=keyring,
        vaults=cast("VaultStore", None),
        exchanges=cast("Exchanges", _Venues()),
        statements=(),
        assets=REGISTRY,
        csv=cast("TableWriter", None),
        files=cast("FileWriter", None),
        data_folder=folder,
        settings_folder=folder,
    )
