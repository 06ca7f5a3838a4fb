"""Selections of lots in the journal: they are few, and read from their records."""

from __future__ import annotations

from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.journal.encoding import decode_unchecked
from app.core.journal.records import parse_header
from app.core.model.lot_selections import LotSelection


def selection_fields(selection: LotSelection) -> dict[str, Any]:
    """Return what is sealed of a selection; when, its header says."""
    return {
        "asset": selection.asset,
        "disposal": bytes.fromhex(selection.disposal),
        "jurisdiction": selection.jurisdiction,
        "lots": [[row, quantity] for row, quantity in selection.lots],
        "preset": selection.preset,
        "wallet": selection.wallet,
    }


def recorded_selections(connection: Any, book: str) -> tuple[LotSelection, ...]:
    """Return the selections of a book, oldest first, without those whose body was erased."""
    # The kind as a word of the statement: only then, and read first, the index of these few records serves.
    rows = connection.execute(
        "SELECT header, hash, body FROM records CROSS JOIN chains USING (chain) CROSS JOIN bodies USING (n)"
        " WHERE book = ? AND kind = 'lot_selection' ORDER BY records.n",
        (book,),
    ).fetchall()
    return tuple(
        _selection(decode_unchecked(body), parse_header(header).recorded_at, sealed.hex())
        for header, sealed, body in rows
    )


def _selection(fields: dict[str, Any], recorded_ns: int, record: str) -> LotSelection:
    return LotSelection(
        fields["jurisdiction"],
        fields["asset"],
        tuple((row, read_decimal(quantity)) for row, quantity in fields["lots"]),
        fields["disposal"].hex(),
        fields["wallet"],
        fields["preset"],
        recorded_ns,
        record,
    )
