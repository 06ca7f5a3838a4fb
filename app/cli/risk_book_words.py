"""What a book of risk consists of, in JSON and in tables: sizes, leverage, what is locked, and on whom it depends."""

from __future__ import annotations

from typing import Any

from app.cli.output import Output
from app.core.clock import iso
from app.core.risk.exposures import Group
from app.core.risk.metrics.concentration import Concentration
from app.core.risk.metrics.leverage import Leverage
from app.services.risk import Report

_MOST = 5


def money(value: float | None) -> str | None:
    """Return an amount as a text with eight places at most."""
    if value is None:
        return None
    told = f"{value:.8f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def document(one: Leverage) -> dict[str, Any]:
    """Return the sizes of a book as JSON has them."""
    return {
        "long": money(one.long),
        "short": money(one.short),
        "gross": money(one.gross),
        "net": money(one.net),
        "equity": money(one.equity),
        "leverage": one.leverage,
        "debt": money(one.debt),
        "perpetuals": money(one.perpetuals),
        "locked": money(one.locked),
        "locked_share": one.locked_share,
        "unlocks": None if one.unlocks is None else iso(one.unlocks)[:10],
    }


def show(output: Output, found: Report) -> None:
    """Print sizes, and by whom and what the book stands, with what is not known."""
    sizes = found.study.leverage
    leverage = "unknown" if sizes.leverage is None else f"{sizes.leverage:.2f}"
    parts = [
        f"Long {sizes.long:,.2f}, short {sizes.short:,.2f}, gross {sizes.gross:,.2f}, net {sizes.net:,.2f}",
        f"leverage {leverage}",
        *([f"owed {sizes.debt:,.2f}"] if sizes.debt else []),
        *([f"perpetuals {sizes.perpetuals:,.2f}"] if sizes.perpetuals else []),
    ]
    output.line("; ".join(parts) + ".")
    if sizes.locked:
        until = "until when is not known" if sizes.unlocks is None else f"until {iso(sizes.unlocks)[:10]}"
        output.line(f"Locked, not to be sold at present: {sizes.locked:,.2f} ({sizes.locked_share:.1%}), {until}.")
    rows = [
        row
        for group, one in found.study.concentrations.items()
        if group is not Group.ASSET
        for row in _rows(found, group, one)
    ]
    output.table(("depends on", "name", "amount", "of everything"), rows, right=("amount", "of everything"))


def _rows(found: Report, group: Group, one: Concentration) -> list[tuple[str, str, str, str]]:
    named = one.total - one.unnamed - one.nobody
    sizes = [(found.book.venues.get(name, name), share * named) for name, share in one.shares]
    if len(sizes) > _MOST:
        rest = sizes[_MOST:]
        sizes = [*sizes[:_MOST], (f"{len(rest)} more", sum(size for _, size in rest))]
    sizes += [(word, size) for word, size in (("nobody or none", one.nobody), ("unknown", one.unnamed)) if size]
    return [(group.value, name, f"{size:,.2f}", f"{size / one.total:.1%}") for name, size in sizes]
