"""Selections of lots: which sale follows which, and which come too late."""

from __future__ import annotations

from decimal import Decimal

from app.core.lots.methods import Method
from app.core.model.lot_selections import LotSelection
from app.core.model.standing_orders import StandingOrder
from app.core.tax.compute import compute
from app.core.tax.figures import TaxFigures
from app.core.tax.orders import followed as ordered
from app.core.tax.orders import in_force
from app.core.tax.profile import Profile, profile
from app.core.tax.selections import Followed, followed
from tests.core.lots.histories import lots, of, written
from tests.core.tax.made_selections import AFTERWARDS, BOOKS, IN_TIME, SALE, US, chosen

DE = profile("de")


def made(*selections: LotSelection, profile: Profile = US, text: str = BOOKS) -> tuple[Followed, TaxFigures]:
    """Return what follows from selections, and the figures."""
    found = followed(written(text), selections, profile)
    return found, compute(found.transactions, profile, currency="USD", refuses_choices=False)


def codes(found: Followed) -> list[str]:
    return [one.code for one in found.findings]


def test_a_sale_uses_the_lots_selected_for_it_before_it() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5"))

    assert lots("s/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.5")]
    assert of("s/sell/BTC", figures) == ("450", "150", "0")
    one = found.identified["s/sell/BTC"]
    assert (one.is_late, one.is_followed, codes(found)) == (False, True, [])


def test_other_sales_go_on_by_the_method_that_applies_without_a_choice() -> None:
    _, figures = made(chosen("b/buy/BTC:0.5"))

    assert lots("t/sell/BTC", figures) == [("a/buy/BTC", "fifo", "1")]


def test_a_selection_beats_a_standing_order_for_its_sale() -> None:
    order = StandingOrder("us", 2024, Method.HIFO, "as agreed", recorded_ns=1)
    _, figures = made(chosen("a/buy/BTC:0.5"), profile=ordered(US, in_force([order], "us")))

    assert lots("s/sell/BTC", figures) == [("a/buy/BTC", "spec-id", "0.5")]
    assert lots("t/sell/BTC", figures) == [("b/buy/BTC", "hifo", "1")]


def test_the_later_selection_for_a_sale_replaces_the_earlier_one() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5"), chosen("a/buy/BTC:0.5", at=IN_TIME + 1))

    assert lots("s/sell/BTC", figures) == [("a/buy/BTC", "spec-id", "0.5")]
    assert len(found.identified) == 1


def test_an_empty_selection_takes_the_earlier_one_back() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5"), chosen("", at=IN_TIME + 1))

    assert lots("s/sell/BTC", figures) == [("a/buy/BTC", "fifo", "0.5")]
    assert found.identified == {}


def test_at_the_second_of_the_sale_is_in_time_and_a_nanosecond_later_is_not() -> None:
    in_time, _ = made(chosen("b/buy/BTC:0.5", at=SALE))
    late, _ = made(chosen("b/buy/BTC:0.5", at=SALE + 1))

    assert [one.identified["s/sell/BTC"].is_late for one in (in_time, late)] == [False, True]


def test_a_late_selection_is_set_aside_and_told_with_the_law() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5", at=AFTERWARDS))

    assert lots("s/sell/BTC", figures) == [("a/buy/BTC", "fifo", "0.5")]
    (finding,) = found.findings
    assert (finding.code, finding.entries) == ("late-lot-selection", ("s/sell/BTC",))
    assert "not followed" in finding.message
    assert "1.1012-1(j)" in finding.detail


def test_what_was_selected_in_time_is_not_changed_afterwards() -> None:
    changed, figures = made(chosen("b/buy/BTC:0.5"), chosen("a/buy/BTC:0.5", at=AFTERWARDS))
    given_back, same = made(chosen("b/buy/BTC:0.5"), chosen("", at=AFTERWARDS))

    assert [lots("s/sell/BTC", one) for one in (figures, same)] == [[("b/buy/BTC", "spec-id", "0.5")]] * 2
    assert [codes(one) for one in (changed, given_back)] == [["late-lot-selection"]] * 2
    assert not changed.identified["s/sell/BTC"].is_late
    assert "The one before stays." in changed.findings[0].message


def test_a_late_selection_that_was_given_back_is_no_matter_any_more() -> None:
    found, _ = made(chosen("b/buy/BTC:0.5", at=AFTERWARDS), chosen("", at=AFTERWARDS + 1))

    assert (found.identified, codes(found)) == ({}, [])


def test_whoever_can_prove_an_earlier_choice_follows_a_late_one_by_an_option() -> None:
    proven = profile("us", options={"late-selection": "follow"})
    found, figures = made(chosen("b/buy/BTC:0.5", at=AFTERWARDS), profile=proven)

    assert lots("s/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.5")]
    assert codes(found) == ["late-lot-selection"]
    assert found.identified["s/sell/BTC"].is_late


