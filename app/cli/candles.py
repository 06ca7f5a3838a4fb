"""counterfoil price candles: what is kept of minutes, hours and days, read from the venues first where wanted."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from app.cli.output import moment, number
from app.cli.price import app
from app.cli.progress import bar
from app.cli.reading import UNREACHABLE
from app.cli.session import Session, run, session
from app.cli.words import day_of
from app.core.clock import DAY
from app.core.errors import InputError
from app.core.findings import Finding
from app.core.market.candles import INTERVALS
from app.core.model.market import Candle, Series
from app.core.names import counted
from app.services.asset_words import asset_id
from app.services.workspace import Workspace

__all__ = ["app"]

_DAYS = {"1m": 1, "1h": 30, "1d": 365}


class Interval(StrEnum):
    """How long a candle is."""

    MINUTE = "1m"
    HOUR = "1h"
    DAY = "1d"


@app.command(name="candles")
def candles(
    context: typer.Context,
    asset: Annotated[str, typer.Option(help="Id, ticker or venue:ID.")],
    interval: Annotated[Interval, typer.Option(help="Length of a candle.")] = Interval.DAY,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="First day (default: by the interval).")] = "",
    fill: Annotated[bool, typer.Option("--fill", help="Ask every venue for what is missing first, gaps too.")] = False,
) -> None:
    """List kept candles of an asset by source, with the gaps in them; nothing is filled in for a gap."""
    run(_candles(session(context), asset, (interval.value, since), is_filled=fill))


@app.command(name="fill")
def fill(context: typer.Context) -> None:
    """Read days of what is held and watched as far back as risk looks; status 5 where a venue could not be read."""
    run(_fill(session(context)))


async def _fill(here: Session) -> int:
    async with here.unlocked() as workspace:
        with bar(is_json=here.output.is_json) as progress:
            found = await workspace.back_fill.fill(progress)
    if here.output.is_json:
        begins = {name: None if first is None else moment(first * DAY) for name, first in found.begins.items()}
        here.output.document({"days": found.came, "assets": found.assets, "begins": begins, "faults": found.faults})
    else:
        here.output.line(found.words())
    return UNREACHABLE if found.faults else 0


async def _candles(here: Session, name: str, asked: tuple[str, str], *, is_filled: bool) -> None:
    length = INTERVALS[asked[0]]
    async with here.unlocked() as workspace:
        asset = asset_id(workspace.runtime.assets, name)
        now = workspace.runtime.clock.now_ns()
        first = day_of(asked[1]) * DAY if asked[1] else (now - _DAYS[asked[0]] * DAY) // DAY * DAY
        last = now // length * length - length
        if first > last:
            raise InputError(f"{asked[1]} is not over yet", hint="Give an earlier day with --from.")
        filled = await workspace.candles.fill(asset, length, first, again=True) if is_filled else []
        odd = workspace.candles.findings_of(filled)
        found = [await _source(workspace, one, (first, last)) for one in await _series(workspace, asset, length)]
    _tell(here, found, odd, [f"{one.series.source}: {one.fault}" for one in filled if one.fault])


async def _series(workspace: Workspace, asset: str, length: int) -> Sequence[Series]:
    names = await workspace.candles.sources(asset, length)
    return [Series(asset, workspace.book.base_currency, name, length) for name in names]


Found = tuple[Series, Sequence[Candle], Sequence[tuple[int, int]]]


async def _source(workspace: Workspace, series: Series, bounds: tuple[int, int]) -> Found:
    return series, await workspace.candles.of(series, *bounds), await workspace.candles.gaps(series, *bounds)


def _tell(here: Session, found: Sequence[Found], odd: Sequence[Finding], faults: Sequence[str]) -> None:
    if here.output.is_json:
        here.output.document({"sources": [_document(*one) for one in found], "faults": faults})
        return
    for series, kept, missing in found:
        here.output.line(f"{series.source}: {counted(len(kept), 'candle')}, {counted(len(missing), 'gap')}")
        here.output.table(
            ("start", "open", "high", "low", "close", "volume"),
            [(moment(one.at), *map(number, (one.open, one.high, one.low, one.close, one.volume))) for one in kept],
            right=("open", "high", "low", "close", "volume"),
        )
        for first, last in missing:
            here.output.line(f"missing: {moment(first)} to {moment(last)}")
    if not found:
        here.output.line("No candles are kept of it. Read them with --fill.")
    here.output.findings(odd)
    for fault in faults:
        here.output.line(f"not read: {fault}")


def _document(series: Series, kept: Sequence[Candle], missing: Sequence[tuple[int, int]]) -> dict[str, Any]:
    return {
        "source": series.source,
        "currency": series.currency,
        "candles": list(kept),
        "gaps": [{"from": moment(first), "to": moment(last)} for first, last in missing],
    }
