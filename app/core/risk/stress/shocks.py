"""Prices that move at once: single assets, whole classes, and all others by their beta to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk.basis import Proxy
from app.core.risk.exposures import Exposure, net
from app.core.risk.stress.around import STILL, Around
from app.core.risk.stress.liquidation import liquidations
from app.core.risk.stress.results import Line, StressResult, Told, result

CLASSES = {"crypto": "coins", "stable": "stablecoins", "fiat": "money", "unmapped": "unmapped assets"}
"""Classes of assets with what they are called."""


@dataclass(frozen=True, slots=True)
class Shock:
    """Moves of several prices at once.

    Attributes:
        moves: By asset.
        classes: By class of assets, for those that are not named: one of CLASSES.
        factor: All others follow this asset's move by their beta to it; "" where they stand still.
    """

    moves: tuple[tuple[str, float], ...] = ()
    classes: tuple[tuple[str, float], ...] = ()
    factor: str = ""


def shocked(found: Shock, exposures: Sequence[Exposure], around: Around) -> StressResult:
    """Return what the moves would do; an asset whose beta cannot be known is left out, and named."""
    moves, classes = _checked(found, around)
    proxied: list[Proxy] = []
    lines = [
        _line(asset, value, found.factor, moves, classes, around, proxied) for asset, value in net(exposures).items()
    ]
    told = _told(found, around, proxied, liquidations(exposures, {one.asset: one.move for one in lines}, around.name))
    return result(told, lines, exposures)


def move_of(value: float) -> float:
    """Return a relative move of a price; InputError where no price can move so."""
    if not (np.isfinite(value) and value >= -1):
        raise InputError(f"no price moves by {value:g}", hint="Give a share of −1 (everything) or more.")
    return float(value)


def _checked(found: Shock, around: Around) -> tuple[dict[str, float], dict[str, float]]:
    moves = {asset: move_of(move) for asset, move in found.moves}
    classes = {name: move_of(move) for name, move in found.classes}
    if not moves and not classes:
        raise InputError("a shock moves nothing", hint="Give an asset or a class of assets, each with its move.")
    if unknown := classes.keys() - CLASSES.keys():
        raise InputError(
            f"{', '.join(sorted(unknown))} is no class of assets", hint=f"There are: {', '.join(CLASSES)}."
        )
    if found.factor and found.factor not in moves:
        raise InputError(
            f"others shall follow {around.name(found.factor)}, which has no move",
            hint="Give the move of the asset that the others follow.",
        )
    return moves, classes


def _line(  # noqa: PLR0913, PLR0917 - what decides the move of one asset
    asset: str,
    exposure: float,
    factor: str,
    moves: dict[str, float],
    classes: dict[str, float],
    around: Around,
    proxied: list[Proxy],
) -> Line:
    if asset in moves:
        return Line(asset, exposure, moves[asset], exposure * moves[asset])
    kind = around.classes.get(asset, "unmapped")
    if kind in classes:
        return Line(asset, exposure, classes[kind], exposure * classes[kind], f"as all {CLASSES[kind]}")
    if not factor:
        return Line(asset, exposure, 0.0, 0.0)
    known = around.beta(asset, factor)
    if known is None:
        return Line(asset, exposure, None, None, f"{around.name(factor)} has no history: left out")
    slope, is_estimated = known
    if not is_estimated and kind in STILL:
        return Line(asset, exposure, 0.0, 0.0, "too little history: taken to keep its price")
    move = max(slope * moves[factor], -1.0)
    note = f"{around.name(factor)} × {slope:.2f}"
    if not is_estimated:
        proxied.append(Proxy(asset, factor, slope, 0, is_estimated=False))
        note += " (assumed)"
    return Line(asset, exposure, move, exposure * move, note)


def _told(found: Shock, around: Around, proxied: Sequence[Proxy], closed: tuple[str, ...]) -> Told:
    parts = [f"{around.name(asset)} {move:+.0%}" for asset, move in found.moves]
    parts += [f"{CLASSES[name]} {move:+.0%}" for name, move in found.classes]
    factor = around.name(found.factor)
    name = "Shock of " + ", ".join(parts) + (f"; others by beta to {factor}" if factor else "")
    how = "The named prices move, each exposure to them in full; "
    how += (
        f"every other price follows {factor} by the slope of its daily returns on {factor}'s over {around.window} days."
        if factor
        else "the others stand still."
    )
    assumed = tuple(f"Too little common history: {around.name(one.asset)} by {factor} × 1, assumed." for one in proxied)
    return Told(name, "moves of prices", how, assumed, proxied=tuple(proxied), closed=closed)
