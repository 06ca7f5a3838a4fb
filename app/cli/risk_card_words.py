"""The report card of the models in JSON and in tables."""

from __future__ import annotations

from typing import Any

from app.cli.output import Output
from app.cli.risk_words import coverage, covers, day, unpriced
from app.core.risk.backtest.card import Card, Row
from app.core.risk.backtest.models import DEFAULT
from app.core.risk.quantiles import percent


def card_document(found: Card) -> dict[str, Any]:
    """Return the shape that `risk backtest --json` prints."""
    return {
        "from": day(int(found.at[0])),
        "to": day(int(found.at[-1])),
        "observations": int(found.gains.size),
        "confidence": found.confidence,
        "window": found.window,
        "models": [_model(found, row) for row in found.rows],
        "coverage": coverage(found.basis) | {"unpriced": unpriced(found.findings)},
        "how": found.basis.how,
        "assumptions": found.basis.assumptions,
        "findings": found.findings,
    }


def _model(found: Card, row: Row) -> dict[str, Any]:
    return {
        "name": row.model.code,
        "default": row.model.code == DEFAULT,
        "exceptions": row.count,
        "expected": found.expected,
        "pof_p": row.failures.p_value,
        "independence_p": row.independence.p_value,
        "conditional_coverage_p": row.conditional.p_value,
        "traffic_light": row.light.zone,
        "quantile_loss": row.quantile_loss,
        "mean_var": row.mean_value_at_risk,
        "mean_es": float(row.expected_shortfall.mean()),
        "shortfall_ratio": row.shortfall_ratio,
        "valid_days": row.valid_days,
        "passed": row.is_passed,
        "how": row.model.how,
    }


def show_card(output: Output, found: Card) -> None:
    """Print the report card for people."""
    output.line(
        f"{day(int(found.at[0]))} to {day(int(found.at[-1]))}: {found.gains.size} days, "
        f"{found.expected:.1f} exceptions expected at {percent(found.confidence)}"
    )
    tests = ("frequency p", "independence p", "both p")
    columns = ("model", "exceptions", *tests, "light", "loss/ES", "quantile loss", "verdict")
    rows = [
        (
            f"{row.model.name}{' (default)' if row.model.code == DEFAULT else ''}",
            str(row.count),
            f"{row.failures.p_value:.4f}",
            f"{row.independence.p_value:.4f}",
            f"{row.conditional.p_value:.4f}",
            str(row.light.zone),
            "" if row.shortfall_ratio is None else f"{row.shortfall_ratio:.2f}",
            f"{row.quantile_loss:.6f}",
            "passes" if row.is_passed else "fails",
        )
        for row in found.rows
    ]
    output.table(columns, rows, right=columns[1:5] + columns[6:8])
    for row in found.rows:
        days = found.gains.size
        valid = f" Valid on {row.valid_days} of {days} days." if row.valid_days < days else ""
        output.line(f"{row.model.name}: {row.model.how}{valid}")
    output.line(covers(found.basis, {}, unpriced(found.findings)))
    output.line(found.basis.how)
    for sentence in found.basis.assumptions:
        output.line(sentence)
    output.findings(found.findings)
