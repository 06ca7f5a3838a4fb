"""Standing orders as they are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.lots.methods import Method, Scope
from app.core.model.standing_orders import StandingOrder


def order_fields(order: StandingOrder) -> dict[str, Any]:
    """Return what is sealed of an order."""
    return {
        "jurisdiction": order.jurisdiction,
        "method": order.method.value,
        "reason": order.reason,
        "scope": "" if order.scope is None else order.scope.value,
        "wallet": order.wallet,
        "year": order.year,
    }


def read_order(fields: Mapping[str, Any], recorded_ns: int, _record: str) -> StandingOrder:
    """Return the order of a sealed body."""
    scope = Scope(fields["scope"]) if fields["scope"] else None
    named = fields["jurisdiction"], fields["year"], Method(fields["method"]), fields["reason"]
    return StandingOrder(*named, scope, fields["wallet"], recorded_ns)
