"""What standing orders mean for a computation: checked when they are given, followed in the order of their years."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from app.core.clock import iso
from app.core.errors import RefusedError, UsageError
from app.core.findings import Finding, Severity
from app.core.lots.methods import BY_LOT, Method, Scope
from app.core.lots.standing import Change
from app.core.model.standing_orders import StandingOrder
from app.core.names import AS_TOLD, Names, counted
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import Profile, profile

ORDERED = BY_LOT - {Method.SPEC_ID}
"""Methods that may change from year to year; specific identification is a choice for each sale."""

_FIRST_YEAR, _LAST_YEAR = 2009, 2200


def check(order: StandingOrder) -> None:
    """Refuse an order that the country does not allow or that could not be followed."""
    rules = JURISDICTIONS.get(order.jurisdiction)
    if rules is None:
        raise UsageError(f"{order.jurisdiction!r} is no country here.", hint=f"There are: {', '.join(JURISDICTIONS)}.")
    if not _FIRST_YEAR <= order.year <= _LAST_YEAR:
        raise UsageError(f"The year {order.year} lies outside of {_FIRST_YEAR} to {_LAST_YEAR}.", hint="Check it.")
    # The same refusals as those of a computation.
    profile(order.jurisdiction, method=order.method, scope=order.scope)
    if order.method not in ORDERED and order.method is not rules.method:
        raise RefusedError(
            f"{order.method.value} cannot be ordered for a year: it needs a choice for each sale, or one average.",
            hint="Give --method to tax compute.",
        )
    if order.wallet and (order.scope or rules.scope) is not Scope.PER_WALLET:
        raise UsageError("An order for one wallet needs the scope per-wallet.", hint="Add --scope per-wallet.")


def in_force(orders: Iterable[StandingOrder], jurisdiction: str, year: int | None = None) -> list[StandingOrder]:
    """Return the orders of a country up to a year, by year; of two for one year and wallet, the last recorded."""
    last: dict[tuple[int, str], StandingOrder] = {}
    for order in sorted(orders, key=lambda one: one.recorded_ns):
        if order.jurisdiction == jurisdiction and (year is None or order.year <= year):
            last[order.year, order.wallet] = order
    return [last[key] for key in sorted(last)]


def followed(chosen: Profile, orders: Sequence[StandingOrder], names: Names = AS_TOLD) -> Profile:
    """Return a profile that follows orders: its own method until the first of them, then theirs.

    Raises:
        RefusedError: The orders change the scope over time, and no safe harbour says how lots came to wallets.
    """
    scopes = list(dict.fromkeys(order.scope for order in orders if order.scope is not None))
    if len(scopes) > 1 and chosen.safe_harbor is None:
        raise RefusedError(
            f"The standing orders change the scope from {scopes[0].value} to {scopes[1].value}, and nothing says which "
            "wallet the lots came to.",
            hint="In the United States add --option safe-harbor=global; else give --method and --scope.",
        )
    if scopes and chosen.safe_harbor is None:
        chosen = profile(chosen.jurisdiction.code, scope=scopes[0], options=chosen.options)
    if not orders or chosen.method not in BY_LOT:
        return chosen
    calendar = chosen.calendar
    changes = tuple(
        Change(calendar.start_of(calendar.bounds(order.year)[0]), order.wallet, order.method) for order in orders
    )
    return replace(chosen, changes=changes, findings=(*chosen.findings, *(_told(one, names) for one in orders)))


def _told(order: StandingOrder, names: Names) -> Finding:
    wallet = names.account(order.wallet) if order.wallet else "every wallet without an order of its own"
    return Finding(
        Severity.INFO,
        "standing-order",
        f"From {order.year} on {wallet} follows {order.method.value}, as ordered on {iso(order.recorded_ns)}.",
        f"{order.jurisdiction}/{order.year}/{order.wallet}",
        order.reason,
    )


def late(chosen: Profile, orders: Sequence[StandingOrder], transactions: Sequence[Transaction]) -> Iterator[Finding]:
    """Yield orders that were recorded after a sale that they decide."""
    for order, change in zip(orders, chosen.changes, strict=False):
        sales = [
            one.row
            for one in transactions
            if one.type is TransactionType.SELL
            and change.at <= one.at < order.recorded_ns
            and order.wallet in ("", one.wallet)
        ]
        if sales and order.method is not chosen.method:
            yield Finding(
                Severity.WARNING,
                "late-standing-order",
                f"The order of {order.method.value} from {order.year} on was recorded on {iso(order.recorded_ns)}, "
                f"after {counted(len(sales), 'sale')} that it decides.",
                f"{order.jurisdiction}/{order.year}/{order.wallet}",
                "Where the law asks for a choice before the sale, it counts for later sales only.",
                "Order the default for that year, or prove the earlier choice otherwise.",
            )
