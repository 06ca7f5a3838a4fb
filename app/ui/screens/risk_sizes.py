"""How large the book is beside what it is worth: exposure, leverage, debt, perpetuals, and what is locked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from PySide6.QtCore import Slot

from app.core.model.futures import Part
from app.ui import format as fmt
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.block_strip import BlockStrip
from app.ui.screens.risk_found import Found, exact
from app.ui.words import tr


def _unread(found: Found, parts: Collection[Part]) -> str:
    """Return of which accounts it is not known whether there is any; "" where it is known of all."""
    names = [*dict.fromkeys(name for name, part in found.book.unread if part in parts)]
    if not names:
        return ""
    return tr("not read: %s").replace(
        "%s", names[0] if len(names) == 1 else tr("%d accounts").replace("%d", str(len(names)))
    )


class Sizes(BlockStrip):
    """Six figures in a strip."""

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is known yet."""
        super().__init__({
            "gross": tr("Gross exposure"),
            "net": tr("Net exposure"),
            "leverage": tr("Leverage"),
            "debt": tr("Owed"),
            "perpetuals": tr("Perpetuals"),
            "locked": tr("Locked"),
        })  # fmt: skip
        self._shell = shell
        self._found: Found | None = None
        self.asked.connect(self._explain)

    def show_found(self, found: Found) -> None:
        """Show the sizes of a book."""
        self._found = found
        sizes = found.report.study.leverage
        for kind, amount in (
            ("gross", sizes.gross), ("net", sizes.net), ("debt", sizes.debt), ("perpetuals", sizes.perpetuals),
        ):  # fmt: skip
            value = exact(amount)
            self._show(kind, fmt.amount(value, found.currency, places=0), value)
        times = exact(sizes.leverage)
        self._show("leverage", fmt.UNKNOWN if times is None else f"{fmt.price(times, places=2)} ×", times)
        locked = exact(sizes.locked_share)
        self._show("locked", fmt.percent(locked, places=1), locked)
        for kind, words in self._notes(found).items():
            self.blocks[kind].note.setText(words)
        beside = [one.message for one in found.book.findings if one.code.startswith("futures-")]
        for kind in ("debt", "perpetuals", "locked"):
            self.blocks[kind].note.setToolTip(fmt.prose(" ".join(beside)))

    def _show(self, kind: str, words: str, value: Decimal | None) -> None:
        self.blocks[kind].figure.show_figure(words, value, "text")

    def _notes(self, found: Found) -> Mapping[str, str]:
        sizes, currency = found.report.study.leverage, found.currency
        short = fmt.amount(exact(sizes.short), currency, places=0)
        until = tr("until when is not known")
        if sizes.unlocks is not None:
            until = tr("until %d").replace("%d", fmt.date(sizes.unlocks))
        worth = fmt.amount(exact(sizes.equity), currency, places=0)
        debt = tr("loans and balances below zero") if sizes.debt else tr("nothing")
        perpetuals = tr("notional, beside the books") if sizes.perpetuals else tr("none that is known")
        return {
            "gross": tr("long and short, by asset"),
            "net": tr("short %s").replace("%s", short),
            "leverage": tr("of %s").replace("%s", worth),
            "debt": _unread(found, (Part.MARGIN, Part.ISOLATED)) or debt,
            "perpetuals": _unread(found, (Part.FUTURES, Part.POSITIONS)) or perpetuals,
            "locked": _unread(found, (Part.LOCKED,)) or (until if sizes.locked else tr("nothing")),
        }

    @Slot(str)
    def _explain(self, kind: str) -> None:
        found = self._found
        if found is None:
            return
        block = self.blocks[kind]
        words = {
            "gross": tr(
                "Exposures are netted by asset over every place, long and short added up. Holdings, stakes, collateral"
                " and perpetuals (quantity × mark) count, debt counts against them; the currency of the books does not"
                " move and is left out."
            ),
            "net": tr("Long less short: what is gained when every price doubles."),
            "leverage": tr(
                "Gross exposure divided by what the book is worth: holdings, margins and open gains of perpetuals, less"
                " debt."
            ),
            "debt": tr(
                "What was borrowed with its interest, as margin wallets were read, and balances below zero. A rise of"
                " what is owed is a loss."
            ),
            "perpetuals": tr(
                "Quantity × mark, long and short added up. A perpetual is worth its margin and its open gain, never its"
                " notional, and that is what its venue owes."
            ),
            "locked": tr(
                "What lies in places that nothing can be sold from before a while (staked, locked, bonded), and what"
                " venues tell to be bound until a day, as a share of everything held. Flexible products are not locked."
            ),
        }[kind]
        rows = ((block.name.text(), block.figure.text()), (tr("Worth"), fmt.amount(
            exact(found.report.study.leverage.equity), found.currency)))  # fmt: skip
        self._shell.explain(
            block.info, HowComputed(block.name.text(), words, (tr("What"), ""), rows, place="positions")
        )
