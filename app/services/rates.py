"""Official exchange rates: whether a person wants them, from where, how new they are, and the reading of them."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.clock import DAY
from app.core.errors import SourceError, UsageError
from app.core.findings import Finding, Severity
from app.core.model.assets import AssetKind
from app.core.ports import OpenVault, ReferenceRates, Runtime
from app.core.valuation.reference_rates import STILL_HOLDS
from app.services.closes import AUTHORITY, first_day
from app.services.threads import Threads

_SETTING = "rates/ecb"
"""Vault setting: absent or "off" where the authority is not asked, else "on", or "on" and a loopback address."""

_ON = "on"


@dataclass(frozen=True, slots=True)
class RatesState:
    """What a person sees of the rates.

    Attributes:
        is_on: The authority is asked.
        endpoint: Address other than the authority's own; "" for that.
        first: The first and last day for which it was asked; None where it never was.
        newest: The last day of which rates were published; None where there are none.
        fault: Why the last reading failed; "" where it did not.
    """

    authority: str
    is_on: bool
    endpoint: str
    first: int | None
    last: int | None
    newest: int | None
    fault: str


class Rates:
    """Official rates of one vault. Nothing is asked of anybody before a person says so."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads) -> None:
        """Take the vault."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._fault = ""

    async def state(self) -> RatesState:
        """Return whether and how the rates are read."""
        return await self._threads.read(self._state)

    def _state(self) -> RatesState:
        is_on, endpoint = self._choice()
        days = self._vault.prices.official_days(AUTHORITY)
        told = self._vault.prices.official(AUTHORITY)
        newest = max((max(rates) for rates in told.values() if rates), default=None)
        first, last = days or (None, None)
        return RatesState(AUTHORITY, is_on, endpoint, first, last, newest, self._fault)

    def _choice(self) -> tuple[bool, str]:
        word, _, endpoint = (self._vault.setting(_SETTING) or "").partition(" ")
        return word == _ON, endpoint

    async def use(self, endpoint: str = "") -> None:
        """Ask the authority from now on, at its own address or a loopback one; InputError where it is neither."""
        self._open(endpoint)
        await self._threads.write(self._vault.set_setting, _SETTING, f"{_ON} {endpoint}".strip())

    async def stop(self) -> None:
        """Ask the authority no more; rates that are there stay."""
        _, endpoint = await self._threads.read(self._choice)
        await self._threads.write(self._vault.set_setting, _SETTING, f"off {endpoint}".strip())
        self._fault = ""

    async def refresh(self) -> bool:
        """Read the rates where they are wanted and a day is missing; tells whether any came. Faults are kept as told.

        The authority is asked once a day at most, and not at all while the books have no entry.
        """
        try:
            return await self.read()
        except SourceError as error:
            self._fault = error.line()
            return False

    async def read(self) -> bool:
        """Read the rates where they are wanted and a day is missing; tells whether any came.

        Raises:
            SourceError: The authority cannot be reached, or what came are not its rates.
        """
        wanted = await self._threads.read(self._wanted)
        if wanted is None:
            return False
        endpoint, first, last = wanted
        told = await self._open(endpoint).per_euro()
        money = {asset_id for code in told if (asset_id := self._money(code))}
        kept = {
            code: {day: rate for day, rate in days.items() if first <= day <= last}
            for code, days in told.items()
            if code in money
        }
        await self._threads.write(self._vault.prices.keep_official, AUTHORITY, kept, (first, last))
        self._fault = ""
        return True

    def _wanted(self) -> tuple[str, int, int] | None:
        """Return the address with the first and last day that are missing; None where there is nothing to ask."""
        is_on, endpoint = self._choice()
        begun = first_day(self._vault.reader)
        if not is_on or begun is None:
            return None
        first, last = begun - STILL_HOLDS, self._runtime.clock.now_ns() // DAY - 1
        have = self._vault.prices.official_days(AUTHORITY)
        if have is not None and have[0] <= first and last <= have[1]:
            return None
        return endpoint, first, last

    def _money(self, code: str) -> str:
        """Return the asset id of a currency that the registry knows, "" where it does not."""
        asset = self._runtime.assets.resolve("", code.upper())
        return asset.asset_id if asset.kind is AssetKind.FIAT else ""

    def _open(self, endpoint: str) -> ReferenceRates:
        if self._runtime.rates is None:
            raise UsageError("This program has no source of official rates.")
        return self._runtime.rates(endpoint)

    async def findings(self) -> tuple[Finding, ...]:
        """Return that the rates cannot be read."""
        if not self._fault:
            return ()
        return (
            Finding(
                Severity.WARNING,
                "rates-unreachable",
                f"Exchange rates of the {AUTHORITY} cannot be read.",
                subject=AUTHORITY,
                detail=self._fault,
                fix="Show the setting",
                place="settings",
            ),
        )
