"""How the figures of a choice of lots are computed, lot by lot."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from app.core.ports import AssetRegistry
from app.core.tax.open_lots import Choosing
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.screens import tax_words as words
from app.ui.screens.base import HowComputed
from app.ui.words import tr

_SHOWN = 8
"""Lots that are named one by one."""


def explained(choosing: Choosing, found: TaxYear, choice: Mapping[str, Decimal], assets: AssetRegistry) -> HowComputed:
    """Return how proceeds, cost and gain of a sale follow from the lots that are chosen for it."""
    used = [one for one in choosing.lots if choice.get(one.lot)]
    inputs = [_input(choosing, found, one.lot, fmt.date(one.acquired_ns), choice[one.lot]) for one in used[:_SHOWN]]
    currency, rest = found.figures.currency, used[_SHOWN:]
    if rest:
        weighed = choosing.weigh((one.lot, choice[one.lot]) for one in rest)
        more = tr("%n more").replace("%n", fmt.count(len(rest)))
        inputs.append(
            (more, fmt.quantity(weighed.quantity), fmt.amount(weighed.cost, currency), _signed(weighed.gain, currency))
        )
    weighed = choosing.weigh(choice.items())
    whole = (fmt.quantity(weighed.quantity), fmt.amount(weighed.cost, currency), _signed(weighed.gain, currency))
    inputs.append((tr("Together"), *whole))
    valued = found.valuations.get(choosing.sale.row)
    proceeds = tr("Proceeds %p: %s").replace("%p", fmt.amount(choosing.sale.value, currency))
    source = fmt.prose(words.valued_by(valued, assets))
    return HowComputed(
        tr("Choice for %q").replace(
            "%q", fmt.quantity(choosing.sale.quantity, assets.asset(choosing.sale.asset).symbol)
        ),
        tr("Proceeds belong to units in equal shares; the units used of a lot take their share of its cost."),
        (tr("Acquired"), tr("Use"), tr("Cost"), tr("Gain")),
        tuple(inputs),
        f"{proceeds.replace('%s', source)} · {words.rules(found.profile, currency)}",
        found.head,
        f"tax/disposals/{choosing.sale.row}",
    )


def _input(choosing: Choosing, found: TaxYear, lot: str, day: str, units: Decimal) -> tuple[str, ...]:
    weighed, currency = choosing.weigh(((lot, units),)), found.figures.currency
    return day, fmt.quantity(units), fmt.amount(weighed.cost, currency), _signed(weighed.gain, currency)


def _signed(value: Decimal | None, currency: str) -> str:
    return fmt.amount(value, currency, sign=True)
