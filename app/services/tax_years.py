"""Tax figures of the books: entries valued, matched under a country's rules, and told with their sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.letting_go import let_go
from app.core.lots.methods import Method
from app.core.lots.undisturbed import undisturbed
from app.core.model.assets import AssetKind
from app.core.model.lot_selections import LotSelection
from app.core.model.standing_orders import StandingOrder
from app.core.model.transfer_links import TransferLink
from app.core.names import Names
from app.core.ports import OpenVault, Runtime
from app.core.seal.sections import outcome_of
from app.core.stopping import Alive, Watched
from app.core.tax.compute import compute
from app.core.tax.events import TransactionType
from app.core.tax.figures import TaxFigures
from app.core.tax.from_entries import UNPAIRED, Made, entry_of, from_entries
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.orders import check, followed, in_force, late
from app.core.tax.particular import treatments
from app.core.tax.portfolio_values import with_portfolio_values
from app.core.tax.profile import Profile
from app.core.tax.selections import Followed, left_aside
from app.core.tax.selections import followed as with_lots
from app.core.tax.selections import follows as follows_selections
from app.core.tax.valuations import Prices, Valuation
from app.services.closes import Closes
from app.services.events import Events, RecordsAppended
from app.services.lot_courses import Ground
from app.services.sealed_figures import as_sealed
from app.services.tax_answers import Asked, History, TaxYear, asked_profile
from app.services.threads import Threads

__all__ = ["COUNTRY", "Asked", "History", "TaxYear", "TaxYears"]

COUNTRY = "tax/country"
"""Name under which the vault keeps which country a person files in."""


_UNPAIRED_WORDS = "withdrawals that arrived nowhere"

Answer = TypeVar("Answer")

_Known = tuple[str, Prices, Made, Mapping[str, str]]
"""The state of the books, with what was read of them at which prices and under which options."""


class TaxYears:
    """Computes tax years of one vault."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, events: Events) -> None:
        """Take the books."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._known: _Known | None = None

    async def country(self) -> str:
        """Return whose rules a person files under: what was chosen last, else the one country of the book's money."""
        kept = await self._threads.read(self._vault.setting, COUNTRY)
        if kept in JURISDICTIONS:
            return kept
        money = self._vault.book.base_currency.upper()
        found = [code for code, rules in JURISDICTIONS.items() if rules.currency == money]
        return found[0] if len(found) == 1 else "generic"

    async def orders(self) -> tuple[StandingOrder, ...]:
        """Return every standing order that was ever recorded, oldest first."""
        return tuple(await self._threads.read(self._vault.reader.decisions, StandingOrder))

    async def order(self, order: StandingOrder) -> str:
        """Record a standing order; returns the record's hash. RefusedError where the country does not allow it."""
        check(order)
        made = await self._threads.write(self._vault.writer.append_decision, order)
        self._events.publish(RecordsAppended(()))
        return made

    async def compute(self, asked: Asked) -> TaxYear:
        """Return the figures of a tax year, or of the whole history.

        A closed year is told as it was sealed where the question is that of its seal; all else follows from the books
        as they are now.

        Raises:
            UsageError: An option is unknown or has a value that it cannot have.
            InputError: The currency is no money that is known.
            RefusedError: The jurisdiction does not allow the method or the scope.
            ChainBrokenError: What was sealed is not what its seal says.
        """
        return await self._answered(partial(self._as_sealed, asked), asked)

    async def recompute(self, asked: Asked) -> TaxYear:
        """Return the same from the books as they are now, whatever was sealed; raises likewise."""
        return await self._answered(self._computed, asked)

    async def outcome(self, asked: Asked) -> Mapping[str, Any]:
        """Return what a year comes to by the books as they are now, in the sections of a seal; raises likewise."""
        return await self._answered(self._outcome, asked)

    async def history(self, asked: Asked) -> History:
        """Return what the figures of a question would be computed from, without computing them.

        Raises:
            UsageError: An option is unknown or has a value that it cannot have.
            InputError: The currency is no money that is known.
            RefusedError: The jurisdiction does not allow the method or the scope.
        """
        return await self._answered(self._history, asked)

    async def ground(self, asked: Asked) -> Ground:
        """Return what lots follow from besides entries, for a question.

        Raises:
            UsageError: An option is unknown or has a value that it cannot have.
            InputError: The currency is no money that is known.
            RefusedError: The jurisdiction does not allow the method or the scope.
        """
        return await self._answered(self._ground, asked)

    async def _answered(self, answer: Callable[..., Answer], asked: Asked) -> Answer:
        chosen, follows = asked_profile(asked)
        return await self._threads.work(answer, chosen, asked.currency, asked.year, follows=follows)

    def _ground(self, _alive: Alive, chosen: Profile, currency: str, year: int | None, *, follows: bool) -> Ground:
        reader = self._vault.reader
        code = chosen.jurisdiction.code
        chosen = followed(chosen, in_force(reader.decisions(StandingOrder), code, year) if follows else [])
        money, base = self._money(currency, chosen), self._vault.book.base_currency
        closes = self._closes()
        prices = Prices(money, base, closes, self._vault.prices.marks(), closes.how, closes.published)
        selections = reader.decisions(LotSelection) if follows_selections(chosen, is_free=follows) else ()
        return Ground(chosen, prices, tuple(one for one in selections if one.jurisdiction == code))

    @undisturbed
    def _history(self, alive: Alive, chosen: Profile, currency: str, year: int | None, *, follows: bool) -> History:
        reader, assets = self._vault.reader, self._runtime.assets
        head = reader.head()
        orders = in_force(reader.decisions(StandingOrder), chosen.jurisdiction.code, year) if follows else []
        names = self.names()
        chosen = followed(chosen, orders, names)
        prices = self._prices(self._money(currency, chosen))
        prices, made = self._read(head, prices, chosen, names, alive)
        selected = self._selected(made, chosen, names, is_free=follows)
        if chosen.method is Method.PMP:
            selected.transactions = with_portfolio_values(Watched(selected.transactions, alive), prices)
        symbol = assets.asset(prices.currency).symbol
        return History(chosen, tuple(orders), made, selected, prices, symbol, head)

    def symbol(self, asset: str) -> str:
        """Return what people call an asset."""
        return self._runtime.assets.asset(asset).symbol

    def names(self) -> Names:
        """Return how findings call what is in the books."""
        accounts = {one.account_id: one.name for one in self._vault.reader.accounts()} | {UNPAIRED: _UNPAIRED_WORDS}
        return Names(
            self.symbol,
            lambda account: accounts.get(account, account),
            has_entries=True,
        )

    def _read(self, head: str, prices: Prices, chosen: Profile, names: Names, alive: Alive) -> tuple[Prices, Made]:
        """Return the transactions of all entries: those of before, unless books or prices are others now.

        Another method or year then asks for no entry again, and answers that are kept share their transactions.
        """
        known, options = self._known, treatments(chosen.options)
        if known is not None and self._holds(known, head, prices, options):
            return known[1], known[2]
        kind_of = self._runtime.assets.asset
        entries = [*self._vault.reader.export_entries(alive)]
        links = self._vault.reader.decisions(TransferLink)
        made = from_entries(
            entries, prices, lambda asset: kind_of(asset).kind, options, alive=alive, links=links, names=names
        )
        self._known = head, prices, made, options
        let_go(entries)
        if known is not None:
            # What nobody else keeps goes a part at a time.
            values = [*known[2].transactions, *known[2].valuations.values()]
            known = None
            let_go(values)
        return prices, made

    @staticmethod
    def _holds(known: _Known, head: str, prices: Prices, options: Mapping[str, str]) -> bool:
        was_head, were_prices, made, were_options = known
        is_same = was_head == head and were_prices.says_the_same_as(prices)
        return is_same and (were_options == options or not made.follows_options)

    @undisturbed
    def _computed(self, alive: Alive, asked: Profile, currency: str, year: int | None, *, follows: bool) -> TaxYear:
        history = self._history(alive, asked, currency, year, follows=follows)
        chosen, made, selected = history.profile, history.made, history.selected
        figures = compute(
            selected.transactions,
            chosen,
            currency=history.currency,
            year=year,
            refuses_choices=False,
            alive=alive,
            names=self.names(),
        )
        blocked = _is_blocked(figures, made)
        findings = tuple(
            map(
                _to_entries,
                _pressing_first(
                    (
                        *figures.findings,
                        *late(chosen, history.orders, made.transactions),
                        *selected.findings,
                        *made.findings,
                    )
                ),
            )
        )
        used, matched = _used(figures, made), tuple(selected.transactions)
        kinds = {one.row: made.income_kinds[one.row] for one in figures.income}
        return TaxYear(
            figures, chosen, findings, used, blocked, history.head, matched, selected.identified, history.prices, kinds,
            is_simulated=self._vault.book.simulated,
        )  # fmt: skip

    def _as_sealed(self, asked: Asked, alive: Alive, *question: Any, follows: bool) -> TaxYear:
        found = self._computed(alive, *question, follows=follows)
        told = as_sealed(self._vault, found, asked)
        rest = [] if told.figures is found.figures else [*found.figures.disposals]
        del found
        let_go(rest)
        return told

    def _outcome(self, alive: Alive, *question: Any, follows: bool) -> Mapping[str, Any]:
        figures = self._computed(alive, *question, follows=follows).figures
        made, rest = outcome_of(figures), [*figures.disposals]
        del figures
        let_go(rest)
        return made

    def _selected(self, made: Made, chosen: Profile, names: Names, *, is_free: bool) -> Followed:
        """Return the transactions with the lots that a person selected for sales."""
        selections = self._vault.reader.decisions(LotSelection)
        if follows_selections(chosen, is_free=is_free):
            return with_lots(made.transactions, selections, chosen, names)
        return Followed(made.transactions, findings=list(left_aside(selections, chosen)))

    def _money(self, currency: str, chosen: Profile) -> str:
        """Return the asset id of the money that figures are told in."""
        base = self._vault.book.base_currency
        name = currency or chosen.jurisdiction.currency
        asset = self._runtime.assets.resolve("", name.upper()) if name else None
        if currency:
            if asset is None or asset.kind is not AssetKind.FIAT:
                raise InputError(f"{currency!r} is no money that is known.", hint="Examples: USD, EUR, GBP.")
            return asset.asset_id
        if asset is not None and asset.kind is AssetKind.FIAT and self._closes()[asset.asset_id]:
            return asset.asset_id
        return base

    def _closes(self) -> Closes:
        return Closes(self._vault, self._runtime.clock.now_ns() // DAY)

    def _prices(self, currency: str) -> Prices:
        base, history = self._vault.book.base_currency, self._vault.prices
        touched = {*self._vault.reader.entries_per_asset(), currency}
        closes = self._closes()
        known = {one: closes[one] for one in touched if one != base}
        return Prices(currency, base, known, history.marks(), closes.how, closes.published)


def _is_blocked(figures: TaxFigures, made: Made) -> bool:
    totals = figures.totals
    shown = [totals.proceeds, totals.cost, totals.gain, totals.income, *(one.cost for one in figures.holdings)]
    if figures.portfolio_cost is not None:
        # The law knows the cost of the whole portfolio, and none of its parts.
        shown = [*shown[:4], figures.portfolio_cost]
    moves = {one.row for one in made.transactions if one.type is TransactionType.TRANSFER}
    lost = any(finding.severity is Severity.ERROR and finding.subject in moves for finding in figures.findings)
    return lost or None in shown


def _pressing_first(findings: tuple[Finding, ...]) -> list[Finding]:
    order = list(Severity)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def _to_entries(finding: Finding) -> Finding:
    """Return a finding that names entries where it named rows of the computation."""
    return replace(finding, entries=tuple(dict.fromkeys(map(entry_of, finding.entries))))


def _used(figures: TaxFigures, made: Made) -> dict[str, Valuation]:
    rows = dict.fromkeys(row for one in figures.disposals for row in one.rows)
    rows |= dict.fromkeys(match.lot for one in figures.disposals for match in one.matches if match.lot)
    rows |= dict.fromkeys(one.row for one in figures.income)
    return {row: made.valuations[row] for row in rows if row in made.valuations}
