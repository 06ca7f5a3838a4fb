"""Limits on the risk desk: those that concern the figure beside which they stand."""

from __future__ import annotations

from decimal import Decimal

from app.core.alerts.machine import State
from app.core.alerts.sentence import parse
from app.services.alert_views import Standing
from app.ui.screens.risk_limits import share_limits
from tests.core.alerts.as_written import AsWritten

SENTENCES = (
    "share of venue kraken is above 40 %",
    "share of venue kraken is above 35 %",
    "largest venue share is above 60 %",
    "share of venue kraken in main is above 10 %",
    "share of venue kraken is below 5 %",
    "share of issuer circle is above 20 %",
    "drawdown is above 20 %",
)


def test_the_limits_of_shares_are_the_strictest_on_the_whole_book_from_above() -> None:
    rules = [parse(text, "usd", AsWritten(), text) for text in SENTENCES]
    standings = [Standing(one, "", "", State(), None, is_acknowledged=False) for one in rules]

    assert share_limits(standings, "venue") == {"kraken": Decimal("0.35"), "": Decimal("0.6")}
    assert share_limits(standings, "issuer") == {"circle": Decimal("0.2")}
