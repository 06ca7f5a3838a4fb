"""Transfers between a person's own accounts: what counts, what is proposed, and the person's word on each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.ledger.entries import Entry, EntryKind, Role
from app.core.model.assets import AssetKind
from app.core.model.transfer_links import TransferLink
from app.core.money import add, plain
from app.core.ports import OpenVault, Runtime
from app.core.transfers import Link, Pairing, Proposal, pairing
from app.services.events import Events, RecordsAppended
from app.services.threads import Threads

SURE_ENOUGH = Decimal("0.95")
"""From this confidence on, proposals that no other one rivals can be accepted together."""


class Transfers:
    """Reads pairings of one vault and records decisions on them."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, events: Events) -> None:
        """Take the books."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._known: tuple[str, Pairing] | None = None

    async def pairing(self) -> Pairing:
        """Return every deposit and withdrawal of coins in its place; money comes from banks, which are in no books."""
        return await self._threads.read(self._pairing)

    def _pairing(self) -> Pairing:
        head = self._vault.reader.head()
        if self._known is None or self._known[0] != head:
            moves = [one for one in self._vault.reader.moves() if not self._is_money(one[1])]
            self._known = head, pairing(moves, self._vault.reader.decisions(TransferLink))
        return self._known[1]

    def _is_money(self, entry: Entry) -> bool:
        return all(self._runtime.assets.asset(leg.asset).kind is AssetKind.FIAT for leg in entry.legs)

    async def recorded(self) -> tuple[TransferLink, ...]:
        """Return everything that was ever said of transfers, oldest first."""
        return tuple(await self._threads.read(self._vault.reader.decisions, TransferLink))

    async def accept(self, entries: Iterable[str], reason: str) -> str:
        """Record that entries are one transfer; returns the record's hash.

        Raises:
            InputError: An id is unknown, there is no side that sent or none that received, or they cannot be one
                transfer: several assets, or one account on both sides.
        """
        withdrawals, deposits = await self._sides(entries)
        return await self._record([TransferLink(withdrawals, deposits, is_transfer=True, reason=reason)])

    async def accept_clear(self, least: Decimal = SURE_ENOUGH) -> tuple[Proposal, ...]:
        """Accept every proposal of at least such confidence that no other one rivals; returns them."""
        found = tuple(one for one in (await self.pairing()).proposals if one.is_clear and one.link.confidence >= least)
        await self._record([_word(one.link, is_transfer=True, reason=one.link.reason) for one in found])
        return found

    async def reject(self, entries: Iterable[str], reason: str) -> str:
        """Record that entries are no transfer, also where a hash says so; returns the record's hash."""
        withdrawals, deposits = await self._sides(entries)
        return await self._record([TransferLink(withdrawals, deposits, is_transfer=False, reason=reason)])

    async def undo(self, entries: Iterable[str], reason: str) -> str:
        """Take back what was said of entries; returns the record's hash. InputError where nothing was."""
        ids = frozenset(entries)
        last = next((one for one in reversed(await self.recorded()) if ids <= one.ids), None)
        if last is None or last.is_transfer is None:
            message = "Nothing was said of these entries that could be taken back."
            raise InputError(
                message, hint="List the transfers: counterfoil pair list --all.", where=" ".join(sorted(ids))
            )
        return await self._record([TransferLink(last.withdrawals, last.deposits, is_transfer=None, reason=reason)])

    async def _record(self, words: Sequence[TransferLink]) -> str:
        made = ""
        for word in words:
            made = await self._threads.write(self._vault.writer.append_decision, word)
        if words:
            self._events.publish(RecordsAppended(()))
        return made

    async def _sides(self, entries: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        wanted = tuple(dict.fromkeys(entries))
        known = dict(await self._threads.read(self._vault.reader.moves))
        unknown = [one for one in wanted if one not in known]
        if unknown:
            message = f"{unknown[0]} is no deposit and no withdrawal of these books."
            raise InputError(message, hint="List them with their ids: counterfoil pair list --all.")
        sides = tuple(
            tuple(one for one in wanted if known[one].kind is kind)
            for kind in (EntryKind.WITHDRAWAL, EntryKind.DEPOSIT)
        )
        _check([known[one] for one in sides[0]], [known[one] for one in sides[1]])
        return sides[0], sides[1]

    async def findings(self) -> tuple[Finding, ...]:
        """Return that proposals wait, and words of a person that no longer fit their entries."""
        found = await self.pairing()
        made = []
        if found.proposals:
            count = len(found.proposals)
            words = f"{count} proposals of transfers wait" if count > 1 else "A proposal of a transfer waits"
            detail = "Until one is accepted, what left counts as held elsewhere and what came has no known cost."
            made.append(
                Finding(Severity.WARNING, "transfer-proposals", f"{words} for your word.", "transfers", detail,
                        "Review transfers", (), "transfers")
            )  # fmt: skip
        made += [
            Finding(
                Severity.WARNING, "broken-transfer", "A transfer that you accepted no longer fits its entries.",
                one.record, "An entry of it was voided or corrected since; it is not followed.", "Review it",
                tuple(sorted(one.ids)), "transfers",
            )
            for one in found.broken
        ]  # fmt: skip
        return tuple(made)


def _word(link: Link, *, is_transfer: bool, reason: str) -> TransferLink:
    sides = (tuple(end.entry_id for end in side) for side in (link.withdrawals, link.deposits))
    withdrawals, deposits = sides
    return TransferLink(withdrawals, deposits, is_transfer, reason)


def _check(outs: Sequence[Entry], intos: Sequence[Entry]) -> None:
    if not outs or not intos:
        missing = "withdrawal" if not outs else "deposit"
        raise InputError(f"There is no {missing} among them.", hint="A transfer has both: name the other side too.")
    assets = {leg.asset for entry in (*outs, *intos) for leg in entry.legs if leg.role is not Role.FEE}
    if len(assets) > 1:
        message = f"They move several assets: {', '.join(sorted(assets))}."
        raise InputError(message, hint="A transfer moves one asset. Record a conversion instead.")
    if {one.account for one in outs} & {one.account for one in intos}:
        message = "One account is on both sides."
        raise InputError(message, hint="A transfer goes from one account to another.")
    sent, arrived = _moved(outs), _moved(intos)
    if arrived > sent:
        message = f"{plain(arrived)} arrived, which is more than the {plain(sent)} that were sent."
        raise InputError(message, hint="Name every withdrawal of it, or record what came from elsewhere on its own.")


def _moved(entries: Sequence[Entry]) -> Decimal:
    """Return how much entries moved of the one asset that they move, with fees of it beside a withdrawal."""
    return add(*(leg.quantity for entry in entries for leg in entry.legs if leg.asset == _asset(entry))).copy_abs()


def _asset(entry: Entry) -> str:
    return next(leg.asset for leg in entry.legs if leg.role is not Role.FEE)
