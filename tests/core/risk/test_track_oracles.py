"""Track records of real coins beside pandas: rolling figures, ratios and drawdowns of another implementation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from app.core.risk.arrays import Floats
from app.core.risk.metrics.drawdown import drawdown
from app.core.risk.metrics.ratios import ratios
from app.core.risk.metrics.rolling import rolling
from app.core.risk.prices import prices
from app.core.risk.returns import returns
from tests.core.risk.conftest import Closes

YEAR = math.sqrt(365)


@pytest.fixture(scope="module")
def pair(daily_closes: Closes) -> pd.DataFrame:
    """Return daily returns of ether and bitcoin, some of them unknown, as a source with holes has them."""
    found = returns(prices({asset: list(daily_closes[asset]) for asset in ("ETH", "BTC")}))
    table = pd.DataFrame({asset: found.of(asset) for asset in found.assets})
    random = np.random.default_rng(3)
    for asset in table:
        table.loc[random.choice(len(table), 120, replace=False), asset] = np.nan
    return table


def series(table: pd.DataFrame, asset: str) -> Floats:
    return np.asarray(table[asset], np.float64)


def test_rolling_figures_are_those_of_pandas(pair: pd.DataFrame) -> None:
    found = rolling(series(pair, "ETH"), series(pair, "BTC"), 90)
    volatility = pair["ETH"].rolling(90, min_periods=60).std() * YEAR
    volatility[:89] = np.nan
    assert found.volatility == pytest.approx(volatility.to_numpy(), nan_ok=True)

    both = pair.where(pair.notna().all(axis=1))
    window = both["ETH"].rolling(90, min_periods=60)
    beta = window.cov(both["BTC"]) / both["BTC"].rolling(90, min_periods=60).var()
    correlation = window.corr(both["BTC"])
    beta[:89] = correlation[:89] = np.nan
    assert found.beta == pytest.approx(beta.to_numpy(), nan_ok=True)
    assert found.correlation == pytest.approx(correlation.to_numpy(), nan_ok=True)


def test_ratios_are_those_of_pandas(pair: pd.DataFrame) -> None:
    found = ratios(series(pair, "ETH"), series(pair, "BTC"))
    both = pair.dropna()
    difference = both["ETH"] - both["BTC"]

    assert found.volatility == pytest.approx(pair["ETH"].std() * YEAR)
    assert found.sharpe == pytest.approx(pair["ETH"].mean() / pair["ETH"].std() * YEAR)
    assert found.beta == pytest.approx(both["ETH"].cov(both["BTC"]) / both["BTC"].var())
    assert found.correlation == pytest.approx(both["ETH"].corr(both["BTC"]))
    assert found.tracking_error == pytest.approx(difference.std() * YEAR)
    assert found.information == pytest.approx(difference.mean() / difference.std() * YEAR)


def test_drawdowns_are_those_of_pandas(pair: pd.DataFrame) -> None:
    curve = (1 + pair["ETH"].dropna()).cumprod()
    depths = 1 - curve / curve.cummax()
    found = drawdown(np.arange(len(curve), dtype=np.int64), curve.to_numpy(), 0.95)
    worst = depths.sort_values(ascending=False)
    whole = 0.05 * len(worst)
    share = worst[: int(whole)].sum() + (whole - int(whole)) * worst.iloc[int(whole)]

    assert found.depths == pytest.approx(depths.to_numpy())
    assert found.conditional == pytest.approx(share / whole)
