"""The track record in `risk report`: what is asked of it, in JSON and in tables. Unknown is null, never zero."""

from __future__ import annotations

from typing import Any, NamedTuple

from app.cli.output import Output
from app.cli.words import date_of, unsigned
from app.core.clock import iso, to_datetime
from app.core.errors import InputError
from app.core.names import counted
from app.core.risk.basis import Basis
from app.core.risk.metrics.drawdown import Drawdown
from app.core.risk.metrics.ratios import Ratios
from app.core.risk.parts import Attribution
from app.core.risk.study import Question
from app.services.track_record import EQUAL, Asked, Record, rate_of

_SHOWN = 15


class Wanted(NamedTuple):
    """What the words of a command ask of the past: first day, benchmark, annual riskless rate; "" where nothing."""

    first: str = ""
    benchmark: str = ""
    riskless: str = ""


def asked(wanted: Wanted, question: Question, benchmark: str) -> Asked:
    """Return the question about the past; without a first day it is as long as the window."""
    last = None if question.as_of is None else to_datetime(question.as_of).date()
    return Asked((), date_of(wanted.first), last, question.window, benchmark, rate_of(wanted.riskless))


def document(found: Record | InputError) -> dict[str, Any]:
    """Return the shape of the past in `risk report --json`; a fault says why there is none."""
    if isinstance(found, InputError):
        return {"unknown": found.line()}
    track = found.track
    days = track.curve.at
    return {
        "of": "weights that stay" if found.study is None else "books",
        "from": _told_day(int(days[0])),
        "to": _told_day(int(days[-1])),
        "return": track.total,
        "riskless": found.asked.riskless,
        **_alone(track.ratios, track.drawdown),
        "benchmark": _benchmark(found),
        "no_benchmark": found.no_benchmark or None,
        "attribution": _attribution(track.attribution, found),
        "coverage": _coverage(track.ratios.basis),
        "method": track.ratios.basis.method,
        "how": track.ratios.basis.how,
        "assumptions": track.ratios.basis.assumptions,
    }


def _alone(ratios: Ratios, fallen: Drawdown) -> dict[str, Any]:
    return {
        "growth": ratios.growth,
        "volatility": ratios.volatility,
        "sharpe": ratios.sharpe,
        "sharpe_error": ratios.sharpe_error,
        "sortino": ratios.sortino,
        "calmar": ratios.calmar,
        "max_drawdown": fallen.deepest,
        "cdar": fallen.conditional,
        "cdar_confidence": fallen.confidence,
    }


def _benchmark(found: Record) -> dict[str, Any] | None:
    track, ratios = found.track, found.track.ratios
    if track.benchmark is None or track.other is None:
        return None
    return {
        "name": _name(found, track.benchmark.name),
        "return": track.other.total,
        **_alone(track.other.ratios, track.other.drawdown),
        "beta": ratios.beta,
        "alpha": ratios.alpha,
        "correlation": ratios.correlation,
        "tracking_error": ratios.tracking_error,
        "information": ratios.information,
        "up_capture": ratios.up,
        "down_capture": ratios.down,
        "how": track.benchmark.how,
    }


def _attribution(parts: Attribution, found: Record) -> dict[str, Any]:
    return {
        "parts": [
            {
                "name": _name(found, line.name),
                "weight": line.weight,
                "return": line.growth,
                "part": line.part,
                "benchmark_weight": line.benchmark_weight,
                "against": line.against,
            }
            for line in parts.lines
        ],
        "total": parts.total,
        "difference": parts.difference,
        "allocation": None if parts.effects is None else parts.effects.allocation,
        "selection": None if parts.effects is None else parts.effects.selection,
        "beyond": None if parts.effects is None else parts.effects.beyond,
        "how": parts.basis.how,
        "assumptions": parts.basis.assumptions,
    }


def _coverage(basis: Basis) -> dict[str, Any]:
    one = basis.coverage
    return {"of": one.of, "share": one.share, "left_out": one.left_out,
            "proxied": [proxy.told() for proxy in one.proxied]}  # fmt: skip


def _name(found: Record, name: str) -> str:
    return "equal weights" if name == EQUAL else found.names.get(name, name)


