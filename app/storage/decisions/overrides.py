"""Prices set by a person, as they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.model.price_overrides import PriceOverride


def override_fields(override: PriceOverride) -> dict[str, Any]:
    """Return what is sealed of a price that a person set."""
    return {
        "asset": override.asset,
        "currency": override.currency,
        "day": override.day,
        "price": override.price,
        "reason": override.reason,
    }


def read_override(fields: Mapping[str, Any], recorded_ns: int, record: str) -> PriceOverride:
    """Return the price of a sealed body."""
    price = None if fields["price"] is None else read_decimal(fields["price"])
    named = fields["asset"], fields["day"], price, fields["currency"], fields["reason"]
    return PriceOverride(*named, recorded_ns, record)
