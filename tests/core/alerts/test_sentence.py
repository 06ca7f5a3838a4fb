"""Sentences about alerts: what they mean, that they are written as they are read, and what is said of others."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.alerts.measures import has_scope
from app.core.alerts.sentence import parse, sentence, short_amount
from app.core.alerts.words import GROUPS, UNITS
from app.core.clock import DAY, SECOND
from app.core.errors import InputError
from app.core.model.alert_rules import AlertRule, Channel, Measure, Measured, Unit
from tests.core.alerts.as_written import AsWritten

AS_WRITTEN = AsWritten()


def read(text: str) -> AlertRule:
    """Return the rule of a sentence in a book in dollars."""
    return parse(text, "usd", AS_WRITTEN, "a")


def test_the_sentence_of_the_manual_is_understood() -> None:
    text = "If VaR 99 % 1 d is above 5 % of the book for 10 minutes then notify by desktop and e-mail"

    assert read(text) == AlertRule(
        "a",
        Measured(Measure.VALUE_AT_RISK, confidence=Decimal("0.99"), days=1),
        is_above=True,
        threshold=Decimal("0.05"),
        unit=Unit.OF_BOOK,
        rearm=Decimal("0.0475"),
        hold_ns=600 * SECOND,
        channels=(Channel.DESKTOP, Channel.MAIL),
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("es 97.5% 10d is over 10,000 usd for 2h.", "If ES 97.5 % 10 d is above 10,000 USD for 2 h"),
        ("largest venue share is above 40%", "If largest venue share is above 40 %"),
        ('share of venue "Kraken Pro" is above 40 %', 'If share of venue "Kraken Pro" is above 40 %'),
        ("price of BTC is under 50000 USD", "If price of BTC is below 50,000 USD"),
        ("age of prices is above 90 s", "If age of prices is above 90 s"),
        ("age of kraken is above 3600 seconds", "If age of kraken is above 1 h"),
        ("gross exposure in a, b and c is above 10%", "If gross exposure in a, b and c is above 10 % of the book"),
        ("change of BTC over 7 days is below -10 %", "If change of BTC over 7 d is below -10 %"),
    ],
)
def test_loose_words_are_written_in_the_usual_way(text: str, written: str) -> None:
    assert f"{written} then notify by window" == sentence(read(text), "usd", AS_WRITTEN)


def test_a_level_that_re_arms_is_written_where_it_is_not_the_usual_one() -> None:
    text = "If correlation of BTC and ETH is above 0.9 then notify by e-mail and webhook, and re-arm at 0.8"

    assert text == sentence(read(text), "usd", AS_WRITTEN)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "at the start: there is nothing"),
        ("Foo is above 3", "'Foo' is nothing that can be measured"),
        ("VaR is above 3 %", 'after "VaR": there is "is", and a number'),
        ("VaR 40 % is above 3 %", "40 % is no confidence"),
        ("VaR 99 % 31 d is above 3 %", "31 days are too many"),
        ("price of BTC above 5 USD", '"is above" or "is below" was expected'),
        ("price of BTC is above 5 EUR", "in USD, not in EUR"),
        ("price of BTC is above 5 %", "This limit is in USD, not in percent"),
        ("price of BTC is above -5 USD", "A limit of -5 can never be reached"),
        ("drawdown is above 120 %", "A limit of 120 % can never be reached"),
        ("drawdown is above x5 %", 'there is "x5", and a number was expected'),
        ("drawdown is above 1,5 %", '"1,5" is no number. A comma groups thousands'),
        ("price of BTC is above 70,00 USD", '"70,00" is no number. A comma groups thousands'),
        ("drawdown is above 20 % for 2 parsec", "'parsec' is no span of time"),
        ("drawdown is above 20 % for 99 d", "too long"),
        ("drawdown is above 20 % then notify by pigeon", '"pigeon"'),
        ("drawdown is above 20 % and re-arm at 21 %", "beyond the limit"),
        ("drawdown is above 20 % tomorrow", 'there is "tomorrow", and the end was expected'),
        ("correlation of BTC and BTC is above 0.5", "are the same"),
        ("gross exposure is above 9 % and re-arm at 8 USD", "in another unit"),
        ("share of planet earth is above 9 %", "one of asset, venue"),
    ],
)
def test_what_cannot_be_understood_is_said_with_what_fits(text: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        read(text)

    assert said in refused.value.line()


NAMES = st.text(st.characters(codec="utf-8", exclude_characters='"“”', exclude_categories=("C", "Z")), min_size=1) | (
    st.sampled_from(["Kraken Pro", "1inch", "is", "and", "prices", "a, b", "50%"])
)
SMALL = st.decimals(0, 1, places=4)
LARGE = st.decimals(0, 10**9, places=6)


@st.composite
def rules(draw: st.DrawFn) -> AlertRule:
    measure = draw(st.sampled_from(Measure))
    unit = draw(st.sampled_from(UNITS[measure]))
    values = LARGE if unit is Unit.MONEY else SMALL
    if unit is Unit.SECONDS:
        values = st.integers(0, 10**7).map(Decimal)
    low, high = sorted((draw(values), draw(values)))
    is_above = draw(st.booleans())
    threshold, rearm = (high, low) if is_above else (low, high)
    asset = draw(NAMES)
    of: dict[str, Any] = {}
    if measure in {Measure.VALUE_AT_RISK, Measure.SHORTFALL}:
        of = {"confidence": draw(st.decimals("0.51", "0.9999", places=4)), "days": draw(st.integers(1, 30))}
    elif measure is Measure.SHARE:
        of = {"group": draw(st.sampled_from(GROUPS)), "name": draw(NAMES | st.just(""))}
    elif measure is Measure.CORRELATION:
        of = {"name": asset, "other": draw(NAMES.filter(lambda one: one != asset))}
    elif measure is Measure.CHANGE:
        of = {"name": asset, "days": draw(st.integers(1, 366))}
    elif measure is Measure.AGE:
        of = {"name": draw(NAMES | st.just(""))}
    elif measure in {Measure.EXPOSURE, Measure.PRICE}:
        of = {"name": asset}
    accounts = draw(st.lists(NAMES, max_size=3, unique=True)) if has_scope(Measured(measure, **of)) else []
    channels = draw(st.lists(st.sampled_from(Channel), min_size=1, unique=True))
    hold = draw(st.integers(0, 30 * DAY // SECOND)) * SECOND
    return AlertRule(
        "a", Measured(measure, **of), is_above, threshold, unit, rearm, hold, tuple(accounts), tuple(channels)
    )


@given(rules())
def test_a_rule_that_is_written_is_read_as_the_same_rule(rule: AlertRule) -> None:
    assert rule == read(sentence(rule, "usd", AS_WRITTEN))


@given(st.text())
def test_any_text_is_a_rule_or_refused_with_a_hint(text: str) -> None:
    rule = hint = None
    try:
        rule = read(text)
    except InputError as fault:
        hint = fault.hint

    assert hint or (rule is not None and rule == read(sentence(rule, "usd", AS_WRITTEN)))


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (60, "1 min"), (324, "5 min 24 s"), (5_130, "1 h 25 min"), (90_000, "1 d 1 h"),
     (86_400 + 59, "1 d"), (86_400 * 400, "400 d")],
)  # fmt: skip
def test_a_reading_of_a_span_is_said_in_two_words(seconds: int, said: str) -> None:
    assert short_amount(Decimal(seconds), Unit.SECONDS, "usd") == said


@pytest.mark.parametrize(
    "measured", ["price of BTC is above 5 USD", "change of BTC over 1 d is above 5 %", "age of kraken is above 1 h"]
)
def test_what_is_the_same_in_every_account_takes_none(measured: str) -> None:
    what, _, limit = measured.partition(" is ")
    with pytest.raises(InputError, match="the same in every account"):
        parse(f"{what} in main is {limit}", "usd", AsWritten())

    assert parse(measured, "usd", AsWritten()).accounts == ()
    assert parse("age of prices in main is above 1 h", "usd", AsWritten()).accounts == ("main",)
