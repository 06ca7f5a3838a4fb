"""Standing orders in the journal: they are few, and read from their records."""

from __future__ import annotations

from typing import Any

from app.core.journal.encoding import decode_unchecked
from app.core.journal.records import parse_header
from app.core.lots.methods import Method, Scope
from app.core.model.standing_orders import StandingOrder


def order_fields(order: StandingOrder) -> dict[str, Any]:
    """Return what is sealed of an order; when, its header says."""
    return {
        "jurisdiction": order.jurisdiction,
        "method": order.method.value,
        "reason": order.reason,
        "scope": "" if order.scope is None else order.scope.value,
        "wallet": order.wallet,
        "year": order.year,
    }


def recorded_orders(connection: Any, book: str) -> tuple[StandingOrder, ...]:
    """Return the orders of a book, oldest first, without those whose body was erased."""
    # The kind as a word of the statement: only then, and read first, the index of these few records serves.
    rows = connection.execute(
        "SELECT header, body FROM records CROSS JOIN chains USING (chain) CROSS JOIN bodies USING (n)"
        " WHERE book = ? AND kind = 'standing_order' ORDER BY records.n",
        (book,),
    ).fetchall()
    return tuple(_order(decode_unchecked(body), parse_header(header).recorded_at) for header, body in rows)


def _order(fields: dict[str, Any], recorded_ns: int) -> StandingOrder:
    scope = Scope(fields["scope"]) if fields["scope"] else None
    named = fields["jurisdiction"], fields["year"], Method(fields["method"]), fields["reason"]
    return StandingOrder(*named, scope, fields["wallet"], recorded_ns)
