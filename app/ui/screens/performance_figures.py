"""The strip of figures of a period: what was gained, by every method, and what else moved."""

from __future__ import annotations

from decimal import Decimal

from app.core.model.performance import Performance
from app.core.model.views import Return
from app.core.money import EXACT
from app.ui import format as fmt
from app.ui.models.columns import full_amount
from app.ui.screens.block_strip import BlockStrip
from app.ui.widgets import basics as w
from app.ui.words import tr


class PerformanceStrip(BlockStrip):
    """Gain, the three returns, flows, income and fees."""

    def __init__(self) -> None:
        """Start without figures."""
        names = {
            "gain": tr("Gain"),
            "twr": tr("TWR"),
            "mwr": tr("MWR"),
            "simple": tr("Simple return"),
            "flows": tr("Net put in"),
            "income": tr("Income"),
        }
        super().__init__(names, main="gain")

    def show_period(self, found: Performance) -> None:
        """Show the figures of a period; what is not known says why."""
        self._amount("gain", found.gain, found.currency, _from_to(found), sign=True)
        gain = self.blocks["gain"].figure
        w.set_tone(gain, "text" if found.gain is not None else "text_3")
        mwr = found.money_weighted if found.is_short else found.annual
        for kind, told in (("twr", found.time_weighted), ("mwr", mwr), ("simple", found.simple)):
            self._return(kind, told, is_short=found.is_short)
        net = None
        if found.flowed_in is not None and found.flowed_out is not None:
            net = EXACT.subtract(found.flowed_in, found.flowed_out)
        put_in, taken_out = (fmt.compact(one, found.currency) for one in (found.flowed_in, found.flowed_out))
        words = tr("%i in · %o out").replace("%i", put_in).replace("%o", taken_out)
        self._amount("flows", net, found.currency, words, sign=True)
        fees = tr("fees %s").replace("%s", fmt.compact(found.fees, found.currency))
        self._amount("income", found.income, found.currency, fees)

    def _amount(self, kind: str, value: Decimal | None, currency: str, note: str, *, sign: bool = False) -> None:
        block = self.blocks[kind]
        text = fmt.amount(value, currency, sign=sign) if kind == "gain" else fmt.compact(value, currency, sign=sign)
        tone = "text" if value is not None else "text_3"
        block.figure.show_figure(text, value, tone, full_amount(value, currency))
        block.note.setText(note)

    def _return(self, kind: str, found: Return, *, is_short: bool) -> None:
        block, hidden = self.blocks[kind], fmt.mask() is fmt.Mask.EVERYTHING
        tone = "text_3" if found.value is None or hidden else fmt.tone(found.value)
        block.figure.show_figure(fmt.percent(found.value, sign=True), found.value, tone)
        block.change.show_figure("" if hidden else fmt.arrow(found.value), found.value, tone)
        known = {
            "twr": tr("time-weighted"),
            "mwr": tr("XIRR, of the period") if is_short else tr("XIRR, a year"),
            "simple": tr("on what was put in"),
        }[kind]
        block.note.setText(known if found.value is not None else fmt.prose(found.why))
        block.note.setToolTip("" if found.value is not None else fmt.prose(found.why))


def _from_to(found: Performance) -> str:
    words = tr("from %a to %b").replace("%a", fmt.compact(found.before, found.currency))
    return words.replace("%b", fmt.compact(found.after, found.currency))
