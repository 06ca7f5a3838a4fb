"""Selections of lots: which sale follows which, what is late, and what is refused when it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY, SECOND, parse_iso
from app.core.errors import InputError, RefusedError
from app.core.lots.methods import Method, Scope
from app.core.lots.presets import Preset
from app.core.model.lot_selections import LotSelection
from app.core.model.standing_orders import StandingOrder
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.figures import TaxFigures
from app.core.tax.open_lots import choosing, open_at
from app.core.tax.orders import followed as ordered
from app.core.tax.orders import in_force
from app.core.tax.profile import Profile, profile
from app.core.tax.selecting import AHEAD, ahead, check, named, sale_of
from app.core.tax.selections import Followed, followed
from tests.core.lots.histories import lots, of, written

US = profile("us")
DE = profile("de")
SALE = parse_iso("2025-06-01T12:00:00Z")[0]
BOOKS = """
a/buy/BTC  2024-01-01 buy      1   BTC 100 wallet=hot
b/buy/BTC  2025-02-01 buy      1   BTC 900 wallet=hot
c/buy/BTC  2025-02-02 buy      1   BTC 950 wallet=cold
e/buy/ETH  2025-02-02 buy      9   ETH 950 wallet=hot
s/sell/BTC 2025-06-01 sell     0.5 BTC 600 wallet=hot
t/sell/BTC 2025-07-01 sell     1   BTC 700 wallet=hot
z/buy/BTC  2025-08-01 buy      1   BTC 100 wallet=hot
"""
IN_TIME, AFTERWARDS = SALE - 240 * SECOND, SALE + DAY


def chosen(cell: str, *, at: int = IN_TIME, disposal: str = "s", code: str = "us", wallet: str = "") -> LotSelection:
    """Return a selection written as `row:quantity;…`."""
    parts = tuple(part.rpartition(":") for part in cell.split(";") if part)
    named_lots = tuple((row, Decimal(quantity)) for row, _, quantity in parts)
    return LotSelection(code, "BTC", named_lots, "" if wallet else disposal, wallet, recorded_ns=at)


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


def judged(cell: str, *, disposal: str = "s/sell/BTC", profile: Profile = US) -> None:
    check(written(BOOKS), disposal, chosen(cell).lots, profile)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("a/buy/BTC:0.4", "do not add up"),
        ("a/buy/BTC:0.6", "do not add up"),
        ("a/buy/BTC:1.5", "more of the lot 'a/buy/BTC' than it still holds"),
        ("e/buy/ETH:0.5", "which is of ETH"),
        ("nothing:0.5", "which no acquisition opens"),
        ("z/buy/BTC:0.5", "which was acquired later"),
    ],
)
def test_a_choice_that_cannot_be_followed_is_refused_when_it_is_made(cell: str, reason: str) -> None:
    with pytest.raises(InputError, match="'s/sell/BTC'") as refused:
        judged(cell)

    assert reason in refused.value.message
    assert refused.value.hint.startswith("Nothing was recorded.")


def test_a_lot_of_another_wallet_is_refused_by_the_law() -> None:
    with pytest.raises(RefusedError, match="which is in another wallet"):
        judged("c/buy/BTC:0.5")


def test_lots_of_every_wallet_may_be_selected_where_all_are_looked_at_together() -> None:
    judged("c/buy/BTC:0.5", profile=profile("generic", method=Method.FIFO, scope=Scope.UNIVERSAL))


def test_a_choice_that_takes_what_another_sale_selected_is_refused() -> None:
    later = followed(written(BOOKS), [chosen("b/buy/BTC:1", disposal="t")], US)

    with pytest.raises(InputError, match="selected for 't/sell/BTC'"):
        check(later.transactions, "s/sell/BTC", chosen("b/buy/BTC:0.5").lots, US)


def test_lots_are_selected_ahead_of_a_sale_among_those_that_are_open_now() -> None:
    transactions = written(BOOKS)
    good, gone = chosen("z/buy/BTC:1;b/buy/BTC:0.5").lots, chosen("b/buy/BTC:1").lots

    later = SALE + 90 * DAY
    check(ahead(transactions, "BTC", "hot", Decimal("1.5"), later), AHEAD, good, US)
    with pytest.raises(InputError, match="The selection for the next sales identifies more of the lot"):
        check(ahead(transactions, "BTC", "hot", Decimal(1), later), AHEAD, gone, US)


def test_open_lots_are_those_of_the_wallet_just_before_the_sale() -> None:
    found = choosing(written(BOOKS), "t/sell/BTC", US)

    assert [(one.lot, one.wallet, one.quantity, one.cost) for one in found.lots] == [
        ("a/buy/BTC", "hot", Decimal("0.5"), Decimal(50)),
        ("b/buy/BTC", "hot", Decimal(1), Decimal(900)),
    ]
    assert [(one.is_long, one.days_held) for one in found.lots] == [(True, 547), (False, 150)]
    assert found.method is Method.FIFO


def test_the_days_until_a_lot_is_long_term_are_told() -> None:
    # Held from 2 February 2025 on; more than a year on 2 February 2026.
    (_, lot) = choosing(written(BOOKS), "t/sell/BTC", US).lots

    assert lot.days_to_long == 216


def test_a_choice_is_weighed_as_the_figures_will_tell_it() -> None:
    found = choosing(written(BOOKS), "t/sell/BTC", US)
    weighed = found.weigh([("a/buy/BTC", Decimal("0.5")), ("b/buy/BTC", Decimal("0.5"))])

    assert (weighed.proceeds, weighed.cost, weighed.gain) == (Decimal(700), Decimal(500), Decimal(200))
    assert (weighed.short_gain, weighed.long_gain) == (Decimal(-100), Decimal(300))


def test_a_part_of_a_choice_is_weighed_with_its_share_of_the_proceeds() -> None:
    weighed = choosing(written(BOOKS), "t/sell/BTC", US).weigh([("a/buy/BTC", Decimal("0.25"))])

    assert (weighed.quantity, weighed.proceeds, weighed.gain) == (Decimal("0.25"), Decimal(175), Decimal(150))


def test_what_has_no_known_cost_is_weighed_as_unknown() -> None:
    found = choosing(written(BOOKS.replace("BTC 900", "BTC")), "t/sell/BTC", US)

    assert found.weigh([("b/buy/BTC", Decimal(1))]).gain is None
    assert found.preset(Preset.HIFO)[0][0] == "a/buy/BTC"


def test_before_a_safe_harbour_lots_belong_to_no_wallet() -> None:
    options: Mapping[str, str] = {"safe-harbor": "global", "wallet-order": "hot;cold"}
    harbor = profile("us", options=options)
    text = BOOKS.replace("2025-06-01 sell", "2024-06-01 sell").replace("2025-02-0", "2024-02-0")
    sales = sorted(written(text), key=lambda one: one.at)

    assert [one.lot for one in choosing(sales, "s/sell/BTC", harbor).lots] == ["a/buy/BTC", "b/buy/BTC", "c/buy/BTC"]
    assert [one.lot for one in choosing(sales, "t/sell/BTC", harbor).lots] == ["a/buy/BTC", "b/buy/BTC"]


def test_all_open_lots_of_a_moment_are_listed_by_asset_and_wallet() -> None:
    found = open_at(written(BOOKS), SALE, US)

    assert [(one.lot, one.wallet, one.quantity) for one in found] == [
        ("c/buy/BTC", "cold", Decimal(1)),
        ("a/buy/BTC", "hot", Decimal("0.5")),
        ("b/buy/BTC", "hot", Decimal(1)),
        ("e/buy/ETH", "hot", Decimal(9)),
    ]


@pytest.mark.parametrize("code", ["uk", "ca", "fr", "jp"])
def test_where_cost_is_averaged_there_are_no_lots(code: str) -> None:
    with pytest.raises(RefusedError, match="there are no single lots"):
        open_at(written(BOOKS), SALE, profile(code))


def test_a_sale_is_named_by_its_row_or_by_its_entry() -> None:
    transactions = [*written(BOOKS), replace(written(BOOKS)[4], row="s/sell/ETH", asset="ETH")]

    assert sale_of(transactions, "t").row == "t/sell/BTC"
    assert sale_of(transactions, "s", "BTC").row == "s/sell/BTC"
    assert sale_of(transactions, "s/sell/ETH").row == "s/sell/ETH"
    with pytest.raises(InputError, match="sells several assets"):
        sale_of(transactions, "s")
    with pytest.raises(InputError, match="names no sale"):
        sale_of(transactions, "a")


def test_a_lot_may_be_named_by_its_entry_and_twice() -> None:
    transactions: list[Transaction] = written(BOOKS)

    assert named(transactions, "BTC", (("a", Decimal("0.2")), ("a/buy/BTC", Decimal("0.3")), ("q", Decimal(1)))) == (
        ("a/buy/BTC", Decimal("0.5")),
        ("q", Decimal(1)),
    )


def test_lots_that_were_carried_over_from_another_asset_are_open_to_a_sale() -> None:
    bought, sold = written(
        """
        a/buy/BTC   2024-01-01 buy  1 BTC  100 wallet=hot
        s/sell/WBTC 2025-06-01 sell 1 WBTC 600 wallet=hot
        """
    )
    wrapped = Transaction(
        "w/carry/BTC", bought.at + DAY, TransactionType.CARRY, "hot", "BTC", Decimal(1), to_asset="WBTC",
        to_quantity=Decimal(1),
    )  # fmt: skip
    found = choosing([bought, wrapped, sold], "s/sell/WBTC", US)

    assert [(one.lot, one.asset, one.cost, one.is_long) for one in found.lots] == [
        ("a/buy/BTC", "WBTC", Decimal(100), True)
    ]
    check([bought, wrapped, sold], "s/sell/WBTC", (("a/buy/BTC", Decimal(1)),), US)


def test_a_third_of_a_unit_is_refused_with_how_much_of_the_lot_can_be_selected() -> None:
    text = """
    a 2024-01-01 buy   1   FOO 100
    b 2024-01-02 buy   2   FOO 300
    c 2024-02-01 sell  3   FOO 1
    s 2025-04-01 sell  1   BAR 600
    x 2025-05-03 split -   BAR ratio=3
    """
    # Three old units became one: of a lot a third, of the other two.
    carried = {"type": TransactionType.CARRY, "value": None, "to_asset": "BAR", "to_quantity": Decimal(1)}
    books = [replace(one, **carried) if one.row == "c" else one for one in written(text)]  # type: ignore[arg-type]
    two_thirds = Decimal("0.666666666666666667")
    with pytest.raises(InputError) as refused:
        check(books, "s", (("a", 1 - two_thirds), ("b", two_thirds)), US)

    reason = "more of the lot 'b' than it still holds here, which is 0.6666666666666666666666666666666666666666666666"
    assert reason in refused.value.message
