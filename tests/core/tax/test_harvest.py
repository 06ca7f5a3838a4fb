"""Losses that a sale would make: what is listed, what each law makes of buying again; the figures of a sale judge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.core.clock import parse_iso
from app.core.lots.methods import Method, Scope
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.harvest import Harvest, harvest
from app.core.tax.profile import Profile, profile
from app.core.tax.valuations import UNKNOWN, Valuation
from tests.core.lots.histories import written

D = Decimal
TODAY = date(2025, 6, 10)
AT = parse_iso("2025-06-10T12:00:00Z")[0]
BOOKS = """
a 2024-01-10 buy 1 BTC 500 wallet=hot
b 2025-03-01 buy 1 BTC 900 wallet=hot
c 2025-05-20 buy 2 BTC 1000 wallet=hot
e 2025-02-02 buy 9 ETH 90 wallet=hot
""".strip()


def found(
    text: str = BOOKS, code: str = "us", prices: Mapping[str, str] | None = None, chosen: Profile | None = None
) -> Harvest:
    """Return the losses of a history at prices a unit; what has no price there has none at all."""
    known = {"BTC": "400", "ETH": "20"} if prices is None else prices

    def value(asset: str, quantity: Decimal) -> Valuation:
        return Valuation(quantity * D(known[asset]), "a price") if asset in known else UNKNOWN

    return harvest(written(text), chosen or profile(code), AT, value)


def rows(made: Harvest) -> list[tuple[str | None, Decimal]]:
    return [(one.lot, one.loss) for one in made.losses]


def sold(text: str, code: str, quantity: str, *later: str, price: int = 400) -> tuple[Decimal | None, Decimal]:
    """Return gain and denied loss of a sale of BTC today, with purchases after it."""
    sale = f"s 2025-06-10T12:00:00Z sell {quantity} BTC {D(quantity) * price:f} wallet=hot"
    figures = compute(written("\n".join((text, sale, *later))), profile(code), currency="X", refuses_choices=False)
    made = next(one for one in figures.disposals if one.row == "s")
    return made.gain, made.denied


def test_losses_come_the_greatest_first_and_gains_not_at_all() -> None:
    made = found()

    assert rows(made) == [("b", D(500)), ("c", D(200)), ("a", D(100))]
    assert (made.total, made.short, made.long) == (D(800), D(700), D(100))
    assert [one.is_long for one in made.losses] == [False, False, True]


def test_a_loss_says_in_how_many_days_it_is_long_term() -> None:
    days = {one.lot: one.days_to_long for one in found().losses}

    assert days == {"a": 0, "b": (date(2026, 3, 2) - TODAY).days, "c": (date(2026, 5, 21) - TODAY).days}


def test_what_has_no_price_or_no_cost_is_named_and_left_out() -> None:
    made = found(f"{BOOKS}\nx 2025-04-01 buy 1 SOL wallet=hot", prices={"BTC": "400", "SOL": "1"})

    assert rows(made) == [("b", D(500)), ("c", D(200)), ("a", D(100))]
    assert made.unknown == ("ETH", "SOL")


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        (Method.FIFO, {"a": D(0), "b": D(1), "c": D(2)}),
        (Method.LIFO, {"c": D(0), "b": D(2), "a": D(3)}),
        (Method.HIFO, {"b": D(0), "a": D(1), "c": D(2)}),
        (Method.LOFO, {"a": D(0), "c": D(1), "b": D(3)}),
        (Method.SPEC_ID, {"a": D(0), "b": D(0), "c": D(0)}),
    ],
)
def test_a_lot_says_what_a_sale_takes_before_it(method: Method, expected: dict[str, Decimal]) -> None:
    text = BOOKS if method is not Method.LOFO else BOOKS.replace("buy 1 BTC 500", "buy 1 BTC 450")
    made = found(text, chosen=profile("us", method=method))

    assert {one.lot: one.sold_before for one in made.losses} == expected


def test_wallets_are_looked_at_each_by_itself() -> None:
    made = found(BOOKS.replace("900 wallet=hot", "900 wallet=cold"))

    assert {(one.lot, one.wallet): one.sold_before for one in made.losses} == {
        ("b", "cold"): D(0),
        ("c", "hot"): D(1),
        ("a", "hot"): D(0),
    }


def test_where_long_terms_are_not_taxed_their_losses_do_not_count() -> None:
    made = found(code="de")

    assert {one.lot: one.counts for one in made.losses} == {"a": False, "b": True, "c": True}
    assert (made.total, made.short, made.long) == (D(700), D(700), D(0))


def test_in_the_united_states_the_wash_sale_rule_is_information_only() -> None:
    made = found()

    assert made.rule is not None
    assert (made.rule.is_verified, made.not_before, {one.recent for one in made.losses}) == (False, None, {()})


def test_in_the_united_kingdom_buying_within_thirty_days_changes_the_loss() -> None:
    made = found(code="uk")

    assert rows(made) == [(None, D(800))]
    assert made.not_before == TODAY + timedelta(days=31)
    assert made.losses[0].recent == ()
    alone = sold(BOOKS, "uk", "4")
    assert alone == (D(-800), D(0))
    assert sold(BOOKS, "uk", "4", f"r {made.not_before} buy 4 BTC 400") == alone
    assert sold(BOOKS, "uk", "4", f"r {made.not_before - timedelta(days=1)} buy 4 BTC 400") != alone


def test_in_the_united_kingdom_what_was_bought_today_is_sold_first() -> None:
    made = found(f"{BOOKS}\nt 2025-06-10T08:00:00Z buy 1 BTC 410", code="uk")

    assert [(one.row, one.quantity) for one in made.losses[0].recent] == [("t", D(1))]


def test_for_a_company_in_the_united_kingdom_the_ten_days_before_count() -> None:
    chosen = profile("uk", options={"taxpayer": "company"})
    made = found(f"{BOOKS}\nt 2025-05-31 buy 1 BTC 410\nu 2025-05-30 buy 1 BTC 410", chosen=chosen)

    assert [one.row for one in made.losses[0].recent] == ["t"]
    assert made.not_before is None


def test_in_canada_units_bought_within_thirty_days_deny_what_is_still_held() -> None:
    made = found(code="ca")

    assert rows(made) == [(None, D(800))]
    assert [(one.row, one.quantity) for one in made.losses[0].recent] == [("c", D(2))]
    assert made.not_before == TODAY + timedelta(days=31)
    assert sold(BOOKS, "ca", "4") == (D(-800), D(0))
    assert sold(BOOKS, "ca", "3") == (D(-400), D(200))
    assert sold(BOOKS, "ca", "4", f"r {made.not_before} buy 4 BTC 400") == (D(-800), D(0))
    assert sold(BOOKS, "ca", "4", f"r {made.not_before - timedelta(days=1)} buy 4 BTC 400") == (D(0), D(800))


def test_in_canada_the_window_has_thirty_days_before() -> None:
    made = found(BOOKS.replace("2025-05-20", "2025-05-10"), code="ca")

    assert made.losses[0].recent == ()


def test_without_the_superficial_loss_rule_nothing_is_said_of_it() -> None:
    made = found(chosen=profile("ca", options={"superficial-loss": "off"}))

    assert (made.rule, made.not_before) == (None, None)


def test_in_ireland_what_was_bought_within_four_weeks_goes_first_and_buying_again_sets_the_loss_aside() -> None:
    made = found(code="ie")

    assert {one.lot: one.sold_before for one in made.losses} == {"c": D(0), "a": D(2), "b": D(3)}
    assert [one.row for one in made.losses[0].recent] == ["c"]
    assert made.not_before == TODAY + timedelta(days=29)
    alone = sold(BOOKS, "ie", "2")
    assert alone == (D(-200), D(0))
    assert sold(BOOKS, "ie", "2", f"r {made.not_before} buy 2 BTC 800") == alone
    assert sold(BOOKS, "ie", "2", f"r {made.not_before - timedelta(days=1)} buy 2 BTC 800") == (D(0), D(200))


def test_acquisitions_are_told_in_the_units_after_a_split() -> None:
    made = found(f"{BOOKS}\np 2025-06-01 split - BTC ratio=2", code="ca", prices={"BTC": "200"})

    assert [one.quantity for one in made.losses[0].recent] == [D(4)]


def test_what_comes_later_is_left_out() -> None:
    made = found(f"{BOOKS}\nz 2025-07-01 buy 1 BTC 9000 wallet=hot")

    assert rows(made) == [("b", D(500)), ("c", D(200)), ("a", D(100))]


def test_in_france_no_part_of_the_portfolio_has_a_cost() -> None:
    made = found(code="fr")

    assert (made.losses, made.unknown) == ((), ("BTC", "ETH"))


def test_a_country_without_such_a_rule_says_nothing() -> None:
    made = found(code="de")

    assert (made.rule, made.not_before) == (None, None)


def test_a_loss_is_what_selling_the_lot_would_make() -> None:
    chosen = profile("us", method=Method.SPEC_ID, scope=Scope.PER_WALLET)
    for one in found(chosen=chosen).losses:
        sale = Transaction("s", AT, TransactionType.SELL, "hot", "BTC", one.quantity, value=one.value.amount)
        text = [*written(BOOKS), replace(sale, lots=((one.lot or "", one.quantity),))]

        assert compute(text, chosen, currency="USD").disposals[0].gain == -one.loss
