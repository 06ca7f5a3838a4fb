"""Risk in JSON and in tables. Figures of money are texts, losses are positive, what is not known is null."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from app.cli import leaving_words
from app.cli import risk_book_words as book_words
from app.cli import risk_market_words as market_words
from app.cli.output import Output
from app.cli.risk_book_words import money
from app.cli.words import unsigned
from app.core.clock import iso
from app.core.errors import UsageError
from app.core.findings import Finding
from app.core.risk.arrays import Floats
from app.core.risk.basis import Basis, Tail
from app.core.risk.metrics.concentration import Concentration
from app.core.risk.metrics.filtered import INSTEAD
from app.core.risk.quantiles import percent
from app.core.risk.stress.results import StressResult
from app.services.risk import Report
from app.services.risk_books import Book

_HORIZON = re.compile(r"([1-9]\d{0,2})\s*d?")
_SHOWN = 15
_LEAST = 0.5
"""A stress that knows less of the book is not told as a figure."""

_NAMES = {
    "fhs": "FHS-EWMA (default)",
    "fhs_garch": "FHS-GARCH",
    "historical": "historical",
    "parametric": "parametric",
    "monte_carlo": "Monte Carlo",
}


def days(text: str) -> int:
    """Return the days of a horizon such as 10d; UsageError where it is none."""
    told = _HORIZON.fullmatch(text.strip())
    if told is None:
        raise UsageError(f"{text!r} is no horizon in days.", hint="Example: --horizon 10d")
    return int(told.group(1))


def report_document(found: Report) -> dict[str, Any]:
    """Return the shape that `risk report --json` prints."""
    made, book = found.study, found.book
    shown = {model: made.tail(model) for model in made.tails}
    default = made.tail()
    return {
        "as_of": day(made.as_of),
        "value": money(book.value),
        "currency": book.currency.upper(),
        "confidence": made.question.confidence,
        "horizon_days": made.question.horizon_days,
        "var": {model: money(one.value_at_risk) for model, one in shown.items()},
        "es": {model: money(one.expected_shortfall) for model, one in shown.items()},
        "tails": [_tail(model, one) for model, tails in made.tails.items() for one in tails],
        "stressed": None if made.stressed is None else [_tail("stressed", one) for one in made.stressed],
        "volatility": made.volatility.value,
        "shrinkage": made.shrinkage,
        "component_var": _components(found),
        "correlation": _correlation(found),
        **market_words.document(made),
        "alerts": made.alerts,
        "concentration": {group.value: _concentration(one) for group, one in made.concentrations.items()}
        | {"bets": made.bets.effective, "diversification": made.bets.diversification},
        "leverage": book_words.document(made.leverage),
        "drawdown": {
            "current": made.drawdown.current,
            "deepest": made.drawdown.deepest,
            "peak": day(made.drawdown.peak),
            "trough": day(made.drawdown.trough),
            "conditional": made.drawdown.conditional,
            "confidence": made.drawdown.confidence,
            "how": made.drawdown.basis.how,
        },
        "stress": [stress_document(one) for one in found.stress],
        "liquidity": leaving_words.document(found),
        "coverage": coverage(default.basis) | {"unpriced": unpriced(book.findings)},
        "how": default.basis.how,
        "assumptions": default.basis.assumptions,
        "findings": (*book.findings, *made.findings),
    }


def _tail(model: str, one: Tail) -> dict[str, Any]:
    return {
        "model": model,
        "method": one.basis.method,
        "confidence": one.confidence,
        "horizon_days": one.horizon_days,
        "var": money(one.value_at_risk),
        "es": money(one.expected_shortfall),
        "observations": one.basis.observations,
        "from": None if one.basis.since is None else day(one.basis.since),
        "to": None if one.basis.until is None else day(one.basis.until),
        "how": one.basis.how,
        "assumptions": one.basis.assumptions,
        "coverage": one.basis.coverage.share,
    }


def _components(found: Report) -> list[dict[str, Any]]:
    parts, of = found.study.contributions, found.study.book
    rows = zip(
        parts.assets,
        of.values.tolist(),
        parts.value_at_risk.tolist(),
        parts.expected_shortfall.tolist(),
        found.study.incremental.tolist(),
        strict=True,
    )
    made = [
        {
            "asset": asset,
            "value": money(value),
            "weight": value / of.covered if of.covered else None,
            "component": money(component),
            "marginal": component / value,
            "incremental": money(more),
            "component_es": money(shortfall),
            "marginal_es": shortfall / value,
        }
        for asset, value, component, shortfall, more in rows
        if value
    ]
    return sorted(made, key=lambda one: -float(one["component"] or 0))


def _correlation(found: Report) -> dict[str, Any] | None:
    related = found.study.correlations
    if related is None:
        return None
    return {
        "assets": related.assets,
        "matrix": _matrix(related.lately),
        "before": _matrix(related.before),
        "longer": {str(bars): _matrix(values) for bars, values in related.longer.items()},
        "average": related.average,
        "average_before": related.average_before,
        "method": related.basis.method,
    }


def _matrix(values: Floats) -> list[list[float | None]]:
    return [[None if one != one else round(one, 6) for one in row] for row in values.tolist()]  # noqa: PLR0124 - NaN


def _concentration(one: Concentration) -> dict[str, Any]:
    return {
        "hhi": one.hhi,
        "effective": one.effective,
        "shares": [{"name": name, "share": share} for name, share in one.shares],
        "unnamed": money(one.unnamed),
        "nobody": money(one.nobody),
    }


def coverage(basis: Basis) -> dict[str, Any]:
    """Return what a figure covers, for JSON."""
    one = basis.coverage
    return {
        "share": one.share,
        "covered": money(one.covered),
        "gross": money(one.gross),
        "left_out": one.left_out,
        "proxied": [proxy.told() for proxy in one.proxied],
    }


def stress_document(one: StressResult) -> dict[str, Any]:
    """Return the shape of one stress in JSON."""
    return {
        "scenario": one.name,
        "loss": money(-one.gain) if one.gain is not None and is_known(one) else None,
        "by_asset": [
            {
                "asset": line.asset,
                "exposure": money(line.exposure),
                "move": line.move,
                "loss": money(None if line.gain is None else -line.gain),
                "note": line.note or None,
            }
            for line in one.lines
        ],
        "assumptions": one.basis.assumptions,
        "liquidations": one.closed,
        "how": one.basis.how,
        "coverage": one.basis.coverage.share,
    }


def show_report(output: Output, found: Report) -> None:
    """Print tables for people."""
    made, book = found.study, found.book
    asked = made.question
    currency = book.currency.upper()
    seen = made.tail().basis.observations
    history = f"{seen} days of history" if seen >= asked.window else f"{seen} of {asked.window} days of history"
    output.line(f"{_round(book.value)} {currency} on {day(made.as_of)}, {asked.horizon_days} d, {history}")
    if not any(one.value or one.claim for one in book.exposures):
        output.line("Nothing is held and nothing owed: there is no risk to tell.")
        output.findings((*book.findings, *made.findings))
        return
    _show_tails(output, found)
    _show_parts(output, found)
    book_words.show(output, found)
    _show_shape(output, found)
    leaving_words.show(output, found)
    show_stress(output, found.stress, book)
    output.line(made.tail().basis.how)
    said = made.tail().basis.assumptions
    for sentence in dict.fromkeys(said):
        output.line(sentence)
    for model, name in _NAMES.items():
        more = [one for one in made.tail(model).basis.assumptions if one not in said]
        if more:
            output.line(f"{name}: {' '.join(more)}")
    output.findings((*made.alerts, *book.findings, *made.findings))


def _show_tails(output: Output, found: Report) -> None:
    made = found.study
    levels = [one.confidence for one in made.tails["fhs"]]
    columns = ("model", *(f"VaR {percent(one)}" for one in levels), *(f"ES {percent(one)}" for one in levels))
    shown = [(_called(name, made.tails[model][0]), made.tails[model]) for model, name in _NAMES.items()]
    if made.stressed is not None:
        shown.append(("stressed", made.stressed))
    rows = [
        (name, *(_round(one.value_at_risk) for one in tails), *(_round(one.expected_shortfall) for one in tails))
        for name, tails in shown
    ]
    output.table(columns, rows, right=columns[1:])


def _called(name: str, one: Tail) -> str:
    return f"{name}: EWMA, see below" if INSTEAD in one.basis.method else name


def _show_parts(output: Output, found: Report) -> None:
    names, parts = found.book.names, _components(found)
    rows = [
        (
            names.get(one["asset"], one["asset"]),
            _round(float(one["value"])),
            _share(one["weight"]),
            _round(float(one["component"])),
            unsigned(f"{one['marginal']:.4f}"),
            _round(float(one["incremental"])),
            _round(float(one["component_es"])),
        )
        for one in parts[:_SHOWN]
    ]
    columns = ("asset", "exposure", "weight", "part of VaR", "marginal", "incremental", "part of ES")
    output.table(columns, rows, right=columns[1:])
    if len(parts) > _SHOWN:
        output.line(f"And {len(parts) - _SHOWN} more assets: --json has all of them.")


def _show_shape(output: Output, found: Report) -> None:
    made = found.study
    fallen = made.drawdown
    concentrated = [
        f"{group.value} {one.effective:.1f}" for group, one in made.concentrations.items() if one.effective is not None
    ]
    by = made.volatility.basis.method.partition(",")[0]
    output.line(
        f"Volatility {_share(made.volatility.value)} a year ({by}); drawdown {_share(fallen.current)} now, "
        f"{_share(fallen.deepest)} at worst ({day(fallen.trough)}), "
        f"CDaR {percent(fallen.confidence)} {_share(fallen.conditional)}."
    )
    independent = "unknown" if made.bets.effective is None else f"{made.bets.effective:.1f}"
    output.line(
        f"As concentrated as so many of equal size: {', '.join(concentrated) or 'unknown'}; "
        f"independent bets: {independent}, diversification ratio {_ratio(made.bets.diversification)} (1 is none)."
    )
    market_words.show(output, found)
    output.line(covers(made.tail().basis, found.book.names, unpriced(found.book.findings)))
    worst = None if made.stressed is None else made.stressed[0].basis
    market_words.show_worst_year(output, made)
    if worst is not None and worst.coverage.left_out != made.tail().basis.coverage.left_out:
        output.line(f"Of the worst year: {covers(worst, found.book.names)}")


def covers(basis: Basis, names: Mapping[str, str], without: Sequence[str] = ()) -> str:
    """Return what a figure covers, in a sentence; `without` names what has no price."""
    covered = basis.coverage
    left = f"; left out: {', '.join(names.get(one, one) for one in covered.left_out)}" if covered.left_out else ""
    known = f" that has a price; without one, and in no figure: {', '.join(without)}" if without else ""
    return f"Covers {_share(covered.share)} of the exposure{known}{left}."


def unpriced(findings: Sequence[Finding]) -> list[str]:
    """Return what is held and has no price, as a person calls it: nobody knows how large it is."""
    return [one.subject for one in findings if one.code == "exposure-unpriced"]


def show_stress(output: Output, results: Sequence[StressResult], book: Book) -> None:
    """Print what each stress would do, the worst asset beside it."""
    rows = []
    for one in results:
        worst = one.lines[0] if one.lines and one.lines[0].gain is not None else None
        named = (
            ""
            if worst is None or not worst.gain
            else f"{book.names.get(worst.asset, worst.asset)} {_round(worst.gain)}"
        )
        rows.append(
            (one.name, _round(one.gain) if is_known(one) else "unknown", _share(one.basis.coverage.share), named)
        )
    output.table(("stress", "gain or loss", "covers", "worst"), rows, right=("gain or loss", "covers"))
    for one in results:
        for sentence in one.closed:
            output.line(f"{one.name}: {sentence}")


def is_known(one: StressResult) -> bool:
    """Tell whether a stress says something of most of the book: what it leaves out could be all that matters."""
    share = one.basis.coverage.share
    return one.gain is not None and share is not None and share >= _LEAST


def _round(value: float | None) -> str:
    return "unknown" if value is None else unsigned(f"{value:,.2f}")


def _ratio(value: float | None) -> str:
    return "unknown" if value is None else f"{value:.2f}"


def _share(value: float | None) -> str:
    return "unknown" if value is None else unsigned(f"{value:.1%}")


def day(at: int) -> str:
    """Return the day of a moment."""
    return iso(at)[:10]
