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
    assert set(told["var"]) == {"historical", "fhs", "parametric", "monte_carlo"}
    parts = sum(float(one["component"]) for one in told["component_var"])
    assert parts == pytest.approx(float(told["var"]["fhs"]))
    assert len(told["correlation"]["matrix"]) == 14
    assert told["coverage"]["share"] == 1
    assert {"Failure of FTX, 6 to 9 November 2022", "Gap of -50%"} <= {one["scenario"] for one in told["stress"]}


def test_one_stress_is_chosen_by_a_word_and_an_unknown_one_is_told_with_those_there_are(
    program: Program, equal: Path, history: Path
) -> None:
    files = "--holdings", str(equal), "--prices", str(history), "--as-of", AS_OF
    ended = program.run("risk", "stress", *files, "--scenario", "ftx", "--json")
    assert [one["scenario"] for one in json.loads(ended.out)] == ["Failure of FTX, 6 to 9 November 2022"]
    ended = program.run("risk", "stress", *files, "--scenario", "nothing of that name")
    assert ended.status == 2
    assert "There are: Liquidity crash" in ended.err


def test_one_file_alone_is_wrong_usage(program: Program, equal: Path) -> None:
    ended = program.run("risk", "report", "--holdings", str(equal))
    assert ended.status == 2
    assert "--prices is missing" in ended.err
