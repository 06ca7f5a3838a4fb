"""Rules as sentences: read from words, and written in them.

If VaR 99 % 1 d is above 5 % of the book for 10 min then notify by desktop and e-mail, and re-arm at 4.5 % of the book
"""

from __future__ import annotations

from decimal import Decimal

from app.core.alerts import measures
from app.core.alerts.tokens import Words, name_text, percent
from app.core.alerts.words import (
    CHANNELS,
    SPANS,
    SPELLED,
    UNITS,
    Lexicon,
    check_bounds,
    rearm_of,
    span_of,
)
from app.core.clock import SECOND
from app.core.errors import InputError
from app.core.model.alert_rules import AlertRule, Channel, Measure, Unit
from app.core.money import EXACT, plain

_HUNDRED = Decimal(100)
_LONGEST_DAYS = 30
_CENT, _FINE = Decimal("0.01"), Decimal("0.0001")
_LONGEST_CHANGE = 366


def parse(text: str, currency: str, names: Lexicon, rule_id: str = "") -> AlertRule:
    """Return the rule of a sentence; InputError says at which word it cannot be understood, and what fits there.

    Args:
        text: The sentence.
        currency: In which amounts of money are.
        names: What names stand for.
        rule_id: Of the rule that is made.
    """
    words = Words(text)
    words.skip("if")
    of = measures.read(words, names)
    accounts = _accounts(words, names)
    words.take("is", fits='"is above" or "is below"')
    is_above = words.choice({"above": True, "over": True, "below": False, "under": False}, '"above" or "below"')
    threshold, unit = _amount(words, of.measure, currency)
    hold = _span(words) if words.skip("for") else Decimal(0)
    channels, rearm = _what_follows(words, of.measure, currency, unit)
    words.end()
    rule = AlertRule(
        rule_id,
        of,
        is_above,
        threshold,
        unit,
        rearm_of(threshold, unit, is_above=is_above) if rearm is None else rearm,
        int(hold * SECOND),
        accounts,
        channels,
    )
    check(rule)
    return rule


def check(rule: AlertRule) -> None:
    """Raise InputError where a rule cannot be kept to: a limit out of reach, or a re-arm level on the wrong side."""
    of = rule.of
    check_bounds(of.measure, rule.threshold, amount(rule.threshold, rule.unit, "").strip())
    if of.confidence is not None and not Decimal("0.5") < of.confidence < 1:
        raise InputError(f"{percent(of.confidence)} is no confidence.", hint="It is between 50 % and 100 %: VaR 99 %.")
    if rule.accounts and not measures.has_scope(of):
        raise InputError("This is the same in every account.", hint='Leave out "in" and the account.')
    longest = _LONGEST_CHANGE if of.measure is Measure.CHANGE else _LONGEST_DAYS
    if of.days < 0 or of.days > longest:
        raise InputError(f"{of.days} days are too many.", hint=f"Give {longest} days or fewer.")
    is_wrong = rule.rearm > rule.threshold if rule.is_above else rule.rearm < rule.threshold
    if is_wrong:
        side = "below" if rule.is_above else "above"
        raise InputError("The level that re-arms is beyond the limit.", hint=f"It is {side} the limit, or equal to it.")
    if rule.hold_ns < 0 or rule.hold_ns > _LONGEST_DAYS * SPANS["d"]:
        raise InputError("The time for which it must be so is too long.", hint="Give 30 days or fewer.")
    if of.other and of.other == of.name:
        raise InputError("The two assets of a correlation are the same.", hint="Name two.")


# reading -------------------------------------------------------------------------------------------------------------
def _accounts(words: Words, names: Lexicon) -> tuple[str, ...]:
    if not words.skip("in"):
        return ()
    return tuple(dict.fromkeys(names.id_of("account", one) for one in words.listed()))


def _amount(words: Words, measure: Measure, currency: str) -> tuple[Decimal, Unit]:
    possible = UNITS[measure]
    if possible == (Unit.SECONDS,):
        return _span(words), Unit.SECONDS
    value = words.number()
    if possible == (Unit.NUMBER,):
        return value, Unit.NUMBER
    if words.skip("%"):
        if words.skip("of"):
            words.skip("the")
            words.take("book")
        share = value / _HUNDRED
        if Unit.OF_BOOK in possible:
            return share, Unit.OF_BOOK
        if Unit.SHARE in possible:
            return share, Unit.SHARE
        money = currency.upper()
        raise InputError(f"This limit is in {money}, not in percent.", hint=f"Such as 1000 {money}.")
    if Unit.MONEY in possible:
        given = words.next_word(f"% of the book, or {currency.upper()}")
        if given.casefold() != currency.casefold():
            raise InputError(f"Amounts of this book are in {currency.upper()}, not in {given}.",
                             hint=f"Such as {plain(value)} {currency.upper()}.")  # fmt: skip
        return value, Unit.MONEY
    words.take("%")
    return value / _HUNDRED, Unit.SHARE