def test_of_sales_before_the_law_named_a_moment_a_later_selection_is_followed_and_told() -> None:
    text = """
    a/buy/BTC  2023-01-01 buy  1   BTC 100 wallet=hot
    b/buy/BTC  2023-02-01 buy  1   BTC 900 wallet=hot
    s/sell/BTC {} sell 0.5 BTC 600 wallet=hot
    """
    # The regulation counts from the first moment of 2025.
    before, figures = made(chosen("b/buy/BTC:0.5"), text=text.format("2024-12-31T23:59:59Z"))
    since, others = made(chosen("b/buy/BTC:0.5"), text=text.format("2025-01-01T00:00:00Z"))

    assert (lots("s/sell/BTC", figures), codes(before)) == (
        [("b/buy/BTC", "spec-id", "0.5")],
        ["lot-selection-afterwards"],
    )
    assert "39 to 41" in before.findings[0].detail
    assert (lots("s/sell/BTC", others), codes(since)) == ([("a/buy/BTC", "fifo", "0.5")], ["late-lot-selection"])


def test_where_no_law_names_a_moment_a_later_selection_is_followed() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5", at=AFTERWARDS, code="de"), profile=DE)

    assert lots("s/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.5")]
    assert codes(found) == []


def test_a_selection_for_one_country_changes_nothing_in_another() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5", code="us"), profile=DE)

    assert lots("s/sell/BTC", figures) == [("a/buy/BTC", "fifo", "0.5")]
    assert found.identified == {}


def test_the_next_sales_use_up_what_was_selected_ahead_of_them() -> None:
    found, figures = made(chosen("b/buy/BTC:0.75;a/buy/BTC:0.75", wallet="hot"))

    assert lots("s/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.5")]
    assert lots("t/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.25"), ("a/buy/BTC", "spec-id", "0.75")]
    assert [one.is_late for one in found.identified.values()] == [False, False]


def test_what_was_selected_ahead_of_one_sale_does_not_reach_back() -> None:
    _, figures = made(chosen("b/buy/BTC:1", at=SALE + 1, wallet="hot"))

    assert lots("s/sell/BTC", figures) == [("a/buy/BTC", "fifo", "0.5")]
    assert lots("t/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "1")]


def test_a_selection_ahead_is_taken_back_for_the_sales_that_follow() -> None:
    _, figures = made(chosen("b/buy/BTC:1", wallet="hot"), chosen("", at=SALE + 1, wallet="hot"))

    assert lots("s/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.5")]
    assert lots("t/sell/BTC", figures) == [("a/buy/BTC", "fifo", "1")]


def test_a_sale_that_takes_more_than_what_is_left_ahead_blocks_its_figure() -> None:
    _, figures = made(chosen("b/buy/BTC:0.75", wallet="hot"))

    assert of("s/sell/BTC", figures) == ("450", "150", "0")
    assert of("t/sell/BTC", figures)[1] == "?"
    assert [one.code for one in figures.findings if one.severity == "error"] == ["wrong-lot-selection"]


def test_a_late_selection_gives_way_to_the_one_ahead_of_the_sale_and_both_are_told() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5", wallet="hot"), chosen("a/buy/BTC:0.5", at=AFTERWARDS))

    assert lots("s/sell/BTC", figures) == [("b/buy/BTC", "spec-id", "0.5")]
    assert (codes(found), found.identified["s/sell/BTC"].is_late) == (["late-lot-selection"], False)


def test_a_fee_is_no_sale_that_a_selection_ahead_is_for() -> None:
    text = BOOKS.replace("s/sell/BTC", "s/fee/BTC")
    _, figures = made(chosen("b/buy/BTC:1", wallet="hot"), text=text)

    assert lots("s/fee/BTC", figures) == [("a/buy/BTC", "fifo", "0.5")]


def test_a_selection_that_became_impossible_blocks_its_figure_and_is_named() -> None:
    earlier = "q/sell/BTC 2025-05-01 sell 0.75 BTC 500 wallet=hot lots=b/buy/BTC:0.75"
    found, figures = made(chosen("b/buy/BTC:0.5"), text=BOOKS.replace("s/sell", f"{earlier}\ns/sell", 1))

    (finding,) = (one for one in figures.findings if one.code == "wrong-lot-selection")
    assert of("s/sell/BTC", figures)[:2] == ("?", "?")
    assert (figures.totals.gain, figures.totals.are_known) == (None, False)
    assert ("s/sell/BTC" in finding.message, "still holds" in finding.message) == (True, True)
    assert found.identified["s/sell/BTC"].is_followed


def test_units_leave_also_where_a_selection_cannot_be_followed() -> None:
    _, figures = made(chosen("gone:0.5"))

    held = {(one.asset, one.wallet): one.quantity for one in figures.holdings}
    assert held["BTC", "hot"] == Decimal("1.5")


def test_a_lot_is_found_again_after_its_entry_was_corrected_to_another_kind() -> None:
    text = BOOKS.replace("b/buy/BTC  2025-02-01 buy ", "b/income/BTC 2025-02-01 income ")
    _, figures = made(chosen("b/buy/BTC:0.5"), text=text)

    assert lots("s/sell/BTC", figures) == [("b/income/BTC", "spec-id", "0.5")]


def test_a_selection_whose_sale_is_gone_is_told() -> None:
    found, figures = made(chosen("b/buy/BTC:0.5", disposal="voided"))

    assert (codes(found), figures.totals.are_known) == (["selection-without-sale"], True)
