"""Price histories brought to common bars. What is odd is flagged and held out, never filled in or averaged away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from app.core.clock import DAY, day_or_iso
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.names import counted
from app.core.risk.arrays import Flags, Floats, Moments, frozen
from app.core.risk.disputed import settled

_DETAILS = {
    "price-constant": "Where it stands for money itself that is right; otherwise the source is not.",
    "price-disputed": "The other one takes no part.",
    "price-duplicated": "Both are the same to two per cent.",
}
_FROZEN_BARS = 5
_MOVES = 1e-3
"""Half of the steps of an asset that moves are larger; a stablecoin may stand still without being stale."""

_OLDER = ("is older than the one before", "are older than the ones before")
_TWICE = ("is there twice, the later one counts", "are there twice, the later ones count")
_CHOSEN = (
    "contradicts another of its moment, the days around chose",
    "contradict another of their moment, the days around chose",
)
_OPEN = (
    "contradicts another of its moment, and nothing tells which is right",
    "contradict another of their moment, and nothing tells which is right",
)

Points = Sequence[tuple[int, float]] | Floats
"""(nanoseconds, price), or an array of two such columns."""


@dataclass(frozen=True, slots=True, eq=False)
class Prices:
    """Closes of many assets: one row a bar, one column an asset, NaN where an asset has none.

    Attributes:
        at: Start of each bar; bars follow each other without a hole.
        step: Length of a bar.
        findings: What was odd, one for each asset and kind.
        unwritten: Whether nobody says anything of a bar, such as a day on which a market is closed; empty for none.
    """

    assets: tuple[str, ...]
    at: Moments
    closes: Floats
    step: int
    findings: tuple[Finding, ...] = ()
    unwritten: Flags = field(default_factory=lambda: np.empty(0, np.bool_))

    def known(self, asset: str) -> int:
        """Return how many closes of an asset are known."""
        if asset not in self.assets:
            return 0
        return int(np.count_nonzero(~np.isnan(self.closes[:, self.assets.index(asset)])))


def prices(histories: Mapping[str, Points], *, step: int = DAY, until: int | None = None) -> Prices:
    """Return the last price of each asset in each bar; nothing after the bar of `until`.

    Zero, negative and unreadable prices are held out; of two prices for one moment the later written counts, or the one
    that the days around speak for where they contradict each other; a price that stands still for five bars although
    its asset moves is stale from the second bar on.
    """
    if step <= 0:
        raise InputError(f"a bar of {step} nanoseconds has no length", hint="Give a positive step, such as a day.")
    found: list[Finding] = []
    sorted_out = {asset: _sorted_out(asset, points, until, found) for asset, points in sorted(histories.items())}
    bars = {asset: _bars(at, price, step) for asset, (at, price) in sorted_out.items() if at.size}
    if not bars:
        return Prices((), np.empty(0, np.int64), np.empty((0, 0)), step, tuple(found))
    first = min(int(numbers[0]) for numbers, _ in bars.values())
    last = max(int(numbers[-1]) for numbers, _ in bars.values())
    closes = np.full((last - first + 1, len(bars)), np.nan)
    for column, (asset, (numbers, price)) in enumerate(bars.items()):
        closes[numbers - first, column] = price
        _hold_out_stale(asset, closes[:, column], first, step, found)
        _tell_gaps(asset, closes[:, column], first, step, found)
    at = np.arange(first, last + 1, dtype=np.int64) * step
    return Prices(tuple(bars), at, frozen(closes), step, tuple(found), _unwritten(histories.values(), at, step))


def _unwritten(histories: Iterable[Points], at: Moments, step: int) -> Flags:
    found = np.ones(at.size, np.bool_)
    for points in histories:
        numbers = _columns(points)[0] // step - at[0] // step
        found[numbers[(numbers >= 0) & (numbers < at.size)]] = False
    return found


def _sorted_out(asset: str, points: Points, until: int | None, found: list[Finding]) -> tuple[Moments, Floats]:
    at, price = _columns(points)
    if until is not None:
        at, price = at[at <= until], price[at <= until]
    for code, bad, what in (
        ("price-unreadable", ~np.isfinite(price), ("is no number", "are no numbers")),
        ("price-zero", price == 0, ("is zero", "are zero")),
        ("price-negative", np.isfinite(price) & (price < 0), ("is negative", "are negative")),
    ):
        _tell(asset, code, at[bad], what, found)
    sound = np.isfinite(price) & (price > 0)
    at, price = at[sound], price[sound]
    backwards = np.concatenate(([False], np.diff(at) < 0)) if at.size else np.empty(0, np.bool_)
    _tell(asset, "price-out-of-order", at[backwards], _OLDER, found)
    by_time = np.argsort(at, kind="stable")
    at, price = at[by_time], price[by_time]
    once = settled(at, price)
    _tell(asset, "price-duplicated", once.doubled, _TWICE, found)
    _tell(asset, "price-disputed", once.believed, _CHOSEN, found)
    _tell(asset, "price-unsettled", once.unsettled, _OPEN, found)
    return once.at, once.price


def _columns(points: Points) -> tuple[Moments, Floats]:
    if isinstance(points, np.ndarray):
        return points[:, 0].astype(np.int64), points[:, 1].astype(np.float64)
    return (
        np.fromiter((at for at, _ in points), np.int64, len(points)),
        np.fromiter((price for _, price in points), np.float64, len(points)),
    )


def _bars(at: Moments, price: Floats, step: int) -> tuple[Moments, Floats]:
    """Return the bars that have a price, with the last one in each."""
    numbers = at // step
    is_last = np.concatenate((np.diff(numbers) > 0, [True]))
    return numbers[is_last], price[is_last]


def _hold_out_stale(asset: str, closes: Floats, first: int, step: int, found: list[Finding]) -> None:
    steps = np.abs(np.diff(np.log(closes)))
    moving = steps[steps > 0]
    if not moving.size:
        _tell_constant(asset, closes, first, step, found)
        return
    if np.median(moving) < _MOVES:
        return
    stale = frozen_bars(steps == 0)
    _tell(asset, "price-stale", (np.flatnonzero(stale) + first) * step, ("stands still", "stand still"), found)
    closes[stale] = np.nan


def _tell_constant(asset: str, closes: Floats, first: int, step: int, found: list[Finding]) -> None:
    there = np.flatnonzero(~np.isnan(closes))
    if there.size >= _FROZEN_BARS and closes[there[0]] != 1:
        always = f"are all {float(closes[there[0]]):g}, so that it brings no risk"
        _tell(asset, "price-constant", (there + first) * step, (always, always), found)


def frozen_bars(is_same: Flags) -> Flags:
    """Return the bars of runs that repeat a price at least five times, without the first of each run."""
    stale = np.zeros(is_same.size + 1, np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], is_same.astype(np.int8), [0]))))
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if end - start >= _FROZEN_BARS - 1:
            stale[start + 1 : end + 1] = True
    return stale


def _tell_gaps(asset: str, closes: Floats, first: int, step: int, found: list[Finding]) -> None:
    there = np.flatnonzero(~np.isnan(closes))
    inside = np.arange(there[0], there[-1] + 1)
    missing = np.setdiff1d(inside, there, assume_unique=True)
    _tell(asset, "price-gap", (missing + first) * step, ("is missing", "are missing"), found)


def _tell(asset: str, code: str, moments: Moments, what: tuple[str, str], found: list[Finding]) -> None:
    """Tell that prices are odd, of one and of several: moments says how many and when."""
    if not moments.size:
        return
    one, many = what
    told = counted(moments.size, f"price of {asset} {one}", f"prices of {asset} {many}")
    found.append(
        Finding(
            Severity.WARNING,
            code,
            f"{told}, the first at {day_or_iso(int(moments[0]))}.",
            subject=asset,
            detail=_DETAILS.get(code, "They take no part in returns."),
            fix="Check the price source",
            asset=asset,
        )
    )
