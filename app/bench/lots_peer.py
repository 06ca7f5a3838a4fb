"""rp2 on a history of ours: the same buys, sales and transfers as its own objects, matched by its engine.

Importing rp2 changes the decimal arithmetic of the whole process and opens a log in the folder of the day: it belongs
into a process of its own, in a folder that is thrown away.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from contextlib import chdir
from dataclasses import dataclass
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

from app.core.clock import iso
from app.core.lots.events import Event, Kind
from app.core.lots.methods import Method

PLACES = 18
"""Decimal places of quantities and of money in the history."""

_FIRST_YEAR = 1_970
_SETTINGS = """[general]
assets = {assets}
exchanges = {wallets}
holders = owner

[in_header]
timestamp = 0

[out_header]
timestamp = 0

[intra_header]
timestamp = 0
"""


@dataclass(frozen=True, slots=True)
class Peers:
    """What rp2 made of a history.

    Attributes:
        seconds: CPU time of its engine; its objects were built before.
        gains: By the row of the disposal.
    """

    seconds: float
    gains: dict[str, Decimal]


def matched(method: Method, events: Sequence[Event], folder: Path) -> Peers:
    """Match a history with rp2; a folder takes its settings and its log."""
    with chdir(folder):
        tax_engine, engine = import_module("rp2.tax_engine"), import_module("rp2.accounting_engine")
        market = _Market(events, folder)
        asked = [market.input_of(asset) for asset in market.assets]
        years = import_module("prezzemolo.avl_tree").AVLTree()
        years.insert_node(_FIRST_YEAR, import_module(f"rp2.plugin.accounting_method.{method}").AccountingMethod())
        accounting = engine.AccountingEngine(years_2_methods=years)
        started = time.process_time()
        computed = [tax_engine.compute_tax(market.configuration, accounting, one) for one in asked]
        seconds = time.process_time() - started
    return Peers(seconds, _gains(computed))


def _gains(computed: Iterable[Any]) -> dict[str, Decimal]:
    gains: dict[str, Decimal] = {}
    for one in computed:
        for part in one.gain_loss_set:
            row = part.taxable_event.unique_id
            gains[row] = Decimal(gains.get(row, Decimal(0)) + Decimal(part.fiat_gain))
    return gains


class _Market:
    """Builds rp2's objects."""

    def __init__(self, events: Sequence[Event], folder: Path) -> None:
        self.assets = sorted({event.asset for event in events})
        wallets = sorted({event.wallet for event in events} | {event.to_wallet for event in events} - {""})
        settings = folder / "rp2.ini"
        settings.write_text(_SETTINGS.format(assets=", ".join(self.assets), wallets=", ".join(wallets)), "utf-8")
        country = import_module("rp2.plugin.country.us").US()
        self.configuration = import_module("rp2.configuration").Configuration(str(settings), country)
        self._number = import_module("rp2.rp2_decimal").RP2Decimal
        self._sets = import_module("rp2.transaction_set").TransactionSet
        self._makers = {
            "IN": import_module("rp2.in_transaction").InTransaction,
            "OUT": import_module("rp2.out_transaction").OutTransaction,
            "INTRA": import_module("rp2.intra_transaction").IntraTransaction,
        }
        self._events = events

    def input_of(self, asset: str) -> Any:
        """Return the history of one asset."""
        sets = {name: self._sets(self.configuration, name, asset) for name in self._makers}
        for number, event in enumerate(self._events, start=1):
            if event.asset == asset:
                name = {Kind.ACQUIRE: "IN", Kind.DISPOSE: "OUT"}.get(Kind(event.kind), "INTRA")
                sets[name].add_entry(self._makers[name](self.configuration, **self._words(event), row=number))
        return import_module("rp2.input_data").InputData(asset, sets["IN"], sets["OUT"], sets["INTRA"])

    def _words(self, event: Event) -> dict[str, Any]:
        quantity = self._number(Decimal(event.quantity).scaleb(-PLACES))
        said: dict[str, Any] = {"timestamp": iso(event.at), "asset": event.asset, "unique_id": event.row}
        if event.value is None:
            return {
                **said, "spot_price": None, "crypto_sent": quantity, "crypto_received": quantity,
                "from_exchange": event.wallet, "from_holder": "owner",
                "to_exchange": event.to_wallet, "to_holder": "owner",
            }  # fmt: skip
        price = self._number(event.value // event.quantity)
        said |= {"exchange": event.wallet, "holder": "owner", "spot_price": price}
        if event.kind == Kind.ACQUIRE:
            return {**said, "transaction_type": "BUY", "crypto_in": quantity}
        return {**said, "transaction_type": "SELL", "crypto_out_no_fee": quantity, "crypto_fee": self._number(0)}
