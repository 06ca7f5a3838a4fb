"""Entries of a few legs with closes of one day, and what follows from them as transactions."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.model.assets import AssetKind
from app.core.tax.from_entries import Made, from_entries
from app.core.tax.valuations import Prices

NOON = 20_000 * DAY + DAY // 2
KINDS = {
    "usd": AssetKind.FIAT,
    "eur": AssetKind.FIAT,
    "tether": AssetKind.STABLE,
    "usd-coin": AssetKind.STABLE,
    "bitcoin": AssetKind.CRYPTO,
    "ethereum": AssetKind.CRYPTO,
    "bnb": AssetKind.CRYPTO,
    "dust": AssetKind.CRYPTO,
}
CLOSES = {
    "eur": {20_000: Decimal("1.25")},
    "tether": {20_000: Decimal("0.99")},
    "bitcoin": {20_000: Decimal(40_000)},
    "ethereum": {20_000: Decimal(2_000)},
    "bnb": {20_000: Decimal(300)},
}
PRICES = Prices("usd", "usd", CLOSES)

ALeg = tuple[str, str] | tuple[str, str, Role]


def entry(kind: EntryKind, *legs: ALeg, at: int = NOON, **more: object) -> Entry:
    """Return an entry of legs as (asset, quantity, role); what more is given replaces its parts."""
    account = str(more.pop("account", "main"))
    made = tuple(
        Leg(account, "spot", leg[0], Decimal(leg[1]), leg[2] if len(leg) > 2 else Role.PRINCIPAL) for leg in legs
    )
    return Entry(account=account, at=at, kind=kind, legs=made, identity=Identity("test", "1"), **more)  # type: ignore[arg-type]


def made(*entries: Entry, prices: Prices = PRICES) -> Made:
    """Return what entries give; their ids are e0, e1 and so on."""
    return from_entries([(f"e{index}", one) for index, one in enumerate(entries)], prices, KINDS.__getitem__)


def rows(found: Made) -> list[tuple[str, str, str | None]]:
    """Return (row, quantity, value) of every transaction."""
    return [(one.row, format(one.quantity.normalize(), "f"), _text(one.value)) for one in found.transactions]


def _text(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


FEE, INTEREST = Role.FEE, Role.INTEREST
