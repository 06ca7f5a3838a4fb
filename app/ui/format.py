"""The one gate for every shown number, date and hash: exact value in, text out; masking happens nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from enum import IntEnum
from functools import lru_cache

from PySide6.QtCore import QLocale

from app.core.clock import DAY, SECOND, to_datetime
from app.ui.words import tr

THIN, MINUS, MASK, UNKNOWN = "\u2009", "\u2212", "\u2022\u2022\u2022\u2022\u2022", "\u2014"
SYMBOLS = {"usd": "$", "eur": "€", "gbp": "£", "jpy": "¥", "inr": "₹"}
_LEAST = 2
"""Places of a price that are written even where they are zero."""
_WIDE = Context(prec=400, rounding=ROUND_HALF_EVEN)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MARKED = re.compile(r"\[\[(.+?)\]\]")
_ENDS = re.compile(r"(?<=\w)\u2026(?=\w)")
"""Where the middle of an address is left out: its two ends are one word, which no line parts."""
_JOINED = "\u2060\u2026\u2060"
_ADDRESS = re.compile(rf"\w+{_JOINED}\w+")
"""It tells who one is, so the highest masking hides it."""
_HYPHEN = re.compile(r"(?<![\w-])-(?=\d)")
"""A minus that was typed as a hyphen."""
_PERCENT = re.compile(r"(?<=[\d\]]) ?%(?!\w)")
"""A percent sign after a figure, however far from it."""
_DAY = rf"\d{{1,2}}(?:(?: to | and |–)\d{{1,2}})? (?:{'|'.join(_MONTHS)})\b(?: \d{{4}})?"
_TIMES = rf"\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?|\d\d:\d\d(?::\d\d)?|{_DAY}"
_NUMBERS = re.compile(rf"(?P<time>{_TIMES})|(?<![A-Za-z0-9\u2060])[+\u2212-]?\d[\d,.\u202f']*(?![A-Za-z0-9])")


class Mask(IntEnum):
    """How much is hidden."""

    NOTHING = 0
    AMOUNTS = 1
    EVERYTHING = 2


_AMOUNTS, _EVERYTHING = Mask.AMOUNTS, Mask.EVERYTHING
"""To look a member up in its class takes as long as to group the digits of a figure."""


@dataclass(frozen=True, slots=True)
class Separators:
    """How a locale writes numbers: `first` digits before the point, then groups of `further`."""

    group: str = ","
    point: str = "."
    first: int = 3
    further: int = 3
    zero: str = "0"

    @classmethod
    def of(cls, locale: QLocale) -> Separators:
        """Read separators, group sizes and digits from a locale, by a sample that it writes."""
        sample = locale.toString(1234567890)
        group = locale.groupSeparator()
        parts = sample.split(group) if group and group in sample else [sample]
        first = len(parts[-1]) if len(parts) > 1 else 0
        further = len(parts[-2]) if len(parts) > 2 else first  # noqa: PLR2004
        return cls(group=group, point=locale.decimalPoint(), first=first, further=further, zero=locale.zeroDigit())


_PLAIN = Separators()
"""What Python writes by itself."""


@dataclass(slots=True)
class _Gate:
    mask: Mask = Mask.NOTHING
    separators: Separators = _PLAIN


_gate = _Gate()


def mask() -> Mask:
    """Return how much is hidden now."""
    return _gate.mask


def set_mask(level: Mask) -> None:
    """Hide more or less; whoever shows figures draws them anew afterwards."""
    _gate.mask = level


def use_locale(locale: QLocale) -> None:
    """Write numbers as a locale does."""
    asked = Separators.of(locale)
    _gate.separators = _PLAIN if asked == _PLAIN else asked


def _hidden(level: Mask) -> bool:
    return _gate.mask >= level


def _grouped(digits: str) -> str:
    how = _gate.separators
    if not how.first or len(digits) <= how.first:
        return digits
    parts, rest = [digits[-how.first :]], digits[: -how.first]
    while rest:
        parts.insert(0, rest[-how.further :])
        rest = rest[: -how.further]
    return how.group.join(parts)


@lru_cache(maxsize=64)
def _step(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def _written(value: Decimal, places: int) -> str:
    rounded, how = value.copy_abs().quantize(_step(places), context=_WIDE), _gate.separators
    if how is _PLAIN:
        return f"{rounded:,f}"
    whole, _, fraction = f"{rounded:f}".partition(".")
    text = _grouped(whole) + (f"{how.point}{fraction}" if fraction else "")
    zero = how.zero
    return text if zero == "0" else "".join(chr(ord(zero) + int(c)) if c.isascii() and c.isdigit() else c for c in text)


def _is_zero(value: Decimal, places: int) -> bool:
    """Tell whether a value is written as zero: only what begins below the last place has to be rounded to know."""
    return not value or (value.adjusted() < -places and not value.quantize(_step(places), context=_WIDE))


def _sign(value: Decimal, places: int, *, always: bool) -> str:
    if _is_zero(value, places):
        return ""
    return MINUS if value < 0 else "+" if always else ""


def currency_mark(currency: str) -> str:
    """Return what stands before an amount: a symbol, or the code and a thin space."""
    return SYMBOLS.get(currency.lower(), f"{currency.upper()}{THIN}")


def amount(value: Decimal | None, currency: str, *, places: int = 2, sign: bool = False) -> str:
    """Return money such as $1,141,056.25."""
    if value is None:
        return UNKNOWN
    if _hidden(_AMOUNTS):
        return currency_mark(currency) + MASK
    return _sign(value, places, always=sign) + currency_mark(currency) + _written(value, places)


def compact(
    value: Decimal | None, currency: str, *, sign: bool = False, places: int = 2, like: Decimal | None = None
) -> str:
    """Return money such as $7.57 M; the exact amount belongs in the tooltip.

    In a column all have one unit: that of `like`, the largest of them.
    """
    if value is None:
        return UNKNOWN
    if _hidden(_AMOUNTS):
        return currency_mark(currency) + MASK
    widest = abs(value if like is None else like)
    for exponent, unit in ((9, "B"), (6, "M"), (3, "k")):
        if widest >= Decimal(10) ** exponent:
            told = value.scaleb(-exponent)
            if value and _is_zero(told, places):
                return f"{_less(value)}{currency_mark(currency)}{_written(_step(places), places)}{THIN}{unit}"
            lead = _sign(value, places, always=sign) + currency_mark(currency)
            return f"{lead}{_written(told, places)}{THIN}{unit}"
    return amount(value, currency, sign=sign)


def _less(value: Decimal) -> str:
    """Return what stands before the last place that is written, for a value that is nearer to zero than that."""
    return f"{MINUS}<" if value < 0 else "<"


def axis(value: Decimal, step: Decimal) -> str:
    """Return the label of a value axis, as short as its step allows."""
    if _hidden(_AMOUNTS):
        return MASK
    exponent, unit = next(
        ((e, u) for e, u in ((9, "B"), (6, "M"), (3, "k")) if abs(value) >= Decimal(10) ** e), (0, "")
    )
    shown_step = step.scaleb(-exponent).normalize()
    places = min(4, max(0, -int(shown_step.as_tuple().exponent)))
    tail = f"{THIN}{unit}" if unit else ""
    return _sign(value, places, always=False) + _written(value.scaleb(-exponent), places) + tail


def quantity(value: Decimal | None, unit: str = "", *, places: int = 8, trim: bool = True, sign: bool = False) -> str:
    """Return a quantity such as 12.50003384 BTC; what is finer than `places` is "<" its unit, never zero."""
    if value is None:
        return UNKNOWN
    tail = f"{THIN}{unit}" if unit else ""
    if _hidden(_AMOUNTS):
        return MASK + tail
    if value and _is_zero(value, places):
        return f"{_less(value)}{_written(_step(places), places)}{tail}"
    text = _written(value, places)
    point = _gate.separators.point
    if trim and point in text:
        text = text.rstrip(_gate.separators.zero).removesuffix(point)
    return _sign(value, places, always=sign) + text + tail


def price(value: Decimal | None, *, places: int | None = None) -> str:
    """Return a mark with five figures, or with `places`; it is public, so only the highest masking hides it."""
    if value is None:
        return UNKNOWN
    if _hidden(_EVERYTHING):
        return MASK
    shown = price_places(value) if places is None else places
    return _sign(value, shown, always=False) + _written(value, shown)


def price_places(value: Decimal) -> int:
    """Return decimal places that show five figures of a price; a whole one, as money in itself has, needs only two."""
    if value == value.to_integral_value():
        return _LEAST
    return min(12, max(_LEAST, 4 - value.adjusted()))


def percent(value: Decimal | None, *, places: int = 2, sign: bool = False) -> str:
    """Return a share (0.0142) as 1.42 %; what rounds to zero is said to be less than the last place."""
    if value is None:
        return UNKNOWN
    if _hidden(_EVERYTHING):
        return f"{MASK}{THIN}%"
    hundred = value.scaleb(2)
    if hundred and not sign and _is_zero(hundred, places):
        return f"{_less(value)}{_written(_step(places), places)}{THIN}%"
    return f"{_sign(hundred, places, always=sign)}{_written(hundred, places)}{THIN}%"


def count(number: int) -> str:
    """Return a whole number with its groups."""
    return MASK if _hidden(_EVERYTHING) else _written(Decimal(number), 0)


def counted(number: int, one: str, many: str) -> str:
    """Return "1 entry" or "12 entries"; where the count is hidden, the word must not tell that it is one."""
    is_one = number == 1 and not _hidden(_EVERYTHING)
    return (one if is_one else many).replace("%s", count(number))


def typeset(text: str) -> str:
    """Return words from elsewhere with minus, percent and the ends of addresses as the window writes them."""
    return _ENDS.sub(_JOINED, _PERCENT.sub(f"{THIN}%", _HYPHEN.sub(MINUS, text)))


def prose(text: str) -> str:
    """Return a sentence with its figures masked where they must be; [[…]] marks a figure, else every number counts."""
    text = typeset(text)
    marked = _MARKED.search(text) is not None
    if not _hidden(_AMOUNTS):
        return _MARKED.sub(r"\1", text)
    hidden = _MARKED.sub(MASK, text)
    if _hidden(_EVERYTHING):
        hidden = _ADDRESS.sub(MASK, hidden)
    if marked and not _hidden(_EVERYTHING):
        return hidden
    return _NUMBERS.sub(lambda found: found.group() if found["time"] else MASK, hidden)


def unmarked(text: str) -> str:
    """Return a sentence as it is, for files: without the marks of its figures."""
    return _MARKED.sub(r"\1", text)


def arrow(value: Decimal | None) -> str:
    """Return the triangle of a change."""
    if not value:
        return ""
    return "\u25b2" if value > 0 else "\u25bc"


def tone(value: Decimal | None) -> str:
    """Return the colour role of a change."""
    return "text_3" if not value else "up" if value > 0 else "down"


def date(at: int) -> str:
    """Return 2026-11-20, in UTC."""
    return to_datetime(at).strftime("%Y-%m-%d")


def day(at: int, *, year: bool = True) -> str:
    """Return 20 Nov 2026, for sentences."""
    moment = to_datetime(at)
    month = tr(_MONTHS[moment.month - 1])
    return f"{moment.day} {month} {moment.year}" if year else f"{moment.day} {month}"


def days(first: int, last: int) -> str:
    """Return 20 Mar – 28 Oct 2026: the year of both once, where it is one."""
    is_one = to_datetime(first).year == to_datetime(last).year
    return f"{day(first, year=not is_one)} – {day(last)}"


def month(at: int) -> str:
    """Return Nov."""
    return tr(_MONTHS[to_datetime(at).month - 1])


def time(at: int) -> str:
    """Return 14:31:52, in UTC."""
    minutes, seconds = divmod(at % DAY // SECOND, 60)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"


def moment(at: int) -> str:
    """Return 2026-11-20 14:31:52 UTC."""
    return f"{date(at)} {time(at)} UTC"


def local(at: int) -> str:
    """Return the moment in this computer's zone, for tooltips."""
    return to_datetime(at).astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def age(span_ns: int) -> str:
    """Return 2 s, 34 min, 16 h or 3 d."""
    span = max(0, span_ns)
    for limit, unit, word in (
        (60 * SECOND, SECOND, "s"),
        (3600 * SECOND, 60 * SECOND, "min"),
        (DAY, 3600 * SECOND, "h"),
    ):
        if span < limit:
            return f"{span // unit} {tr(word)}"
    return f"{span // DAY} {tr('d')}"


def grouped_hash(text: str, *, short: bool = False) -> str:
    """Return a hash or address in groups of four; shortened only for lists."""
    groups = [text[i : i + 4] for i in range(0, len(text), 4)]
    return " ".join([*groups[:2], "…", *groups[-2:]] if short and len(groups) > 4 else groups)  # noqa: PLR2004


def size(byte_count: int) -> str:
    """Return 4.2 MB."""
    value = Decimal(byte_count)
    for exponent, unit in ((9, "GB"), (6, "MB"), (3, "kB")):
        if value >= Decimal(10) ** exponent:
            return f"{_written(value.scaleb(-exponent), 1)}{THIN}{unit}"
    return f"{byte_count}{THIN}B"
