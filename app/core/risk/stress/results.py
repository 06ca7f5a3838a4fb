"""The outcome of a stress: gain or loss by asset, with what was assumed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.risk.basis import Basis, Coverage, Proxy
from app.core.risk.exposures import Exposure


@dataclass(frozen=True, slots=True)
class Line:
    """One asset: its net exposure, and what becomes of it; None where that is not known.

    Attributes:
        move: Relative change of its price; None where the loss is not one of price.
        note: What stands behind the move, such as a proxy.
    """

    asset: str
    exposure: float
    move: float | None
    gain: float | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class StressResult:
    """A stress of the whole book, the largest loss first.

    Attributes:
        gain: Sum of what is known, negative for a loss; None where nothing of the book is.
        closed: What venues would liquidate on the way, a sentence each; the gain leaves it out.
    """

    name: str
    gain: float | None
    lines: tuple[Line, ...]
    basis: Basis
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """What a stress says about itself."""

    name: str
    method: str
    how: str
    assumptions: tuple[str, ...] = ()
    since: int | None = None
    until: int | None = None
    proxied: tuple[Proxy, ...] = ()
    closed: tuple[str, ...] = ()


def result(told: Told, lines: Iterable[Line], exposures: Sequence[Exposure]) -> StressResult:
    """Return the sum and its basis; lines without a gain are left out of it, and named."""
    by_loss = sorted(lines, key=lambda line: (line.gain is None, line.gain or 0.0, line.asset))
    known = [line.gain for line in by_loss if line.gain is not None]
    unknown = {line.asset for line in by_loss if line.gain is None}
    gross = math.fsum(abs(line.exposure) for line in by_loss)
    covered = math.fsum(abs(line.exposure) for line in by_loss if line.gain is not None)
    return StressResult(
        name=told.name,
        gain=math.fsum(known) if known or not exposures else None,
        lines=tuple(by_loss),
        basis=Basis(
            method=told.method,
            since=told.since,
            until=told.until,
            observations=1 if told.since is not None else 0,
            coverage=Coverage(gross, covered, tuple(sorted(unknown)), told.proxied),
            how=told.how,
            assumptions=(*told.assumptions, *told.closed),
        ),
        closed=told.closed,
    )
