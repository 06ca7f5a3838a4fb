"""Lots of the made-up tax years, with the real judgement of a choice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.core.clock import DAY
from app.core.lots.presets import Preset
from app.core.model.lot_selections import LotSelection
from app.core.money import EXACT, multiply
from app.core.tax.events import Transaction
from app.core.tax.from_entries import entry_of
from app.core.tax.open_lots import Choosing, choosing, open_at
from app.core.tax.profile import Profile
from app.core.tax.selecting import Choice, check, check_country
from app.core.tax.valuations import UNKNOWN, Valuation
from app.services.events import Events, RecordsAppended
from app.services.lots import OpenLot, OpenLots, Selected
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

    async def open(self, asked: Asked, at: int | None = None) -> OpenLots:
        await self._answers.wait("lots")
        found = tax_year(asked, selections=self._tax.selections)
        marks = books.marks(books.NOW, 0, ())
        made = []
        for one in open_at(found.transactions, at or books.NOW, found.profile):
            mark = marks.get(one.asset)
            value = UNKNOWN if mark is None else Valuation(multiply(one.quantity, mark.price), f"by {mark.source}")
            known = value.amount is not None and one.cost is not None
            gain = EXACT.subtract(value.amount or 0, one.cost or 0) if known else None
            made.append(OpenLot(one, value, gain))
        return OpenLots(tuple(made), found.profile, "USD", books.NOW)

    async def select(self, asked: Asked, disposal: str, lots: Choice = (), *, preset: Preset | None = None) -> Selected:
        await self._answers.wait("select")
        found = tax_year(replace(asked, method=None, scope=None, year=None), selections=self._tax.selections)
        check_country(found.profile)
        check(found.transactions, disposal, lots, found.profile)
        sale = next(one for one in found.transactions if one.row == disposal)
        word = "" if preset is None else preset.value
        made = LotSelection(asked.jurisdiction, sale.asset, lots, entry_of(disposal), preset=word)
        is_late = bool(found.profile.jurisdiction.choice_deadline) and self.now > sale.at
        return Selected(self._keep(made), disposal, is_late)

    async def clear(self, asked: Asked, disposal: str) -> Selected:
        await self._answers.wait("clear")
        known = next(one for one in reversed(self._tax.selections) if one.disposal == entry_of(disposal))
        return Selected(self._keep(replace(known, lots=(), preset="")), "", is_late=False)

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
