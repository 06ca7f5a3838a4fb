"""The worklist: everything that a person should look at, the most pressing first, each with its fix."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from decimal import Decimal

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.model.accounts import Connection
from app.core.model.assets import AssetKind
from app.core.model.views import Reconciliation
from app.core.model.waivers import Waiver
from app.core.money import multiply
from app.core.names import counted
from app.core.ports import OpenVault, Runtime
from app.core.reconciliation import finding
from app.core.waiving import waived
from app.core.worklist import FindingGroup, group_name, groups, headline
from app.services.events import ClosedYearsCompared, Events, PricesRead, RecordsAppended
from app.services.market_data import MarketData
from app.services.reconciliation import ReconciliationService
from app.services.sources import Sources
from app.services.threads import Threads

Source = Callable[[], Awaitable[Sequence[Finding]]]
"""What another service has to say of the books."""

_STALE_AFTER = DAY
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
_CODES = ("source-failed", "key-may-withdraw", "break", "quarantined-row")
"""What comes first among findings of one severity."""


class Findings:
    """Collects findings; none of them is stored but those that pages brought with them."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        sources: Sources,
        reconciliation: ReconciliationService,
        market_data: MarketData,
        events: Events,
    ) -> None:
        """Take everything that findings come from, and who is told of decisions."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._sources = sources
        self._reconciliation = reconciliation
        self._market_data = market_data
        self._events = events
        self._also: list[Source] = []
        self._told: tuple[str, tuple[Finding, ...]] | None = None
        events.subscribe(PricesRead, self._forget)
        events.subscribe(ClosedYearsCompared, self._forget)

    def also(self, source: Source) -> None:
        """Collect the findings of another service too; it is asked once for each state of books and prices."""
        self._also.append(source)
        self._told = None

    def _forget(self, _event: object) -> None:
        self._told = None

    async def _of_others(self) -> tuple[Finding, ...]:
        head = await self._threads.read(self._vault.reader.head)
        if self._told is None or self._told[0] != head:
            found = [one for source in self._also for one in await source()]
            self._told = head, tuple(found)
        return self._told[1]

    async def all(self) -> tuple[Finding, ...]:
        """Return all findings that no waiver covers, each once."""
        return tuple(one for one in await self.everything() if not one.waived)

    async def groups(self, *, with_waived: bool = False) -> tuple[FindingGroup, ...]:
        """Return the worklist: findings by their root cause, those of the largest effect first."""
        found = await self.everything() if with_waived else await self.all()
        return await self._threads.read(self._grouped, found)

    def _grouped(self, found: Sequence[Finding]) -> tuple[FindingGroup, ...]:
        """Sort a flood; not for the main thread."""
        return groups(found, self.effect, {one.account_id: one.name for one in self._vault.reader.accounts()})

    async def headlines(self) -> tuple[Finding, ...]:
        """Return one finding for each group, for lists that only show what is most pressing: nothing that healed."""
        found = [one for one in await self._collected() if not one.waived]
        return tuple(map(headline, await self._threads.read(self._grouped, found)))

    def effect(self, found: Finding) -> Decimal | None:
        """Return how much money of the book a finding is about, at the newest mark; None where that is unknown."""
        if found.quantity is None or not found.asset:
            return None
        if found.asset == self._vault.book.base_currency:
            return found.quantity
        mark = self._market_data.marks().get(found.asset)
        return None if mark is None else multiply(found.quantity, mark.price)

    async def waive(self, name: str, reason: str) -> tuple[Finding, ...]:
        """Let a finding stand, or all of a group, bound to what is seen now; returns what was waived."""
        return await self._decide(name, reason, is_taken_back=False)

    async def take_back(self, name: str, reason: str) -> tuple[Finding, ...]:
        """Let a waiver hold no longer; returns what needs a person again."""
        return await self._decide(name, reason, is_taken_back=True)

    async def _decide(self, name: str, reason: str, *, is_taken_back: bool) -> tuple[Finding, ...]:
        found = [one for one in await self.everything() if name in (one.name, group_name(one))]
        if not found:
            message = f"No finding has the name {name!r}."
            raise InputError(message, hint="List the names: counterfoil findings --all.")
        chosen = tuple(one for one in found if bool(one.waived) is is_taken_back)
        if not chosen:
            message = f"{name!r} is {'not waived' if is_taken_back else 'waived already'}."
            raise InputError(message, hint="List what is waived: counterfoil findings --all --waived.")
        waivers = [Waiver(one.code, one.subject, one.figure, reason, is_taken_back) for one in chosen]
        await self._threads.write(self._vault.writer.append_decisions, waivers)
        self._events.publish(RecordsAppended(()))
        return chosen

    async def waivers(self) -> tuple[Waiver, ...]:
        """Return every waiver that was ever recorded, oldest first."""
        return tuple(await self._threads.read(self._vault.reader.decisions, Waiver))

    async def everything(self) -> tuple[Finding, ...]:
        """Return all findings, each once, also those that a person lets stand, and breaks that healed since."""
        return await self._collected(*await self._reconciliation.past_breaks())

    async def _collected(self, *more: Finding) -> tuple[Finding, ...]:
        connections = await self._sources.connections()
        rows = await self._reconciliation.reconcile()
        found = [
            *_of_connections(connections, self._runtime.clock.now_ns()),
            *(finding(row) for row in rows if row.is_break),
            *self._unpriced(rows),
            *self._unmapped(rows),
            *await self._threads.read(self._vault.reader.findings),
            *self._market_data.findings(),
            *await self._of_others(),
            *more,
        ]
        return await self._threads.read(_ordered, found, await self.waivers())

    def _unpriced(self, rows: Sequence[Reconciliation]) -> Iterable[Finding]:
        priced = {self._vault.book.base_currency, *self._market_data.marks()}
        return _no_price(rows, priced)

    def _unmapped(self, rows: Sequence[Reconciliation]) -> Iterable[Finding]:
        assets = {row.asset.asset_id: row.asset for row in rows if row.asset.kind is AssetKind.UNMAPPED}
        for asset in assets.values():
            yield Finding(
                Severity.WARNING,
                "unmapped-asset",
                f"{asset.symbol} is known to one venue only.",
                subject=asset.asset_id,
                detail="It is kept apart under the venue's own id, without a price; a ticker proves nothing.",
                fix="Show its entries",
                place=f"activity/{asset.asset_id}",
                asset=asset.asset_id,
            )


def _ordered(found: Sequence[Finding], waivers: Sequence[Waiver]) -> tuple[Finding, ...]:
    """Return each finding once, the most pressing first, with the reasons for which some may stand."""
    once = {(finding.code, finding.subject): finding for finding in reversed(found)}
    return waived(sorted(once.values(), key=_rank), waivers)


def _rank(finding: Finding) -> tuple[int, int, str]:
    place = _CODES.index(finding.code) if finding.code in _CODES else len(_CODES)
    return _ORDER[finding.severity], place, finding.subject


def _of_connections(connections: Iterable[Connection], now_ns: int) -> Iterable[Finding]:
    for connection in connections:
        name, place = connection.name, f"connections/{connection.name}"
        if connection.last_error:
            detail = connection.last_error
            message = f"{name} cannot be read."
            yield Finding(Severity.ERROR, "source-failed", message, name, detail, "Fix it", (), place, source=name)
        if connection.scope is not None and connection.scope.may_withdraw:
            detail = "Reading never needs that. Make a key that can only read and replace this one."
            message = f"The key of {name} may withdraw funds."
            yield Finding(
                Severity.WARNING, "key-may-withdraw", message, name, detail, "Replace key", (), place, (), name
            )
        if connection.last_read_ns is not None and now_ns - connection.last_read_ns > _STALE_AFTER:
            days = (now_ns - connection.last_read_ns) // DAY
            message = f"{name} was last read {counted(days, 'day')} ago."
            yield Finding(Severity.INFO, "stale-source", message, name, "", "Read it now", (), place, source=name)


def _no_price(rows: Iterable[Reconciliation], priced: Collection[str]) -> Iterable[Finding]:
    seen: set[str] = set()
    for row in rows:
        asset = row.asset
        if asset.asset_id in seen or not row.ledger or asset.asset_id in priced:
            continue
        seen.add(asset.asset_id)
        yield Finding(
            Severity.WARNING,
            "no-price",
            f"{asset.symbol} has no price.",
            subject=asset.asset_id,
            detail="It is left out of the value. No connected venue quotes it, or prices were not read yet.",
            fix="Show where it is held",
            place=f"positions/{asset.asset_id}",
            asset=asset.asset_id,
        )
