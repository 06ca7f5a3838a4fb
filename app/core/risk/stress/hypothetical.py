"""Things that have not happened: data that a person can edit and keep, and what they would do to the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk.exposures import Exposure, net
from app.core.risk.metrics.contributions import contributions
from app.core.risk.scenarios import Scenarios
from app.core.risk.stress.results import Line, StressResult, Told, result


@dataclass(frozen=True, slots=True)
class VenueDefault:
    """A venue that no longer pays: what it owes is lost but for a share."""

    venue: str
    recovery: float = 0.0


@dataclass(frozen=True, slots=True)
class Depeg:
    """Stablecoins that fall to a share of their value: those of an issuer, or those that are named."""

    price: float = 0.9
    issuer: str = ""
    assets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BridgeLoss:
    """A bridge that is emptied: assets on a chain are no longer redeemed but for a share.

    Attributes:
        assets: Those that came over the bridge; all of the chain where none is named.
    """

    chain: str
    assets: tuple[str, ...] = ()
    recovery: float = 0.0


@dataclass(frozen=True, slots=True)
class Gap:
    """Every price opens elsewhere at once.

    Attributes:
        spared: Assets that keep their price, such as money and stablecoins.
    """

    move: float = -0.5
    spared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shock:
    """Moves of single assets, the others stand still."""

    moves: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class VolatilityUp:
    """All volatilities are multiplied: an expected shortfall of one day, so many times as large."""

    factor: float = 3.0
    confidence: float = 0.99


Hypothesis = VenueDefault | Depeg | BridgeLoss | Gap | Shock | VolatilityUp


def run(found: Hypothesis, exposures: Sequence[Exposure], scenarios: Scenarios | None = None) -> StressResult:
    """Return what it would do to the book; only higher volatility needs scenarios."""
    match found:
        case VenueDefault():
            return _venue_default(found, exposures)
        case Depeg():
            return _depeg(found, exposures)
        case BridgeLoss():
            return _bridge_loss(found, exposures)
        case Gap():
            return _gap(found, exposures)
        case Shock():
            return _shock(found, exposures)
        case VolatilityUp():
            return _volatility_up(found, exposures, scenarios)


def _venue_default(found: VenueDefault, exposures: Sequence[Exposure]) -> StressResult:
    kept = _share(found.recovery, "recovery")
    told = Told(
        f"Default of {found.venue}",
        f"venue default, {kept:.0%} recovered",
        f"What {found.venue} owes (holdings, stakes, margin and open gains there) is lost but for {kept:.0%}.",
        (
            "Debt to the venue stays owed in full: it is not set off.",
            "Perpetuals there are closed at their mark; what they hedged elsewhere is open afterwards.",
        ),
    )
    return result(told, _lost(exposures, lambda one: one.places.venue == found.venue, kept), exposures)


def _bridge_loss(found: BridgeLoss, exposures: Sequence[Exposure]) -> StressResult:
    kept = _share(found.recovery, "recovery")
    named = ", ".join(found.assets) or "everything held there"
    told = Told(
        f"Bridge to {found.chain} emptied",
        f"bridge loss, {kept:.0%} recovered",
        f"On {found.chain}, {named} is no longer redeemed but for {kept:.0%}.",
        ("Prices elsewhere do not move.",),
    )

    def is_hit(one: Exposure) -> bool:
        return one.places.chain == found.chain and (not found.assets or one.asset in found.assets)

    return result(told, _lost(exposures, is_hit, kept), exposures)


def _depeg(found: Depeg, exposures: Sequence[Exposure]) -> StressResult:
    price = _share(found.price, "price")
    hit = {one.asset for one in exposures if one.asset in found.assets}
    hit |= {one.asset for one in exposures if found.issuer and one.places.issuer == found.issuer}
    name = found.issuer or ", ".join(found.assets)
    if not name:
        raise InputError("a loss of the peg names no stablecoin", hint="Give an issuer, or assets.")
    told = Told(
        f"{name} at {price:.2f}",
        "loss of a peg",
        f"What {name} issues is worth {price:.2f} of its value: a loss for who holds it, a gain for who owes it.",
        ("Other prices do not move.",),
    )
    return result(told, _moved(exposures, lambda asset: price - 1 if asset in hit else 0.0), exposures)


def _gap(found: Gap, exposures: Sequence[Exposure]) -> StressResult:
    move = _move(found.move)
    told = Told(
        f"Gap of {move:+.0%}",
        "gap of every price",
        f"Every price but those spared opens {move:+.0%} elsewhere; each exposure moves in full.",
        ("There is no liquidation on the way: nothing can be traded before the new price.",),
    )
    return result(told, _moved(exposures, lambda asset: 0.0 if asset in found.spared else move), exposures)


def _shock(found: Shock, exposures: Sequence[Exposure]) -> StressResult:
    moves = {asset: _move(move) for asset, move in found.moves}
    told = Told(
        "Shock of " + ", ".join(f"{asset} {move:+.0%}" for asset, move in moves.items()),
        "moves of single assets",
        "The named prices move, each exposure to them in full; the others stand still.",
    )
    return result(told, _moved(exposures, lambda asset: moves.get(asset, 0.0)), exposures)


def _volatility_up(found: VolatilityUp, exposures: Sequence[Exposure], scenarios: Scenarios | None) -> StressResult:
    if scenarios is None or not found.factor > 0:
        raise InputError(
            f"higher volatility ({found.factor:g} times) needs scenarios and a positive factor",
            hint="Give the scenarios that value at risk is read from.",
        )
    by_asset = net(exposures)
    held = scenarios.book(by_asset)
    shares = contributions(scenarios, held, found.confidence)
    losses = dict(zip(shares.assets, (-found.factor * shares.expected_shortfall).tolist(), strict=True))
    lines = (Line(asset, exposure, None, losses.get(asset)) for asset, exposure in by_asset.items())
    told = Told(
        f"Volatility × {found.factor:g}",
        f"{shares.basis.method}, expected shortfall at {found.confidence:.1%} × {found.factor:g}",
        f"The expected shortfall of {scenarios.horizon_days} d at {found.confidence:.1%}, {found.factor:g} times.",
        (*shares.basis.assumptions, "Correlations and the shape of the tail stay as they are."),
        scenarios.since,
        scenarios.until,
        shares.basis.coverage.proxied,
    )
    return result(told, lines, exposures)


def _lost(exposures: Sequence[Exposure], is_hit: Callable[[Exposure], bool], kept: float) -> Iterable[Line]:
    lost: dict[str, float] = {}
    for one in exposures:
        if is_hit(one):
            lost[one.asset] = lost.get(one.asset, 0.0) - one.claim * (1 - kept)
    return (Line(asset, exposure, None, lost.get(asset, 0.0)) for asset, exposure in net(exposures).items())


def _moved(exposures: Sequence[Exposure], move: Callable[[str], float]) -> Iterable[Line]:
    for asset, exposure in net(exposures).items():
        moved = move(asset)
        yield Line(asset, exposure, moved, exposure * moved)


def _share(value: float, what: str) -> float:
    if not 0 <= value <= 1:
        raise InputError(f"a {what} of {value:g} is no share", hint="Give a share from 0 to 1.")
    return value


def _move(value: float) -> float:
    if not (np.isfinite(value) and value >= -1):
        raise InputError(f"no price moves by {value:g}", hint="Give a share of −1 (everything) or more.")
    return float(value)
