"""Figures that a person types about risk: amounts with a sign, and shares as percent."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from app.core.errors import InputError
from app.ui import format as fmt
from app.ui.words import tr

_UNITS = {"k": 3, "m": 6, "b": 9}
_AMOUNT = re.compile(r"([+-]?)(\d[\d,]*(?:\.\d+)?|\.\d+)([kmb]?)", re.IGNORECASE)


def _bare(text: str) -> str:
    return re.sub(r"[\s\u2009\u202f]", "", text.replace(fmt.MINUS, "-"))


def amount_of(text: str) -> Decimal:
    """Return an amount such as +25,000, −1.5 M or 40k; InputError where it is none."""
    found = _AMOUNT.fullmatch(_bare(text))
    if found is None:
        raise InputError(f"“{text.strip()}” is no amount.", hint=tr("Example: −25000"))
    sign, digits, unit = found.groups()
    value = Decimal(digits.replace(",", "")).scaleb(_UNITS.get(unit.lower(), 0))
    return -value if sign == "-" else value


def share_of_percent(text: str, least: Decimal, most: Decimal) -> Decimal:
    """Return −50 or −50 % as −0.5; InputError where it is none or outside its bounds (both in percent)."""
    words = _bare(text).removesuffix("%")
    try:
        percent = Decimal(words)
    except InvalidOperation as error:
        raise InputError(f"“{text.strip()}” is no percentage.", hint=tr("Example: −50")) from error
    if not percent.is_finite() or not least <= percent <= most:
        raise InputError(f"{percent} % is not between {least} % and {most} %.", hint=tr("Type a figure in between."))
    return percent.scaleb(-2)


def factor_of(text: str) -> Decimal:
    """Return a factor above zero such as 3; InputError where it is none."""
    try:
        factor = Decimal(_bare(text).lstrip("×x"))
    except InvalidOperation as error:
        raise InputError(f"“{text.strip()}” is no factor.", hint=tr("Example: 3")) from error
    if not factor.is_finite() or not 0 < factor <= 100:  # noqa: PLR2004 - what markets never did
        raise InputError(f"A factor of {factor} is not between 0 and 100.", hint=tr("Type a figure in between."))
    return factor
