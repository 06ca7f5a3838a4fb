"""Tests of risk on files of real history: what is printed, and that the default model earns its place."""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path

import pytest

from tests.cli.process import Program

AS_OF = "2026-01-02"


@pytest.fixture(scope="module")
def history(data_folder: Path) -> Path:
    """Return daily closes of fifty assets."""
    return data_folder / "market" / "binance_daily_ohlcv.csv.gz"


@pytest.fixture(scope="module")
def equal(history: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the fourteen longest series, a thousand dollars in each."""
    closes: dict[str, dict[str, float]] = defaultdict(dict)
    with gzip.open(history, "rt", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            closes[row["symbol"]][row["date"]] = float(row["close"])
    longest = sorted(closes, key=lambda asset: (-len(closes[asset]), asset))[:14]
    path = tmp_path_factory.mktemp("holdings") / "equal.csv"
    lines = [f"{asset},{1_000 / closes[asset][AS_OF]:.12f}" for asset in longest]
    path.write_text("\n".join(["asset,quantity", *lines]), "utf-8")
    return path


def test_the_default_model_passes_all_three_tests_on_fourteen_coins_over_five_years(
    program: Program, equal: Path, history: Path
) -> None:
    files = "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF
    ended = program.run("risk", "backtest", *files, "--from", "2021-02-13", "--json")
    told = json.loads(ended.out)
    assert (told["from"], told["to"], told["observations"]) == ("2021-02-13", AS_OF, 1_785)
    (default,) = (model for model in told["models"] if model["default"])
    assert min(default["pof_p"], default["independence_p"], default["conditional_coverage_p"]) > 0.05
    assert {model["name"] for model in told["models"] if not model["passed"]} >= {"normal", "riskmetrics-94"}
    assert min(model["quantile_loss"] for model in told["models"]) == default["quantile_loss"]


def test_a_report_of_files_has_every_part_and_parts_add_up(program: Program, equal: Path, history: Path) -> None:
    ended = program.run(
        "risk", "report", "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF, "--json"
    )
    told = json.loads(ended.out)
    assert (told["as_of"], round(float(told["value"]), 6)) == (AS_OF, 14_000)
    assert set(told["var"]) == {"historical", "fhs", "fhs_garch", "parametric", "monte_carlo"}
    parts = sum(float(one["component"]) for one in told["component_var"])
    assert parts == pytest.approx(float(told["var"]["fhs"]))
    shortfalls = sum(float(one["component_es"]) for one in told["component_var"])
    assert shortfalls == pytest.approx(float(told["es"]["fhs"]))
    assert 0 < told["shrinkage"] < 1
    assert told["turbulence"]["culprit"] in told["correlation"]["assets"]
    assert told["absorption"]["days"][-1] == {"day": AS_OF, "ratio": round(told["absorption"]["ratio"], 6)}
    left = told["liquidity"]
    assert (left["exit_cost"], left["var"], left["books_read"]) == (None, None, False)
    assert all(one["days"] > 0 and one["volume_days"] == 30 and one["exit_cost"] is None for one in left["assets"])
    assert left["sold_after"][0]["share"] == pytest.approx(1)
    assert len(told["correlation"]["matrix"]) == 14
    assert told["coverage"]["share"] == 1
    assert {"FTX, 6–9 Nov 2022", "Gap of -50%"} <= {one["scenario"] for one in told["stress"]}


def test_one_stress_is_chosen_by_a_word_and_an_unknown_one_is_told_with_those_there_are(
    program: Program, equal: Path, history: Path
) -> None:
    files = "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF
    ended = program.run("risk", "stress", *files, "--scenario", "ftx", "--json")
    assert [one["scenario"] for one in json.loads(ended.out)] == ["FTX, 6–9 Nov 2022"]
    ended = program.run("risk", "stress", *files, "--scenario", "nothing of that name")
    assert ended.status == 2
    assert "There are: Crash, 12 Mar 2020" in ended.err


def test_one_file_alone_is_wrong_usage(program: Program, equal: Path) -> None:
    ended = program.run("risk", "report", "--holdings", str(equal))
    assert ended.status == 2
    assert "--prices is missing" in ended.err


def test_performance_of_files_is_of_weights_that_stay_beside_a_benchmark_and_adds_up(
    program: Program, equal: Path, history: Path
) -> None:
    files = "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF
    ended = program.run("risk", "report", *files, "--from", "2025-01-01", "--benchmark", "ETH", "--json")
    told = json.loads(ended.out)["performance"]
    assert (told["of"], told["from"], told["to"]) == ("weights that stay", "2025-01-01", AS_OF)
    parts = told["attribution"]["parts"]
    assert sum(one["part"] for one in parts) == pytest.approx(told["return"])
    assert sum(one["against"] for one in parts) == pytest.approx(told["return"] - told["benchmark"]["return"])
    assert (told["benchmark"]["name"], told["coverage"]["share"]) == ("ETH", 1)
    assert next(one["against"] for one in parts if one["name"] == "ETH") == pytest.approx(0, abs=1e-12)


def test_equal_weights_are_their_own_benchmark_and_a_riskless_rate_lowers_ratios(
    program: Program, equal: Path, history: Path
) -> None:
    files = "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF
    ended = program.run("risk", "report", *files, "--benchmark", "equal", "--riskless", "4%", "--json")
    told = json.loads(ended.out)["performance"]
    plain = json.loads(program.run("risk", "report", *files, "--benchmark", "none", "--json").out)["performance"]
    assert (told["benchmark"]["beta"], told["benchmark"]["tracking_error"]) == pytest.approx((1, 0), abs=1e-9)
    assert (told["riskless"], plain["riskless"], plain["benchmark"]) == (0.04, 0, None)
    assert told["sharpe"] < plain["sharpe"]
    shown = program.run("risk", "report", *files)
    assert "Performance from 2024-08-21 to 2026-01-02: 500 of 500 days" in shown.out
    for said in ("incremental", "the worst year of the history", "Turbulence", "Absorption", "false share 5%"):
        assert said in shown.out
    assert "correlation" in shown.out


def test_a_benchmark_rate_or_day_that_means_nothing_is_wrong_usage(
    program: Program, equal: Path, history: Path
) -> None:
    files = "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF
    for words, said in (
        (("--benchmark", "NOSUCH"), "NOSUCH has no prices in these days"),
        (("--riskless", "four"), "'four' is no annual rate."),
        (("--from", "2025-13-01"), "'2025-13-01' is no date."),
    ):
        ended = program.run("risk", "report", *files, *words)
        assert ended.status == 2
        assert said in ended.err