def show(output: Output, found: Record | InputError) -> None:
    """Print the past for people: figures beside the benchmark's, then where the return comes from."""
    if isinstance(found, InputError):
        output.line(f"Performance is unknown: {found.line()}")
        return
    track = found.track
    first, last = (_told_day(int(track.curve.at[place])) for place in (0, -1))
    output.line(f"Performance from {first} to {last}: {track.ratios.basis.observations} of {track.curve.at.size} days")
    _show_figures(output, found)
    _show_parts(output, found)
    for sentence in (track.ratios.basis.how, *dict.fromkeys(track.ratios.basis.assumptions)):
        output.line(sentence)
    if found.no_benchmark:
        output.line(f"No benchmark: {found.no_benchmark}. Name another: --benchmark NAME, or equal.")
    if track.is_short:
        output.line("A yearly growth and Calmar are told of a year and more.")


def _show_figures(output: Output, found: Record) -> None:
    track, ratios = found.track, found.track.ratios
    sides: list[tuple[float | None, Ratios, Drawdown]] = [(track.total, ratios, track.drawdown)]
    names = ["book"]
    if track.benchmark is not None and track.other is not None:
        sides.append((track.other.total, track.other.ratios, track.other.drawdown))
        names.append(_name(found, track.benchmark.name))
    rows = [
        ("return", *(_share(total) for total, _, _ in sides)),
        ("growth a year", *(_share(one.growth) for _, one, _ in sides)),
        ("volatility a year", *(_share(one.volatility) for _, one, _ in sides)),
        ("Sharpe", *(_sharpe(one) for _, one, _ in sides)),
        ("Sortino", *(_ratio(one.sortino) for _, one, _ in sides)),
        ("Calmar", *(_ratio(one.calmar) for _, one, _ in sides)),
        ("deepest drawdown", *(_share(fallen.deepest) for _, _, fallen in sides)),
        (f"CDaR {track.drawdown.confidence:.0%}", *(_share(fallen.conditional) for _, _, fallen in sides)),
    ]
    output.table(("figure", *names), rows, right=names)
    if track.other is not None:
        figures = (
            f"Beta {_ratio(ratios.beta)}", f"alpha {_share(ratios.alpha)} a year",
            f"correlation {_ratio(ratios.correlation)}", f"tracking error {_share(ratios.tracking_error)}",
            f"information ratio {_ratio(ratios.information)}",
            f"capture {_share(ratios.up)} up and {_share(ratios.down)} down",
        )  # fmt: skip
        output.line(f"{', '.join(figures)}.")


def _show_parts(output: Output, found: Record) -> None:
    parts = found.track.attribution
    has_benchmark = parts.difference is not None
    columns = ("part", "mean weight", "its return", "of the return", *(("against benchmark",) if has_benchmark else ()))
    shown = sorted(parts.lines, key=lambda line: -abs(line.part))
    rows = [
        (
            _name(found, line.name), None if line.weight is None else _share(line.weight),
            None if line.growth is None else _share(line.growth), _points(line.part),
            *((_points(line.against),) if has_benchmark else ()),
        )
        for line in shown[:_SHOWN]
    ]  # fmt: skip
    total = ("all", None, None, _points(parts.total), *((_points(parts.difference),) if has_benchmark else ()))
    output.table(columns, [*rows, total], right=columns[1:])
    if parts.effects is not None:
        output.line(
            f"Against the benchmark {_points(parts.difference)}: allocation effect "
            f"{_points(parts.effects.allocation)}, selection effect {_points(parts.effects.selection)}, "
            f"income, fees and trades {_points(parts.effects.beyond)}."
        )
    if len(shown) > _SHOWN:
        output.line(f"And {counted(len(shown) - _SHOWN, 'more part')}: --json has all of them.")


def _sharpe(ratios: Ratios) -> str:
    if ratios.sharpe is None:
        return "unknown"
    return f"{ratios.sharpe:.2f} ± {ratios.sharpe_error:.2f}"


def _share(value: float | None) -> str:
    return "unknown" if value is None else unsigned(f"{value:.1%}")


def _points(value: float | None) -> str | None:
    return None if value is None else unsigned(f"{value:+.2%}")


def _ratio(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _told_day(at: int) -> str:
    return iso(at)[:10]
