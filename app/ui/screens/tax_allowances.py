"""What a year leaves untaxed: a card an allowance or threshold, with how much of it is used and what is left to tax."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.tax.figures import AllowanceFigures
from app.ui import format as fmt
from app.ui.screens.inspector_parts import Pair, pairs, wrapped
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Pill
from app.ui.words import tr

_SHARES = ("share", "discount")
"""Kinds whose amount is a part of a gain and no money."""


class AllowanceCard(QFrame):
    """One allowance, cliff, share or discount of the year."""

    def __init__(self, one: AllowanceFigures, currency: str) -> None:
        """Take the figures and the money that they are in."""
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(one.name)
        is_over = one.left is not None and one.left < 0
        tone, icon = ("warn", "triangle-alert") if is_over else ("info", "info")
        head: list[w.Item] = [w.glyph(icon, tone, 16), (wrapped(one.name, "medium"), 1)]
        if not one.is_verified:
            head.append(Pill(tr("unverified"), "warn"))
        is_share = one.kind in _SHARES
        amount = fmt.percent(one.amount, places=0) if is_share else fmt.amount(one.amount, currency)
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
