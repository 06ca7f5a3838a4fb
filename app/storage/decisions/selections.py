"""Selections of lots as they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.model.lot_selections import LotSelection


def selection_fields(selection: LotSelection) -> dict[str, Any]:
    """Return what is sealed of a selection."""
    return {
        "asset": selection.asset,
        "disposal": bytes.fromhex(selection.disposal),
        "jurisdiction": selection.jurisdiction,
        "lots": [[row, quantity] for row, quantity in selection.lots],
        "preset": selection.preset,
        "wallet": selection.wallet,
    }


def read_selection(fields: Mapping[str, Any], recorded_ns: int, record: str) -> LotSelection:
    """Return the selection of a sealed body."""
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
