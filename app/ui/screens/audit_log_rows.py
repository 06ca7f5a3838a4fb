"""What the audit log shows: a row for each record, and what kinds of records there are called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.core.model.audit_log import LogLine
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Words
from app.ui.models.columns import RIGHT, Column, text_column
from app.ui.models.rows import Branch
from app.ui.words import tr

ALL, PERSON, BOOKS, SOURCES, PROOF = "all", "person", "books", "sources", "proof"
KINDS = {
    ALL: (),
    PERSON: (
        "note", "standing_order", "lot_selection", "transfer_link", "waiver", "price_override", "period_seal",
        "alert_rule",
    ),
    BOOKS: ("entry", "revision", "evidence"),
    SOURCES: ("observation", "balance_reading", "account", "book"),
    PROOF: ("commit", "device", "sealed_file"),
}  # fmt: skip
"""Which kinds of records each choice of the filter shows."""

_NAMES = {
    "account": "account", "alert_event": "alert", "alert_rule": "alert rule", "balance_reading": "balances",
    "book": "book", "commit": "signature", "device": "device",
    "entry": "entry", "evidence": "evidence", "lot_selection": "lots chosen", "note": "note",
    "observation": "page read", "period_seal": "seal", "price_override": "price set", "revision": "correction",
    "sealed_file": "sealed file", "standing_order": "standing order", "transfer_link": "transfer",
    "waiver": "waiver",
}  # fmt: skip


def branches(lines: Iterable[LogLine]) -> tuple[Branch, ...]:
    """Return a row for each record."""
    return tuple(Branch(str(one.number), one) for one in lines)


def kind(row: LogLine) -> str:
    """Return what a kind of record is called; one of a newer version by its own word."""
    return tr(_NAMES.get(row.kind, row.kind.replace("_", " ")))


def name(row: LogLine) -> str:
    """Return how a row is called."""
    return f"{kind(row)} {row.seq}"


def source(row: LogLine) -> str:
    """Return who told it."""
    if row.is_of_person:
        return tr("a person")
    return row.source or tr("the vault")


def _at(row: LogLine) -> Cell:
    return Words(f"{fmt.date(row.recorded_ns)} {fmt.time(row.recorded_ns)}", "text_2")


def _kind(row: LogLine) -> Cell:
    return Words(kind(row), "text" if row.is_of_person else "text_2", icon="user" if row.is_of_person else "")


def short(row: LogLine) -> str:
    """Return the ends of the record's hash."""
    return fmt.grouped_hash(row.hash, short=True)


def columns() -> Sequence[Column]:
    """Return the columns; the newest record is at the top, so nothing sorts."""
    return (
        Column("at", tr("Recorded, UTC"), lambda row: fmt.moment(row.recorded_ns), _at, can_sort=False, priority=100,
               width=140, tooltip=lambda row: fmt.local(row.recorded_ns), can_hide=False),
        Column("kind", tr("Kind"), kind, _kind, can_sort=False, priority=90, width=104),
        Column("words", tr("What it says"), lambda row: fmt.prose(row.words), lambda row: Words(fmt.prose(row.words)),
               can_sort=False, priority=100, width=220, gives_way=True, can_hide=False),
        text_column("source", tr("From"), source, tone="text_2", can_sort=False, priority=80, width=90),
        Column("seq", tr("Record"), lambda row: row.seq, lambda row: Figure(fmt.count(row.seq), "text_2"), RIGHT,
               can_sort=False, priority=85, about=tr("Its place in the chain of its device"), tooltip=_of_device),
        Column("device", tr("Device"), lambda row: row.device, _device, can_sort=False, priority=40, width=80,
               tooltip=_of_device),
        Column("hash", tr("Hash"), lambda row: row.hash, lambda row: Words(short(row), "text_3", "mono_small"),
               can_sort=False, priority=70, width=170, tooltip=lambda row: fmt.grouped_hash(row.hash)),
    )  # fmt: skip


def _device(row: LogLine) -> Cell:
    return Words(row.device[:8], "text_3", "mono_small")


def _of_device(row: LogLine) -> str:
    return tr("Record %n of device %d").replace("%n", fmt.count(row.seq)).replace("%d", row.device)
