"""Lots of the made-up tax years, with the real judgement of a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.clock import DAY
from app.core.lots.presets import Preset
from app.core.model.lot_selections import LotSelection
from app.core.money import EXACT, ZERO, multiply
from app.core.ports import Progress
from app.core.tax.events import Transaction
from app.core.tax.from_entries import entry_of
from app.core.tax.open_lots import Choosing, choosing, open_at
from app.core.tax.profile import Profile
from app.core.tax.selecting import Choice, check, check_country
from app.core.tax.selections import followed
from app.core.tax.valuations import UNKNOWN, Valuation
from app.services.events import Events, RecordsAppended
from app.services.lots import NextSales, OpenLot, OpenLots, Selected
from app.services.tax_years import Asked
from tests.ui import made_up_books as books
from tests.ui.fake_services import Answers
from tests.ui.made_up_tax import FakeTax, tax_year


class FakeLots:
    """Lists lots and keeps selections, which the made-up tax years follow."""

    def __init__(self, answers: Answers, events: Events, tax: FakeTax) -> None:
        self._answers, self._events, self._tax = answers, events, tax
        self.now = books.NOW

    async def choosing(self, transactions: Sequence[Transaction], row: str, profile: Profile) -> Choosing:
        await self._answers.wait("choosing")
        return choosing(transactions, row, profile)

    async def open(self, asked: Asked, at: int | None = None, *, progress: Progress | None = None) -> OpenLots:
        if progress is not None:
            progress(None, "made-up lots")
        await self._answers.wait("lots")
        found = tax_year(asked, selections=self._tax.selections)
        marks = books.marks(books.NOW, 0, ())
        made = []
        for one in open_at(found.transactions, at or books.NOW, found.profile):
            mark = marks.get(one.asset)
            value = UNKNOWN if mark is None else Valuation(multiply(one.quantity, mark.price), f"by {mark.source}")
            known = value.amount is not None and one.cost is not None
            gain = EXACT.subtract(value.amount or 0, one.cost or 0) if known else None
            chosen = followed(found.transactions, self._tax.selections, found.profile).ahead
            parts = [row for row, _ in chosen.get((one.asset, one.wallet or ""), ())]
            turn = parts.index(one.lot) + 1 if one.lot in parts else 0
            made.append(OpenLot(one, value, gain, one.quantity if turn else ZERO, turn))
        return OpenLots(tuple(made), found.profile, "USD", books.NOW)

    async def select(self, asked: Asked, disposal: str, lots: Choice = (), *, preset: Preset | None = None) -> Selected:
        await self._answers.wait("select")
        found = tax_year(replace(asked, method=None, scope=None, year=None), selections=self._tax.selections)
        check_country(found.profile)
        check(found.transactions, disposal, lots, found.profile)
        sale = next(one for one in found.transactions if one.row == disposal)
        word = "" if preset is None else preset.value
        made = LotSelection(asked.jurisdiction, sale.asset, lots, entry_of(disposal), preset=word)
        is_late = found.profile.has_deadline(sale.at) and self.now > sale.at
        return Selected(self._keep(made), disposal, is_late)

    async def clear(self, asked: Asked, disposal: str) -> Selected:
        await self._answers.wait("clear")
        known = next(one for one in reversed(self._tax.selections) if one.disposal == entry_of(disposal))
        return Selected(self._keep(replace(known, lots=(), preset="")), "", is_late=False)

    async def selections(self) -> tuple[LotSelection, ...]:
        return tuple(self._tax.selections)

    async def select_ahead(self, asked: Asked, sales: NextSales, lots: Choice) -> Selected:
        await self._answers.wait("select_ahead")
        made = LotSelection(asked.jurisdiction, sales.asset, lots, wallet=sales.wallet)
        return Selected(self._keep(made), "", is_late=False)

    async def clear_ahead(self, asked: Asked, asset: str, wallet: str) -> Selected:
        await self._answers.wait("clear_ahead")
        return Selected(self._keep(LotSelection(asked.jurisdiction, asset, (), wallet=wallet)), "", is_late=False)

    async def put_back(self, selection: LotSelection | None, made: Selected) -> None:
        await self._answers.wait("put_back")
        self._keep(selection or replace(made.selection, lots=(), preset=""))

    def _keep(self, selection: LotSelection) -> LotSelection:
        self.now += DAY // 24
        record = books.identity("selection", self.now)
        made = replace(selection, recorded_ns=self.now, record=record)
        self._tax.selections.append(made)
        self._events.publish(RecordsAppended(()))
        return made
