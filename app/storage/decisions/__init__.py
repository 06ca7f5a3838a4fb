"""Decisions of persons in the journal: each kind is one module that says what is sealed of it and reads it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from app.core.journal.encoding import decode_unchecked
from app.core.journal.records import RecordKind, parse_header
from app.core.model.alert_rules import AlertEvent, AlertRule
from app.core.model.decisions import Decision
from app.core.model.lot_selections import LotSelection
from app.core.model.period_seals import PeriodSeal
from app.core.model.price_overrides import PriceOverride
from app.core.model.standing_orders import StandingOrder
from app.core.model.transfer_links import TransferLink
from app.core.model.waivers import Waiver
from app.storage.decisions.alerts import event_fields, read_event, read_rule, rule_fields
from app.storage.decisions.links import link_fields, read_link
from app.storage.decisions.orders import order_fields, read_order
from app.storage.decisions.overrides import override_fields, read_override
from app.storage.decisions.seals import read_seal, seal_fields
from app.storage.decisions.selections import read_selection, selection_fields
from app.storage.decisions.waivers import read_waiver, waiver_fields
from app.storage.migrations.m0005_alerts import IS_FEW

D = TypeVar("D", bound=Decision)


@dataclass(frozen=True, slots=True)
class Codec(Generic[D]):
    """How one kind of decision is written down and read.

    Attributes:
        fields: What is sealed of it; when, its header says.
        read: From what was sealed, when it was recorded, and the hash of its record in hex.
        entries: Ids in hex of the entries that it speaks of: each must be in the books.
        of_device: Adds the device, in hex, whose chain has it.
    """

    kind: RecordKind
    fields: Callable[[D], dict[str, Any]]
    read: Callable[[Mapping[str, Any], int, str], D]
    entries: Callable[[D], tuple[str, ...]] = lambda _: ()
    of_device: Callable[[D, str], D] = lambda one, _device: one


_CODECS: Mapping[type[Any], Codec[Any]] = {
    AlertEvent: Codec(RecordKind.ALERT_EVENT, event_fields, read_event),
    AlertRule: Codec(RecordKind.ALERT_RULE, rule_fields, read_rule),
    LotSelection: Codec(
        RecordKind.LOT_SELECTION, selection_fields, read_selection, lambda one: (one.disposal,) if one.disposal else ()
    ),
    PeriodSeal: Codec(RecordKind.PERIOD_SEAL, seal_fields, read_seal),
    PriceOverride: Codec(RecordKind.PRICE_OVERRIDE, override_fields, read_override),
    TransferLink: Codec(
        RecordKind.TRANSFER_LINK,
        link_fields,
        read_link,
        lambda one: (*one.withdrawals, *one.deposits),
        lambda one, device: replace(one, device=device),
    ),
    StandingOrder: Codec(RecordKind.STANDING_ORDER, order_fields, read_order),
    Waiver: Codec(RecordKind.WAIVER, waiver_fields, read_waiver),
}


def codec(of: type[D]) -> Codec[D]:
    """Return how a kind of decision is written and read."""
    return _CODECS[of]


def recorded(connection: Any, book: str, of: type[D]) -> tuple[D, ...]:
    """Return the decisions of one kind in a book, oldest first, without those whose body was erased."""
    how = codec(of)
    rows = connection.execute(
        "SELECT header, hash, body FROM records CROSS JOIN chains USING (chain) CROSS JOIN bodies USING (n)"  # noqa: S608 - our own words
        f" WHERE {IS_FEW} AND kind = ? AND book = ? ORDER BY records.n",
        (how.kind.value, book),
    ).fetchall()
    return tuple(_read(how, *row) for row in rows)


def _read(how: Codec[D], header: bytes, sealed: bytes, body: bytes) -> D:
    told = parse_header(header)
    return how.of_device(how.read(decode_unchecked(body), told.recorded_at, sealed.hex()), told.device.hex())
