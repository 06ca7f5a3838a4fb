"""Days that happened: the book as it is now, through the moves of then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from app.core.clock import DAY, EPOCH, iso
from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.basis import Proxy
from app.core.risk.exposures import Exposure, net
from app.core.risk.prices import Prices
from app.core.risk.returns import Returns, returns
from app.core.risk.scenarios import beta
from app.core.risk.stress.around import ALONE, Around
from app.core.risk.stress.liquidation import liquidations
from app.core.risk.stress.results import Line, StressResult, Told, result


@dataclass(frozen=True, slots=True)
class Episode:
    """Moves from the close before `first` to the close of `last`.

    Attributes:
        first: Start of the first day.
        last: Start of the last day.
    """

    code: str
    name: str
    first: int
    last: int


def day(year: int, month: int, number: int) -> int:
    """Return the start of a day in UTC."""
    return (date(year, month, number).toordinal() - EPOCH) * DAY


_OLDER = 3
"""Where the day before an episode has no close, one up to so many days older will do: some sources skip weekends."""

EPISODES = (
    Episode("2020-03", "Crash, 12 Mar 2020", day(2020, 3, 12), day(2020, 3, 12)),
    Episode("2021-05", "Crash, 19 May 2021", day(2021, 5, 19), day(2021, 5, 19)),
    Episode("2022-05", "Terra, 7–12 May 2022", day(2022, 5, 7), day(2022, 5, 12)),
    Episode("2022-11", "FTX, 6–9 Nov 2022", day(2022, 11, 6), day(2022, 11, 9)),
    Episode("2025-10", "Crash, 10 Oct 2025", day(2025, 10, 10), day(2025, 10, 10)),
)


def replay(  # noqa: PLR0913 - what an asset without a price then is replaced by
    episode: Episode,
    history: Prices,
    exposures: Sequence[Exposure],
    *,
    proxies: Mapping[str, str] | None = None,
    default_proxy: str = "",
    constant: frozenset[str] = frozenset(),
    recorded: Mapping[str, float] | None = None,
    is_made_up: bool = False,
    around: Around = ALONE,
) -> StressResult:
    """Return what the episode would do; an asset that had no price then takes its proxy's move times beta.

    Where the history does not reach back, the `recorded` moves of then count; where it `is_made_up`, as prices of a
    simulated market are, they count before it.
    """
    known = recorded or {}
    own = {asset: move for asset, move in _moves(episode, history).items() if not (is_made_up and asset in known)}
    moves = {**known, **own}
    past = returns(history)
    named = proxies or {}
    lines: list[Line] = []
    proxied: list[Proxy] = []
    for asset, exposure in net(exposures).items():
        if asset in constant:
            lines.append(Line(asset, exposure, 0.0, 0.0, "keeps its value by definition"))
        elif asset in moves:
            note = "" if asset in own else "as recorded then"
            lines.append(Line(asset, exposure, moves[asset], exposure * moves[asset], note))
        else:
            lines.append(_proxied(asset, exposure, named.get(asset, default_proxy), moves, past, proxied))
    closed = liquidations(exposures, {one.asset: one.move for one in lines}, around.name)
    return result(_told(episode, tuple(proxied), closed), lines, exposures)


def _told(episode: Episode, proxied: tuple[Proxy, ...], closed: tuple[str, ...]) -> Told:
    return Told(
        name=episode.name,
        method=f"historical stress {episode.code}",
        how=(
            f"Each exposure as it is now, times the asset's move from the last close before {iso(episode.first)[:10]} "
            f"to the close of {iso(episode.last)[:10]}."
        ),
        assumptions=(
            "From close to close: the lows within a day were deeper.",
            "Nothing is traded, liquidated or topped up meanwhile.",
            *(f"Had no price then: {one.told()}." for one in proxied),
        ),
        since=episode.first,
        until=episode.last,
        proxied=proxied,
        closed=closed,
    )


def _moves(episode: Episode, history: Prices) -> dict[str, float]:
    """Return the move of every asset that has both closes."""
    if episode.last < episode.first:
        raise InputError(
            f"{episode.name} ends at {iso(episode.last)}, before it begins", hint="Give a last day after the first."
        )
    rows = np.searchsorted(history.at, [episode.first - history.step, episode.last])
    wanted = (episode.first - history.step, episode.last)
    if any(row >= history.at.size or history.at[row] != at for row, at in zip(rows, wanted, strict=True)):
        return {}
    before, after = _lately(history.closes[max(0, rows[0] - _OLDER) : rows[0] + 1]), history.closes[rows[1]]
    found = zip(history.assets, (after / before - 1).tolist(), strict=True)
    return {asset: move for asset, move in found if not np.isnan(move)}


def _lately(closes: Floats) -> Floats:
    """Return the last close of each asset that is known."""
    found = closes[-1].copy()
    for older in closes[-2::-1]:
        found = np.where(np.isnan(found), older, found)
    return np.asarray(found, np.float64)


def _proxied(  # noqa: PLR0913, PLR0917 - all that is known of the asset and its proxy
    asset: str, exposure: float, name: str, moves: Mapping[str, float], past: Returns, proxied: list[Proxy]
) -> Line:
    if name not in moves:
        return Line(asset, exposure, None, None, "no price then, and no proxy: left out")
    slope, is_estimated, own = 1.0, False, 0
    if asset in past.assets:
        column = past.of(asset)
        slope, is_estimated = beta(column, past.of(name))
        own = int(np.count_nonzero(~np.isnan(column)))
    proxied.append(Proxy(asset, name, slope, own, is_estimated))
    move = max(slope * moves[name], -1.0)
    return Line(asset, exposure, move, exposure * move, f"{name} × {slope:.2f}")
