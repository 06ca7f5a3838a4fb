"""What a year leaves untaxed: a card an allowance or threshold, with how much of it is used and what is left to tax."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core.tax.figures import AllowanceFigures
from app.core.tax.jurisdiction import AllowanceKind
from app.ui import format as fmt
from app.ui.screens.base import HowComputed
from app.ui.screens.inspector_parts import Pair, pairs, wrapped
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Pill
from app.ui.words import tr

Explain = Callable[[QWidget, HowComputed], None]

_SHARES = ("share", "discount")
"""Kinds whose amount is a part of a gain and no money."""

_FORMULAS = {
    AllowanceKind.AMOUNT: "Taxable is what was measured less the amount, and never less than nothing.",
    AllowanceKind.CLIFF: "Up to the amount nothing is taxed, beyond it everything: the amount is no deduction.",
    AllowanceKind.SHARE: "Only this share of what was measured is taxed.",
    AllowanceKind.DISCOUNT: "This share of a gain on what was held for long is not taxed, after losses.",
}
"""How what is left to tax follows, before losses of other years and other income."""


class AllowanceCard(QFrame):
    """One allowance, cliff, share or discount of the year."""

    def __init__(self, one: AllowanceFigures, currency: str, explain: Explain, head_hash: str = "") -> None:
        """Take the figures, their money, what opens an explanation, and the state of the books."""
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(one.name)
        is_over = one.left is not None and one.left < 0
        tone, icon = ("warn", "triangle-alert") if is_over else ("info", "info")
        head: list[w.Item] = [w.glyph(icon, tone, 16), (wrapped(one.name, "medium"), 1)]
        if not one.is_verified:
            head.append(Pill(tr("unverified"), "warn"))
        amount = _amount(one, currency)
        how = w.icon_button("info", f"{tr('How computed')}: {one.name}", tone="text_3", side=24)
        how.clicked.connect(partial(_explain, explain, how, explained(one, currency, head_hash)))
        head.append(how)
        told = [Pair(tr("Amount"), amount), Pair(tr("Measured"), fmt.amount(one.measured, currency))]
        if one.left is not None:
            word = tr("Beyond it") if is_over else tr("Left")
            told.append(Pair(word, fmt.amount(abs(one.left), currency), tone="warn" if is_over else "text"))
        told.append(Pair(tr("Taxable"), fmt.amount(one.taxable, currency)))
        parts: list[w.Item] = [w.row(*head, spacing=8), pairs(told)]
        law = wrapped(one.law, "caption", "text_3")
        law.setToolTip(one.url)
        parts.append(law)
        w.fill(QVBoxLayout(self), parts, 5, (12, 10, 12, 10))


def _amount(one: AllowanceFigures, currency: str) -> str:
    return fmt.percent(one.amount, places=0) if one.kind in _SHARES else fmt.amount(one.amount, currency)


def _explain(explain: Explain, anchor: QWidget, text: HowComputed, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
    explain(anchor, text)


def explained(one: AllowanceFigures, currency: str, head: str) -> HowComputed:
    """Return how what an allowance leaves to tax is computed."""
    kind = AllowanceKind(one.kind)
    inputs = [(tr("Measured in the year"), fmt.amount(one.measured, currency)), (tr("Amount"), _amount(one, currency))]
    if one.left is not None:
        inputs.append((tr("Left, below zero beyond it"), fmt.amount(one.left, currency, sign=True)))
    inputs.append((tr("Taxable"), fmt.amount(one.taxable, currency)))
    checked = tr("The law was read.") if one.is_verified else tr("The amount was not compared with the law.")
    law = f"{one.law} ({one.url})" if one.url else one.law
    return HowComputed(one.name, tr(_FORMULAS[kind]), ("", currency), tuple(inputs), f"{law} · {checked}", head)
