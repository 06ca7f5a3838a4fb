"""Waivers: they hold for what was seen, the newest one counts, and what they no longer cover says so."""

from __future__ import annotations

from app.core.clock import DAY
from app.core.findings import Finding, Severity
from app.core.model.waivers import Waiver
from app.core.waiving import waived

BREAK = Finding(Severity.WARNING, "break", "differs by -1 BTC.", "k/bitcoin/spot", "Likely: a fee.", seen="-1")
WAIVER = Waiver("break", "k/bitcoin/spot", "-1", "too small", recorded_ns=20_000 * DAY)


def test_a_waiver_holds_for_what_was_seen() -> None:
    assert [one.waived for one in waived([BREAK], [WAIVER])] == ["too small"]


def test_another_difference_is_not_waived_and_says_so() -> None:
    (found,) = waived([BREAK], [Waiver("break", "k/bitcoin/spot", "-2", "too small", recorded_ns=20_000 * DAY)])

    assert found.waived == ""
    assert found.detail == "Likely: a fee. The waiver of 2024-10-04 holds no longer: it was about -2."


def test_the_newest_waiver_counts() -> None:
    taken_back = Waiver("break", "k/bitcoin/spot", "-1", "seen again", is_taken_back=True)

    assert [one.waived for one in waived([BREAK], [WAIVER, taken_back])] == [""]
    assert [one.waived for one in waived([BREAK], [taken_back, WAIVER])] == ["too small"]


def test_a_finding_of_another_place_or_kind_is_not_waived() -> None:
    other = Waiver("break", "k/ether/spot", "-1", "too small")
    kind = Waiver("past-break", "k/bitcoin/spot", "-1", "too small")

    assert waived([BREAK], [other, kind]) == (BREAK,)


def test_a_finding_without_a_figure_is_waived_by_its_words() -> None:
    row = Finding(Severity.WARNING, "quarantined-row", "Row 7 has no amount.", "file/7")

    assert [one.waived for one in waived([row], [Waiver(row.code, row.subject, row.message, "a test")])] == ["a test"]
