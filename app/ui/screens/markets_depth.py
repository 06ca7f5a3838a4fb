"""The order book of a market as it is now: which venue's, how old, in step or not, and where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from PySide6.QtCore import QObject, QTimer, Slot

from app.core.clock import SECOND
from app.core.model.assets import Asset
from app.core.model.market import Instrument
from app.core.model.order_books import BookState, BookView, best_of
from app.services.events import BooksChanged
from app.services.order_books import BookLook
from app.ui import format as fmt
from app.ui.charts.depth import Depth
from app.ui.charts.legend import Part
from app.ui.screens.base import Shell
from app.ui.screens.markets_chart import BOOKS, MarketChart
from app.ui.screens.markets_rows import source_name
from app.ui.words import tr

WHO = "markets"
"""As which order books are looked at."""

_FRAME = 200
"""Milliseconds between two pictures of a book."""
_TABLE = 1_000
"""The same where it is shown as a table."""
_REACH = Decimal("0.02")
"""How far from the middle depth is shown, as a share."""
_LIVE_NS = 3 * SECOND


class DepthDesk(QObject):
    """Shows the book of one asset while it is looked at, and lets the socket be closed when it is not."""

    def __init__(self, shell: Shell, chart: MarketChart, parent: QObject) -> None:
        """Take the window and the chart; nothing is looked at yet."""
        super().__init__(parent)
        self._shell, self._chart = shell, chart
        self._asset: Asset | None = None
        self._shown: Instrument | None = None
        self._offered: tuple[Instrument, ...] = ()
        self._is_chosen = False
        self._quit: Callable[[], None] | None = None
        self._frame = QTimer(self, singleShot=True, interval=_FRAME)
        self._frame.timeout.connect(self.show)
        chart.book_chosen.connect(self._choose)

    def look_at(self, asset: Asset | None) -> None:
        """Look at the books of an asset; None is nothing any more."""
        if asset is None or self._asset is None or asset.asset_id != self._asset.asset_id:
            self._shown, self._offered, self._is_chosen = None, (), False
        self._asset = asset
        workspace = self._shell.workspace
        is_money = asset is not None and asset.asset_id == workspace.book.base_currency
        workspace.order_books.want(WHO, () if asset is None or is_money else (asset.asset_id,))
        if asset is None:
            self._rest()
            return
        if self._quit is None:
            self._quit = workspace.events.subscribe(BooksChanged, self._moved)
        self.show()

    def _rest(self) -> None:
        self._frame.stop()
        if self._quit is not None:
            self._quit()
            self._quit = None

    def _moved(self, event: BooksChanged) -> None:
        if self._asset is not None and self._asset.asset_id in event.asset_ids and not self._frame.isActive():
            # Figures that change five times a second are read by nobody.
            self._frame.start(_TABLE if self._chart.as_table.isChecked() else _FRAME)

    @Slot(int)
    def _choose(self, place: int) -> None:
        if place < len(self._offered):
            self._shown, self._is_chosen = self._offered[place], True
            self.show()

    # what is shown -------------------------------------------------------------------------------------------------
    @Slot()
    def show(self) -> None:
        """Show the book that was chosen, else the best there is; ages grow."""
        asset, chart = self._asset, self._chart
        if asset is None or not chart.is_depth:
            return
        workspace = self._shell.workspace
        look, now = workspace.order_books.look(asset.asset_id), workspace.runtime.clock.now_ns()
        found = self._picked(look.views, now)
        self._offer(look.views, found)
        if found is None:
            self._say_none(asset, look)
        elif found.is_whole:
            self._draw(found, now)
        elif chart.is_known and self._shown == found.instrument and found.state is BookState.LOST:
            # What was there stays for the moment in which it is fetched anew, and says so.
            chart.show_book_state(self._state_parts(found, now))
        else:
            self._say_unsound(asset, found)

    def _picked(self, views: Sequence[BookView], now: int) -> BookView | None:
        """Return the book that is shown already while there is one, so that it does not leap from venue to venue."""
        kept = next((one for one in views if one.instrument == self._shown), None)
        if kept is not None and (self._is_chosen or (not kept.fault and not kept.is_silent(now))):
            return kept
        return best_of(views, now)

    def _draw(self, found: BookView, now: int) -> None:
        self._shown = found.instrument
        name = f"{source_name(found.instrument.venue)} {found.instrument.symbol}"
        quote = self._shell.workspace.runtime.assets.asset(found.instrument.quote).symbol
        depth = Depth.of(found.bids, found.asks).within(_REACH)
        self._chart.show_depth(depth, name, quote, self._state_parts(found, now))

    def _offer(self, views: Sequence[BookView], found: BookView | None) -> None:
        """Offer the books of all venues, by name."""
        self._offered = tuple(sorted((one.instrument for one in views), key=lambda one: (one.venue, one.symbol)))
        names = [source_name(one.venue) for one in self._offered[: len(BOOKS)]]
        chosen = self._offered.index(found.instrument) if found is not None else -1
        self._chart.offer_books(names, chosen)

    @staticmethod
    def _state_parts(found: BookView, now: int) -> tuple[Part, ...]:
        """Return whether the book is live, stale or out of step, and how often it had to be fetched anew."""
        parts = []
        old = None if found.at is None else max(0, now - found.at)
        silent = None if found.known_at is None else max(0, now - found.known_at)
        if found.state is BookState.LOST:
            parts.append(Part("", tr("out of step: fetched anew…"), "warn", 97))
        elif old is None or found.is_silent(now):
            parts.append(Part(tr("no word for"), fmt.UNKNOWN if silent is None else fmt.age(silent), "warn", 97))
        elif old < _LIVE_NS:
            parts.append(Part("", tr("live"), "up", 85))
        else:
            parts.append(Part(tr("unchanged for"), fmt.age(old), "text_2", 85))
        if found.gaps:
            words = fmt.counted(found.gaps, tr("fetched anew once"), tr("fetched anew %s times"))
            parts.append(Part("", words, "text_3", 30))
        return tuple(parts)

    # where there is none -------------------------------------------------------------------------------------------
    def _say_none(self, asset: Asset, look: BookLook) -> None:
        chart, symbol = self._chart, asset.symbol
        if asset.asset_id == self._shell.workspace.book.base_currency:
            chart.say(tr("%s is the money of the book.").replace("%s", symbol), tr("It needs no price."))
        elif look.is_replay:
            chart.say(tr("The recording has no order book of %s.").replace("%s", symbol), "")
        elif look.is_waiting:
            chart.say(tr("The order book of %s is being fetched…").replace("%s", symbol), "")
        elif look.faults:
            what = tr("No order book of %s can be read.").replace("%s", symbol)
            chart.say(what, fmt.prose("\n".join(look.faults.values())), is_fault=True)
        else:
            what = tr("No connected venue has an order book of %s.").replace("%s", symbol)
            chart.say(what, tr("Connect one that trades it; candles may be known all the same."))

    def _say_unsound(self, asset: Asset, found: BookView) -> None:
        venue = source_name(found.instrument.venue)
        if found.fault:
            what = tr("%v gives no order book of %s.").replace("%v", venue).replace("%s", asset.symbol)
            self._chart.say(what, fmt.prose(found.fault) + " " + tr("It is tried again by itself."), is_fault=True)
        elif found.state is BookState.IN_STEP:
            what = tr("Nobody offers %s at %v.") if found.bids else tr("Nobody bids for %s at %v.")
            self._chart.say(what.replace("%s", asset.symbol).replace("%v", venue), "")
        else:
            what = tr("The order book of %s is being fetched…").replace("%s", asset.symbol)
            self._chart.say(what, venue)
