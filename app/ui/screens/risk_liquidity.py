"""Liquidity: what leaving the book costs through spreads and order books as they are, and how long it takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui.models.columns import full_amount
from app.ui.models.table import TableModel
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.block_strip import BlockStrip
from app.ui.screens.risk_explained import covers, told
from app.ui.screens.risk_found import Found, Scored, View, exact, horizon_words, level, share_of
from app.ui.screens.risk_liquidity_rows import columns, days_words, way_name, way_rows
from app.ui.screens.risk_pane import RiskPane
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, pinned, tool_bar
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.basis import Basis
    from app.core.risk.leaving import Leaving

SHARES = {"5": 0.05, "10": 0.1, "20": 0.2}
"""Shares of a day's volume that one seller may be."""


class LiquidityPane(RiskPane):
    """Figures above, assets below."""

    word: ClassVar[str] = "liquidity"
    title: ClassVar[str] = "Liquidity"
    shows_books: ClassVar[bool] = True

    def __init__(self, shell: Shell) -> None:
        """Make the parts; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None
        self.left: Leaving | None = None
        self.view = View()
        self.strip = BlockStrip({
            "var": tr("Liquidity-adjusted VaR"),
            "spread": tr("Spread cost"),
            "exit": tr("Exit cost now"),
            "sold": tr("Sold in a day"),
            "days": tr("Longest to close"),
        })  # fmt: skip
        self.strip.asked.connect(self._explain)
        self.shares = Segmented([(key, f"{key}\u2009%") for key in SHARES], "10", tr("Share of the daily volume"))
        self.shares.chosen.connect(self._chosen)
        self.model = TableModel(columns(), way_name)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "risk-liquidity", tr("Leaving the book, by asset"), look)
        self.table.opened.connect(self._open)
        self.stage = Stage(self.table)
        self.note = w.elided("", "caption", "text_2")
        caption = w.text(tr("Share of the daily volume"), "label", "text_3")
        body = w.frame("panel", (self.stage, 1), pinned((self.note, 1)), spacing=0, margins=(1, 1, 1, 1))
        parts: list[w.Item] = [
            w.row((self.strip, 1), margins=(16, 0, 16, 0)),
            tool_bar(w.row(caption, self.shares, spacing=8), None),
            (w.row((body, 1), margins=(16, 0, 16, 14)), 1),
        ]
        w.fill(QVBoxLayout(self), parts, 0)

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take an answer; days are computed at the share that is chosen."""
        self.found, self.view = found, view
        return self._count, self._show_figures, self._show_rows

    def _count(self) -> None:
        from app.core.risk.leaving import leaving  # noqa: PLC0415 - numeric libraries are loaded by the first question

        found = self.found
        if found is not None and SHARES[self.shares.current] == found.report.leaving.participation:
            self.left = found.report.leaving
        elif found is not None:
            share, book = SHARES[self.shares.current], found.book
            still = frozenset({book.currency})
            self.left = leaving(book.exposures, book.facts, constant=still, participation=share)

    # what is shown -------------------------------------------------------------------------------------------------
    def _show_figures(self) -> None:
        found, left = self.found, self.left
        if found is None or left is None:
            return
        tail = found.tail(self.view)
        words = f"{level(tail.confidence)} · {horizon_words(self.view.horizon)}"
        self.strip.blocks["var"].name.setText(f"{tr('LVaR')} {words}")
        alone = fmt.compact(exact(tail.value_at_risk), found.currency)
        self._money("var", left.adjusted(tail).value, tr("%s without spreads").replace("%s", alone))
        self._money("spread", left.spread_cost.value, self._spread_note(left, found.book.facts.now))
        self._money("exit", left.exit_cost.value, self._covered(left.exit_cost.basis.coverage.share))
        sold = exact(left.sold[0][1])
        later = " · ".join(f"{days:g} {tr('d')} {fmt.percent(exact(share), places=0)}" for days, share in left.sold[1:])
        self._plain("sold", fmt.percent(sold, places=1), sold, later)
        unknown = sum(1 for way in left.ways if way.longest is None)
        note = fmt.counted(unknown, tr("not known of %s asset"), tr("not known of %s assets")) if unknown else ""
        self._plain("days", tr("%s d").replace("%s", days_words(left.longest)), exact(left.longest), note)
        self.note.setText(self._coverage(found, left))

    def _money(self, kind: str, value: float | None, note: str) -> None:
        found, amount, block = self.found, exact(value), self.strip.blocks[kind]
        if found is not None:
            tip = full_amount(None if amount is None else amount.quantize(Decimal("0.01")), found.currency)
            tone = "text" if amount is not None else "text_3"
            block.figure.show_figure(fmt.compact(amount, found.currency), amount, tone, tip)
            block.note.setText(note)

    def _plain(self, kind: str, text: str, value: Decimal | None, note: str) -> None:
        shown = text if value is not None else fmt.UNKNOWN
        self.strip.blocks[kind].figure.show_figure(shown, value, "text" if value is not None else "text_3")
        self.strip.blocks[kind].note.setText(note)

    @staticmethod
    def _covered(share: float | None) -> str:
        return tr("covers %p").replace("%p", fmt.percent(exact(share), places=1)) if share else tr("nothing is known")

    def _spread_note(self, left: Leaving, now: int) -> str:
        """Return what is covered and, where spreads were kept from before, how old the oldest is."""
        from app.core.risk.leaving import FRESH  # noqa: PLC0415 - numeric libraries are loaded by the first question

        covered = self._covered(left.spread_cost.basis.coverage.share)
        ages = [now - one.until for way in left.ways for one in way.seen]
        oldest = max(ages, default=0)
        return covered if oldest <= FRESH else f"{covered} · {tr('seen %s ago').replace('%s', fmt.age(oldest))}"

    @staticmethod
    def _coverage(found: Found, left: Leaving) -> str:
        """Return which part of the book has depth, which only a spread, and which neither."""
        total = sum(left.known.values())
        words = {"depth": tr("live depth %p"), "spread only": tr("only a spread %p"), "nothing": tr("neither %p")}
        parts = [
            words[known.value].replace("%p", fmt.percent(share_of(value, total), places=1))
            for known, value in left.known.items()
            if total
        ]
        neither = [found.name(way.asset) for way in left.ways if way.knows.value == "nothing"]
        text = " · ".join(parts) + (f": {', '.join(neither)}" if neither else "")
        facts = found.book.facts
        waiting = tr("Order books are being fetched…") if not facts.is_watched or facts.is_waiting else ""
        few = tr("Order books of the largest are read, of %n not.").replace("%n", fmt.count(len(facts.unwatched)))
        said = (waiting, *map(fmt.prose, facts.faults.values()), few if facts.unwatched else "", text)
        return " ".join(part for part in said if part)

    def _show_rows(self) -> None:
        found, left = self.found, self.left
        if found is None or left is None:
            return
        seldom = {
            "locked": any(way.locked for way in left.ways),
            "perpetual": any(way.perpetuals.parts for way in left.ways),
        }
        self.table.leave_out(*(column for column, is_there in seldom.items() if not is_there))
        self.model.show(way_rows(found, left, self.shell.workspace.runtime.clock.now_ns()))
        if left.ways:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("There is nothing to close."), tr("The book holds its own money alone."))

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _chosen(self, _share: str) -> None:
        self._count()
        self._show_figures()
        self._show_rows()

    @Slot(str)
    def _open(self, key: str) -> None:
        self.shell.go(f"positions/{key}")

    @Slot(str)
    def _explain(self, kind: str) -> None:
        found, left = self.found, self.left
        if found is None or left is None:
            return
        tail = found.tail(self.view)
        if kind == "var":
            text = told(tr("Liquidity-adjusted value at risk"), left.adjusted(tail).basis, found)
        elif kind == "spread":
            text = _seen(tr("Spread cost"), left.spread_cost.basis, found, tr("Observations, one a second"))
        elif kind == "exit":
            text = _seen(tr("Exit cost"), left.exit_cost.basis, found, tr("Order books"))
        else:
            text = self._explained_days(left)
        self.shell.explain(self.strip.blocks[kind].info, text)

    def _explained_days(self, left: Leaving) -> HowComputed:
        words = tr(
            "What is held of an asset, divided by a share of the units that are traded in a day at the connected venues"
            " together, on average over the last 30 whole days. What has no known volume counts as not sold; a locked"
            " stake is not sold before its day, and a perpetual is closed in the market of its own contract."
        )
        volumes = [way.volume for way in left.ways if way.volume is not None]
        rows = (
            (tr("Share of the daily volume"), fmt.percent(exact(left.participation), places=0)),
            (tr("Assets with a known volume"), f"{fmt.count(len(volumes))} / {fmt.count(len(left.ways))}"),
        )
        coverage = covers(left.exit_cost.basis.coverage, self.found) if self.found is not None else ""
        return HowComputed(tr("Days to close"), words, (tr("What"), ""), rows, coverage, place="markets")

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_figures()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the assets that are seen."""
        return None if self.found is None else self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the strip."""
        return self.strip.figures()


def _seen(title: str, basis: Basis, found: Found, what: str) -> HowComputed:
    """Return what stands behind a figure that rests on what was seen of markets, and on no days of history."""
    rows = [(what, fmt.count(basis.observations))]
    if basis.since is not None and basis.until is not None:
        is_a_day = fmt.date(basis.since) == fmt.date(basis.until)
        until = f"{fmt.time(basis.until)} UTC" if is_a_day else fmt.moment(basis.until)
        rows.append((tr("Seen"), f"{fmt.date(basis.since)} {fmt.time(basis.since)} – {until}"))
    return told(title, replace(basis, since=None, until=None), found, rows)