def _span(words: Words) -> Decimal:
    value, word = words.measure()
    known = SPELLED.get(word.casefold())
    if known is None:
        raise InputError(f"{word!r} is no span of time.", hint="Such as 10 min, 2 h or 3 d.")
    seconds = EXACT.multiply(value, Decimal(SPANS[known] // SECOND))
    if seconds != seconds.to_integral_value():
        raise InputError("Spans are whole seconds.", hint="Such as 10 min, 2 h or 3 d.")
    return seconds.to_integral_value()


def _what_follows(
    words: Words, measure: Measure, currency: str, unit: Unit
) -> tuple[tuple[Channel, ...], Decimal | None]:
    """Read by which channels it is told, and the level that re-arms."""
    words.skip(",")
    channels: list[Channel] = []
    if words.skip("then"):
        words.take("notify")
        words.take("by")
        channels.append(_channel(words))
        while words.skip(",") | words.skip("and"):
            if words.is_at("re-arm", "rearm"):
                break
            channels.append(_channel(words))
    rearm = None
    words.skip(",")
    words.skip("and")
    if words.skip("re-arm") or words.skip("rearm"):
        words.take("at")
        rearm, given = _amount(words, measure, currency)
        if given is not unit:
            raise InputError("The level that re-arms is in another unit than the limit.", hint="Give both in one unit.")
    return tuple(dict.fromkeys(channels)) or (Channel.WINDOW,), rearm


def _channel(words: Words) -> Channel:
    return words.choice(CHANNELS, "window, desktop, e-mail or webhook")


# writing -------------------------------------------------------------------------------------------------------------
def sentence(rule: AlertRule, currency: str, names: Lexicon) -> str:
    """Return the sentence of a rule; `parse` gives the same rule of it."""
    text = f"If {condition(rule, currency, names)} then notify by {_listed([one.value for one in rule.channels])}"
    if rule.rearm != rearm_of(rule.threshold, rule.unit, is_above=rule.is_above):
        text += f", and re-arm at {amount(rule.rearm, rule.unit, currency)}"
    return text


def condition(rule: AlertRule, currency: str, names: Lexicon) -> str:
    """Return what must be so: "VaR 99 % 1 d is above 5 % of the book for 10 min"."""
    where = ""
    if rule.accounts:
        where = f" in {_listed([name_text(names.word_of('account', one)) for one in rule.accounts])}"
    side = "above" if rule.is_above else "below"
    held = f" for {span(Decimal(rule.hold_ns) / SECOND)}" if rule.hold_ns else ""
    return f"{measures.written(rule.of, names)}{where} is {side} {amount(rule.threshold, rule.unit, currency)}{held}"


def amount(value: Decimal, unit: Unit, currency: str) -> str:
    """Return a threshold or a reading in its unit."""
    match unit:
        case Unit.OF_BOOK:
            return f"{percent(value)} of the book"
        case Unit.SHARE:
            return percent(value)
        case Unit.MONEY:
            return f"{Decimal(plain(value)):,f} {currency.upper()}"
        case Unit.NUMBER:
            return plain(value)
        case Unit.SECONDS:
            return span(value)


def span(seconds: Decimal) -> str:
    """Return a span of time in the longest word that divides it."""
    count, word = span_of(seconds)
    return f"{plain(count)} {word}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _short_span(seconds: Decimal) -> str:
    """Return a span in its longest word and the next one: "1 h 25 min"; the rest is left out."""
    lengths = [(word, Decimal(length // SECOND)) for word, length in SPANS.items()]
    longest = next((at for at, (_, length) in enumerate(lengths) if seconds >= length), len(lengths) - 1)
    said, rest = list[str](), seconds
    for word, length in lengths[longest : longest + 2]:
        count, rest = divmod(rest, length)
        if count or not said:
            said.append(f"{plain(count)} {word}")
    return " ".join(said)


def short_amount(value: Decimal, unit: Unit, currency: str) -> str:
    """Return a reading for people: four digits are enough of what was measured, and two words of a span."""
    if unit is Unit.SECONDS:
        return _short_span(value)
    rounded = value if unit is Unit.MONEY else value.quantize(_FINE)
    return amount(value.quantize(_CENT) if unit is Unit.MONEY and abs(value) >= 1 else rounded, unit, currency)
