"""What each country's rules make of small histories; sources stand in the file of the country."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.errors import RefusedError
from app.core.lots.methods import Method, Scope
from app.core.tax.figures import Term
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from tests.core.lots.histories import figures, figures_of, lots, of, term, written


@pytest.mark.parametrize(
    ("acquired", "sold", "expected"),
    [
        ("2024-01-15", "2025-01-15", Term.SHORT),
        ("2024-01-15", "2025-01-16", Term.LONG),
        ("2024-02-29", "2025-02-28", Term.SHORT),
        ("2024-02-29", "2025-03-01", Term.LONG),
        ("2023-02-28", "2024-02-29", Term.LONG),
        # Still the 15th in UTC, but the 16th in Berlin.
        ("2024-01-15", "2025-01-15T23:30:00Z", Term.LONG),
    ],
)
def test_in_germany_long_is_after_the_anniversary(acquired: str, sold: str, expected: Term) -> None:
    assert term(acquired, sold, "de") == expected


def test_terms_are_known_where_they_matter_only() -> None:
    days = ("2024-01-15", "2025-03-01")

    found = {code: term(*days, code) for code in ("us", "de", "au", "generic", "uk", "ca", "ie", "jp")}
    assert [code for code, one in found.items() if one is Term.LONG] == ["us", "de", "au", "generic"]
    assert term(*days, "generic", {"holding-period": "730d"}) is Term.SHORT
    assert term(*days, "generic", {"holding-period": "none"}) is None


def test_canada_denies_a_loss_as_far_as_it_was_bought_again() -> None:
    text = """
    a 2021-01-01 buy  10 FOO 100
    s 2021-01-10 sell 10 FOO 50
    b 2021-02-09 buy  4  FOO 24
    """
    late = text.replace("2021-02-09", "2021-02-10")

    # 1 January is also within 30 days before the sale, so P = 14, B = 4.
    assert of("s", figures(written(text), code="ca")) == ("100", "-30", "20")
    assert figures(written(text), code="ca").holdings[0].cost == 44
    assert of("s", figures(written(late), code="ca")) == ("100", "-50", "0")
    assert of("s", figures(written(text), code="ca", options={"superficial-loss": "off"})) == ("100", "-50", "0")


def test_france_takes_the_share_of_the_whole_portfolio() -> None:
    text = """
    a 2024-01-15 buy  1   BTC 2000
    e 2024-02-15 buy  10  ETH 1000
    s 2024-03-15 sell 0.4 BTC 1000 portfolio_value=4000
    u 2024-05-15 sell 5   ETH 1000 portfolio_value=3000
    """
    found = figures(written(text), code="fr")

    assert (of("s", found), of("u", found)) == (("750", "250", "0"), ("750", "250", "0"))
    assert [found.portfolio_cost, *(held.cost for held in found.holdings)] == [1500, None, None]


def test_costs_of_a_sale_come_off_the_gain_and_not_off_the_quotient_in_france() -> None:
    text = """
    a 2024-01-15 buy  1   BTC 6000
    s 2024-03-15 sell 0.5 BTC 9950 portfolio_value=20000 costs=50
    u 2024-05-15 sell 0.5 BTC 9999.9 portfolio_value=10000 costs=0.1
    """
    found = figures(written(text), code="fr")

    # BOI-RPPM-PVBMC-30-20, § 50: 6,000 × 10,000 ÷ 20,000 = 3,000, though 9,950 were kept.
    assert (of("s", found), of("u", found)) == (("3000", "6950", "0"), ("3000", "6999.9", "0"))


def test_costs_make_no_other_figure_different() -> None:
    text = """
    a 2024-01-15 buy  1   BTC 6000
    s 2024-03-15 sell 0.5 BTC 9950 {}
    """

    for code in ("us", "uk", "ca", "jp", "ie", "de", "au"):
        assert figures(written(text.format("")), code=code).disposals == (
            figures(written(text.format("costs=50")), code=code).disposals
        )


def test_an_exchange_is_neutral_in_france() -> None:
    text = """
    a 2024-01-15 buy  1  BTC 2000
    x 2024-02-15 sell 1  BTC 3000
    y 2024-02-15 buy  10 ETH 3000
    s 2024-03-15 sell 10 ETH 4000 portfolio_value=4000
    """
    found = figures(written(text), code="fr")

    assert ([one.row for one in found.disposals], of("s", found)) == (["s"], ("2000", "2000", "0"))
    assert [(finding.code, finding.entries) for finding in found.findings] == [("neutral-exchange", ("x",))]


@pytest.mark.parametrize("cell", ["", "portfolio_value=500"])
def test_without_the_value_of_the_portfolio_nothing_is_known_in_france(cell: str) -> None:
    text = f"""
    a 2024-01-15 buy  2 BTC 2000
    s 2024-03-15 sell 1 BTC 1000 {cell}
    u 2024-04-15 sell 1 BTC 1000 portfolio_value=1000
    """
    found = figures(written(text), code="fr")

    assert [of(row, found)[:2] for row in "su"] == [("?", "?"), ("?", "?")]
    assert found.findings[0].entries == ("s",)


def test_ireland_sells_first_what_was_bought_within_four_weeks() -> None:
    text = """
    a 2024-01-01 buy  1 BTC 100
    b 2024-03-01 buy  1 BTC 500
    s 2024-03-29 sell 1.5 BTC 900
    """
    late = text.replace("2024-03-29", "2024-03-30")

    assert lots("s", figures(written(text), code="ie")) == [("b", "fifo", "1"), ("a", "fifo", "0.5")]
    assert lots("s", figures(written(late), code="ie")) == [("a", "fifo", "1"), ("b", "fifo", "0.5")]
    assert lots("s", figures(written(text), code="ie", options={"four-week-rule": "off"}))[0][0] == "a"


def test_ireland_sets_a_loss_aside_as_far_as_it_was_bought_again() -> None:
    text = """
    a 2024-01-01 buy  4 BTC 400
    s 2024-06-01 sell 4 BTC 200
    b 2024-06-29 buy  1 BTC 60
    c 2024-06-30 buy  1 BTC 60
    """
    found = figures(written(text), code="ie")

    assert of("s", found) == ("400", "-150", "50")
    assert [finding.code for finding in found.findings] == ["loss-set-aside"]


JAPAN = """
a 2023-03-01 buy  1 BTC 100
s 2023-04-01 sell 1 BTC 300
b 2023-12-31T14:59:59Z buy 3 BTC 700
c 2023-12-31T15:00:00Z buy 1 BTC 800
t 2024-02-01 sell 2 BTC 900
"""


def test_japan_averages_a_year_of_tokyo() -> None:
    found = figures(written(JAPAN), code="jp")

    # 2023: (100 + 700) ÷ 4 = 200. 2024: (600 + 800) ÷ 4 = 350.
    assert [of(row, found)[0] for row in "st"] == ["200", "700"]


def test_japan_knows_a_moving_average_too() -> None:
    found = figures(written(JAPAN), Method.MOVING_AVERAGE, code="jp")

    assert [of(row, found)[0] for row in "st"] == ["100", "750"]
    assert [finding.code for finding in found.findings] == ["method-note", "foreign-currency"]


NATIONAL_TAX_AGENCY = """
a 2017-03-09 buy  4   BTC 2000000
s 2017-05-20 sell 0.2 BTC 110000
t 2017-09-28 sell 0.3 BTC 155000
u 2017-11-02 sell 1   BTC 600000
b 2017-11-30 buy  2   BTC 1600000
"""
"""The agency's answer of 2017 on cost after a further purchase: 500,000 and then 633,334 yen a unit as a moving average
(it rounds up), 600,000 as a total average."""


def test_japan_comes_out_as_in_the_answer_of_the_national_tax_agency() -> None:
    moving = figures(written(NATIONAL_TAX_AGENCY), Method.MOVING_AVERAGE, code="jp")
    total = figures(written(NATIONAL_TAX_AGENCY), code="jp")

    assert [of(row, moving)[:2] for row in "stu"] == [("100000", "10000"), ("150000", "5000"), ("500000", "100000")]
    assert [of(row, total)[:2] for row in "stu"] == [("120000", "-10000"), ("180000", "-25000"), ("600000", "0")]
    ((left,), (rest,)) = moving.holdings, total.holdings
    assert (left.quantity, left.cost, rest.cost) == (Decimal("4.5"), Decimal(2_850_000), Decimal(2_700_000))


def test_a_country_whose_authority_s_own_example_was_not_found_says_so() -> None:
    assert [code for code, rules in JURISDICTIONS.items() if rules.law and not rules.official_examples] == ["de", "ie"]
    assert JURISDICTIONS["de"].checked.startswith("Unsupported by an official example: none")
    assert JURISDICTIONS["generic"].checked == ""


def test_a_tax_year_is_the_countrys() -> None:
    text = """
    a 2023-01-01 buy  3 BTC 300
    s 2024-04-05 sell 1 BTC 500
    t 2024-04-06 sell 1 BTC 500
    u 2024-07-01 sell 1 BTC 500
    """
    rows = {
        (code, year): [one.row for one in figures_of(year, written(text), code=code).disposals]
        for code, year in (("uk", 2023), ("uk", 2024), ("au", 2024), ("au", 2025), ("de", 2024))
    }

    assert rows == {
        ("uk", 2023): ["s"],
        ("uk", 2024): ["t", "u"],
        ("au", 2024): ["s", "t"],
        ("au", 2025): ["u"],
        ("de", 2024): ["s", "t", "u"],
    }


def test_a_year_ends_with_what_was_held_then() -> None:
    text = """
    a 2023-01-01 buy  3 BTC 300
    s 2024-03-20 sell 1 BTC 500
    b 2024-04-10 buy  1 BTC 450
    """
    found = figures_of(2023, written(text), code="uk")

    # What was bought in the next year is matched, and the holding of this year is whole.
    assert lots("s", found) == [("b", "thirty-day", "1")]
    assert [(held.quantity, held.cost) for held in found.holdings] == [(Decimal(3), Decimal(300))]


def test_income_is_an_acquisition_at_its_value() -> None:
    text = """
    a 2024-01-01 income 1 BTC 100
    s 2024-02-01 sell   1 BTC 300
    """
    found = figures(written(text), Method.FIFO)

    assert (of("s", found), found.totals.income) == (("100", "200", "0"), Decimal(100))
    assert [one.row for one in found.income] == ["a"]


FORBIDDEN = [(code, method) for code, rules in JURISDICTIONS.items() for method in set(Method) - set(rules.methods)]


@pytest.mark.parametrize(("code", "method"), sorted(FORBIDDEN))
def test_a_method_that_a_country_does_not_allow_is_refused_with_its_law(code: str, method: Method) -> None:
    with pytest.raises(RefusedError) as refused:
        profile(code, method=method)

    assert (refused.value.exit_status, JURISDICTIONS[code].law in refused.value.message) == (6, True)


@pytest.mark.parametrize("code", sorted(JURISDICTIONS))
def test_every_country_names_its_law(code: str) -> None:
    rules = JURISDICTIONS[code]

    assert code == "generic" or any(source.is_primary for source in rules.sources)
    assert [source.url for source in rules.sources if not source.url.startswith("https://")] == []
    assert rules.scope in Scope
