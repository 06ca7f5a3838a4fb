"""Trials of alerts on the history of the books: how often a limit would have fired, and what history cannot tell."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

import pytest

from app.core.clock import SECOND
from app.services.workspace import Workspace
from tests.services.books import NOW, Clock, Script, no_progress


async def test_a_trial_tells_how_often_a_price_was_below_a_limit(watched: Workspace) -> None:
    found = await watched.alerts.trial(await watched.alerts.parse("price of BTC is below 40 USD and re-arm at 45 USD"))

    assert [(one.cleared is not None, one.worst) for one in found.firings] == [(True, Decimal(30))]
    assert (found.known, found.why_not) == (3, "")


async def test_a_trial_of_shares_follows_what_was_held_on_each_day(watched: Workspace) -> None:
    found = await watched.alerts.trial(
        await watched.alerts.parse("share of asset BTC is above 40 % and re-arm at 40 %")
    )

    # 60 of 160, 76 of 176, 100 of 200
    assert [one.worst for one in found.firings] == [pytest.approx(Decimal("0.5"))]
    assert found.known == 3


async def test_a_trial_of_a_source_counts_how_often_it_was_silent_for_too_long(
    watched: Workspace, script: Script
) -> None:
    clock = cast("Clock", watched.runtime.clock)
    for hours in (2, 3, 30):
        # The script reads a moment later each time.
        script.readings += hours * 3_600 * SECOND
        await watched.ingest.sync([], no_progress)
    clock.now = NOW + 36 * 3_600 * SECOND
    found = await watched.alerts.trial(await watched.alerts.parse("age of main is above 2 h for 30 min"))

    assert [(one.cleared is None, int(one.worst) // 3_600) for one in found.firings] == [(False, 3), (False, 30)]
    assert (found.known, found.why_not) == (2, "")


async def test_what_history_cannot_tell_says_so(watched: Workspace) -> None:
    age = await watched.alerts.trial(await watched.alerts.parse("age of prices is above 1 h"))
    below = await watched.alerts.trial(await watched.alerts.parse("age of main is below 1 h"))
    tails = await watched.alerts.trial(await watched.alerts.parse("VaR 99 % 1 d is above 1 %"))

    assert age.why_not == "How old prices were in the past is not kept."
    assert below.why_not == "A source is fresh after each reading: only how long it was silent is counted."
    assert tails.why_not.startswith("The daily history has 2 days")
