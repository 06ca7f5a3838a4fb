"""Things that have not happened: data that a person can edit and keep, and what they would do to the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.errors import InputError
from app.core.risk.exposures import Exposure, net
from app.core.risk.metrics.contributions import contributions
from app.core.risk.stress.around import ALONE, Around
from app.core.risk.stress.liquidation import liquidations
from app.core.risk.stress.results import Line, StressResult, Told, result
from app.core.risk.stress.shocks import Shock, move_of, shocked


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
    """A bridge that is emptied, or a token that is no longer redeemed, but for a share.

    Attributes:
        chain: Everything on it that came over a bridge is hit; "" where the bridge itself is named.
        assets: Those of the chain that came over the bridge, where somebody says so.
        bridge: What the tokens are redeemed through.
    """

    chain: str = ""
    assets: tuple[str, ...] = ()
    recovery: float = 0.0
    bridge: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Every price opens elsewhere at once.

    Attributes:
        spared: Assets that keep their price, such as money and stablecoins.
    """

    move: float = -0.5
    spared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VolatilityUp:
    """All volatilities are multiplied: an expected shortfall of one day, so many times as large."""

    factor: float = 3.0
    confidence: float = 0.99


Hypothesis = VenueDefault | Depeg | BridgeLoss | Gap | Shock | VolatilityUp


def run(found: Hypothesis, exposures: Sequence[Exposure], around: Around = ALONE) -> StressResult:
    """Return what it would do to the book; only higher volatility and betas need histories."""
    match found:
        case VenueDefault():
            return _venue_default(found, exposures, around)
        case Depeg():
            return _depeg(found, exposures, around)
        case BridgeLoss():
            return _bridge_loss(found, exposures, around)
        case Gap():
            return _gap(found, exposures, around)
        case Shock():
            return shocked(found, exposures, around)
        case VolatilityUp():
            return _volatility_up(found, exposures, around)


def _venue_default(found: VenueDefault, exposures: Sequence[Exposure], around: Around) -> StressResult:
    kept, name = _share(found.recovery, "recovery"), around.name(found.venue)
    told = Told(
        f"Default of {name}",
        f"venue default, {kept:.0%} recovered",
        f"What {name} owes (holdings, stakes, margin and open gains there) is lost but for {kept:.0%}.",
        (
            "Debt to the venue stays owed in full: it is not set off.",
            "Perpetuals there are closed at their mark; what they hedged elsewhere is open afterwards.",
        ),
    )
    return result(told, _lost(exposures, lambda one: one.places.venue == found.venue, kept), exposures)


def _bridge_loss(found: BridgeLoss, exposures: Sequence[Exposure], around: Around) -> StressResult:
    kept = _share(found.recovery, "recovery")
    if not (found.bridge or found.chain):
        raise InputError("a loss of a bridge names none", hint="Give a bridge, or a chain.")
    named = ", ".join(map(around.name, found.assets)) or "what came over a bridge"
    told = Told(
        f"{found.bridge} fails" if found.bridge else f"Bridges to {found.chain} emptied",
        f"bridge loss, {kept:.0%} recovered",
        f"What is redeemed through it ({found.bridge}) is lost but for {kept:.0%}."
        if found.bridge
        else f"On {found.chain}, {named} is no longer redeemed but for {kept:.0%}.",
        ("Prices elsewhere do not move.", "Whether a venue would make good for its customers is not assumed."),
    )

    def is_hit(one: Exposure) -> bool:
        if found.bridge:
            return one.places.bridge == found.bridge
        is_there = one.places.chain.casefold() == found.chain.casefold()
        return is_there and (one.asset in found.assets if found.assets else bool(one.places.bridge))

    return result(told, _lost(exposures, is_hit, kept), exposures)


def _depeg(found: Depeg, exposures: Sequence[Exposure], around: Around) -> StressResult:
    price = _share(found.price, "price")
    hit = {one.asset for one in exposures if one.asset in found.assets}
    hit |= {one.asset for one in exposures if found.issuer and one.places.issuer == found.issuer}
    name = found.issuer or ", ".join(map(around.name, found.assets))
    if not name:
        raise InputError("a loss of the peg names no stablecoin", hint="Give an issuer, or assets.")
    told = Told(
        f"{name} at {price:.2f}",
        "loss of a peg",
        f"What {name} issues is worth {price:.2f} of its value: a loss for who holds it, a gain for who owes it.",
        ("Other prices do not move.",),
    )
    return _moved(told, exposures, {one.asset: price - 1 if one.asset in hit else 0.0 for one in exposures}, around)


def _gap(found: Gap, exposures: Sequence[Exposure], around: Around) -> StressResult:
    move = move_of(found.move)
    told = Told(
        f"Gap of {move:+.0%}",
        "gap of every price",
        f"Every price but those spared opens {move:+.0%} elsewhere; each exposure moves in full.",
        ("Nothing can be traded before the new price.",),
    )
    moves = {one.asset: 0.0 if one.asset in found.spared else move for one in exposures}
    return _moved(told, exposures, moves, around)


def _volatility_up(found: VolatilityUp, exposures: Sequence[Exposure], around: Around) -> StressResult:
    scenarios = around.scenarios
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


def _moved(told: Told, exposures: Sequence[Exposure], moves: Mapping[str, float], around: Around) -> StressResult:
    lines = [Line(asset, value, moves[asset], value * moves[asset]) for asset, value in net(exposures).items()]
    closed = liquidations(exposures, moves, around.name)
    return result(replace(told, closed=closed), lines, exposures)


def _share(value: float, what: str) -> float:
    if not 0 <= value <= 1:
        raise InputError(f"a {what} of {value:g} is no share", hint="Give a share from 0 to 1.")
    return value
