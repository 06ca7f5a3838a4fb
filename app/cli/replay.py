"""counterfoil replay FILE…: recorded feeds through the path of live prices, without a vault."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.output import moment, number, share
from app.cli.session import Session, session
from app.core.market.live import Line
from app.core.model.market import Mark
from app.services.asset_words import asset_id
from app.services.replay import Replayed, parsed_speed, recordings
from app.services.replay import replay as replayed

_MILLISECOND = 1_000_000
_SECOND = 1_000_000_000


def replay(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="Recordings, or folders of them.")],
    speed: Annotated[str, typer.Option(metavar="N", help="1 to 100 times as fast as it came, or max.")] = "max",
    currency: Annotated[str, typer.Option(metavar="CCY", help="Of the marks.")] = "USD",
) -> None:
    """Replay recorded feeds: books, marks with their sources, what was refused, and a hash of the end state."""
    here = session(context)
    money = asset_id(here.runtime.assets, currency)
    found = replayed(here.runtime, recordings(files), parsed_speed(speed), money)
    if here.output.is_json:
        here.output.document(_document(found))
    else:
        _show(here, found)


def _document(found: Replayed) -> dict[str, Any]:
    market, board = found.market, found.board
    return {
        "frames": market.frames,
        "unreadable": dict(sorted(market.unreadable.items())),
        "conflated": market.conflated,
        "seconds": found.span_ns / _SECOND,
        "instruments": [_instrument(line) for line in market.lines()],
        "marks": [_mark(mark) for _, mark in sorted(board.marks.items())],
        "disputed": sorted(board.disputed),
        "end_state": market.fingerprint(),
    }


def _instrument(line: Line) -> dict[str, Any]:
    best, (bids, asks), one = line.book.best(), line.book.counts(), line.instrument
    tick = line.tick()
    return {
        "venue": one.venue,
        "symbol": one.symbol,
        "base": one.base,
        "quote": one.quote,
        "at": None if tick is None else moment(tick.at, 1),
        "price": None if tick is None else tick.price,
        "bid": None if best is None else best[0][0],
        "ask": None if best is None else best[1][0],
        "levels": {"bids": bids, "asks": asks},
        "book": line.book.state.value,
        "changes": {"applied": line.book.applied, "old": line.book.old, "gaps": line.book.gaps},
        "late": line.late,
        "refused": {**line.refused, **({"book": line.book.refused} if line.book.refused else {})},
        "clock_offset_ms": line.clock_offset_ns / _MILLISECOND if line.clock_offset_ns is not None else None,
        "minutes": len(line.candles.so_far()),
    }


def _mark(mark: Mark) -> dict[str, Any]:
    return {
        "asset": mark.asset_id,
        "price": mark.price,
        "currency": mark.currency,
        "at": moment(mark.at, 1),
        "source": mark.source,
        "parts": [
            {"source": part.source, "price": part.price, "share": part.share, "left_out": part.left_out or None}
            for part in mark.parts
        ],
    }


def _show(here: Session, found: Replayed) -> None:
    output, market = here.output, found.market
    output.table(
        ("venue", "symbol", "bid", "ask", "levels", "book", "gaps", "refused", "late", "clock"),
        [_row(line) for line in market.lines()],
        right=("bid", "ask", "gaps", "refused", "late"),
    )
    output.line("")
    output.table(
        ("mark", "price", "sources"),
        [(mark.asset_id, number(mark.price), _sources(mark)) for _, mark in sorted(found.board.marks.items())],
        right=("price",),
    )
    output.line("")
    unreadable = ", ".join(f"{count:,} {why}" for why, count in sorted(market.unreadable.items())) or "none"
    output.line(
        f"{market.frames:,} frames of {found.span_ns / _SECOND:,.0f} s; {market.conflated:,} prices were replaced by "
        f"newer ones before they were marked; not understood: {unreadable}."
    )
    output.line(f"End state {market.fingerprint()}")


def _row(line: Line) -> tuple[str | None, ...]:
    best, (bids, asks) = line.book.best(), line.book.counts()
    refused = sum(line.refused.values()) + line.book.refused
    offset = line.clock_offset_ns
    return (
        line.instrument.venue,
        line.instrument.symbol,
        None if best is None else number(best[0][0]),
        None if best is None else number(best[1][0]),
        f"{bids:,} / {asks:,}",
        line.book.state.value,
        f"{line.book.gaps:,}",
        f"{refused:,}",
        f"{line.late:,}",
        None if offset is None else f"{offset / _MILLISECOND:+,.0f} ms",
    )


def _sources(mark: Mark) -> str:
    told = [f"{part.source} {share(part.share)}" for part in mark.parts if not part.left_out]
    out = [f"{part.source}: {part.left_out}" for part in mark.parts if part.left_out]
    return "; ".join([", ".join(told) or mark.source, *out])
