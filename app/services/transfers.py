"""Transfers between a person's own accounts: what counts, what is proposed, and the person's word on each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from app.core.errors import InputError
from app.core.findings import Finding
from app.core.ledger.entries import Entry, EntryKind, Role
from app.core.model.transfer_links import TransferLink
from app.core.money import add, plain
from app.core.names import Names
from app.core.ports import OpenVault, Runtime
from app.core.transfers import Link, Pairing, Proposal, decided, money_by, pairing, transfers
from app.core.transfers.findings import findings_of
from app.core.transfers.partners import Partner, partners
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
        self._counting: tuple[str, tuple[Link, ...]] | None = None
        self._is_money = money_by(lambda asset: runtime.assets.asset(asset).kind)

    async def pairing(self) -> Pairing:
        """Return every deposit and withdrawal of coins in its place; money comes from banks, which are in no books."""
        return await self._threads.read(self._pairing)

    def _pairing(self) -> Pairing:
        head = self._vault.reader.head()
        if self._known is None or self._known[0] != head:
            self._known = head, pairing(self._vault.reader.moves(), self._words(), self._is_money)
        return self._known[1]

    def counting(self) -> tuple[Link, ...]:
        """Return the transfers that count, without looking for proposals; not for the main thread."""
        head = self._vault.reader.head()
        if self._known is not None and self._known[0] == head:
            return self._known[1].links
        if self._counting is None or self._counting[0] != head:
            links, _, _ = transfers(self._vault.reader.moves(), self._words(), self._is_money)
            self._counting = head, tuple(links)
        return self._counting[1]

    def _words(self) -> Sequence[TransferLink]:
        return self._vault.reader.decisions(TransferLink)

    async def partners(self, entry_id: str) -> tuple[Partner, ...]:
        """Return what can be the other end of one that is in no transfer, the nearest first."""
        return await self._threads.read(self._partners, entry_id)

    def _partners(self, entry_id: str) -> tuple[Partner, ...]:
        found = self._pairing()
        proposed = {end.entry_id: end for one in found.proposals for end in one.link.ends}
        free = {**{end.entry_id: end for end in found.unpaired}, **proposed}
        one = free.get(entry_id)
        return () if one is None else partners(one, free.values(), frozenset(proposed))

    async def recorded(self) -> tuple[TransferLink, ...]:
        """Return everything that was ever said of transfers, oldest first."""
        return tuple(await self._threads.read(self._words))

    async def accept(self, entries: Iterable[str], reason: str) -> str:
        """Record that entries are one transfer; returns the record's hash.

        Raises:
            InputError: An id is unknown, there is no side that sent or none that received, or they cannot be one
                transfer: money, several assets, or one account on both sides.
        """
        withdrawals, deposits = await self._sides(entries)
        return (await self._record([TransferLink(withdrawals, deposits, is_transfer=True, reason=reason)]))[0]

    async def accept_clear(self, least: Decimal = SURE_ENOUGH, until: int | None = None) -> tuple[Proposal, ...]:
        """Accept every proposal of at least such confidence that no other one rivals, all or none; returns them.

        Args:
            least: The confidence.
            until: Only those that began before this moment.
        """
        found = tuple(
            one
            for one in (await self.pairing()).proposals
            if one.is_clear and one.link.confidence >= least and (until is None or one.link.at < until)
        )
        await self._record([_word(one.link, is_transfer=True, reason=one.link.reason) for one in found])
        return found

    async def reject(self, entries: Iterable[str], reason: str) -> str:
        """Record that entries are no transfer, also where a hash says so; returns the record's hash.

        Raises:
            InputError: As where they are accepted, and where some of them are in another transfer that was accepted:
                to rule this one out must not drop that one unsaid.
        """
        withdrawals, deposits = await self._sides(entries)
        word = TransferLink(withdrawals, deposits, is_transfer=False, reason=reason)
        for one in decided(await self.recorded()).links:
            if one.ids != word.ids and not one.ids.isdisjoint(word.ids):
                message = f"Some of these entries are in another transfer that you accepted: {_ids(one)}."
                raise InputError(message, hint="Take that one back first, or reject it as a whole.")
        return (await self._record([word]))[0]

    async def undo(self, entries: Iterable[str], reason: str) -> str:
        """Take back the one word that counts of entries; returns the record's hash.

        Raises:
            InputError: No word counts of all of them, or several do and it is not clear which is meant.
        """
        ids = frozenset(entries)
        found = [one for one in decided(await self.recorded()).in_force if ids <= one.ids]
        meant = [one for one in found if one.ids == ids] or found
        if not meant:
            message = "Nothing was said of these entries that could be taken back."
            raise InputError(
                message, hint="List the transfers: counterfoil pair list --all.", where=" ".join(sorted(ids))
            )
        if len(meant) > 1:
            told = "; ".join(f"{'accepted' if one.is_transfer else 'rejected'} {_ids(one)}" for one in meant)
            message = f"{len(meant)} decisions are about these entries: {told}."
            raise InputError(message, hint="Name all entries of the one that is meant.", where=" ".join(sorted(ids)))
        one = meant[0]
        return (await self._record([TransferLink(one.withdrawals, one.deposits, is_transfer=None, reason=reason)]))[0]

    async def _record(self, words: Sequence[TransferLink]) -> tuple[str, ...]:
        """Record words together, all of them or none."""
        if not words:
            return ()
        made = await self._threads.write(self._vault.writer.append_decisions, words)
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
        self._check([known[one] for one in sides[0]], [known[one] for one in sides[1]])
        return sides[0], sides[1]

    def _check(self, outs: Sequence[Entry], intos: Sequence[Entry]) -> None:
        if not outs or not intos:
            missing = "withdrawal" if not outs else "deposit"
            raise InputError(f"There is no {missing} among them.", hint="A transfer has both: name the other side too.")
        assets = {leg.asset for entry in (*outs, *intos) for leg in entry.legs if leg.role is not Role.FEE}
        symbols = sorted(self._symbol(one) for one in assets)
        if len(assets) > 1:
            message = f"They move several assets: {', '.join(symbols)}."
            raise InputError(message, hint="A transfer moves one asset. Record a conversion instead.")
        if any(map(self._is_money, assets)):
            message = f"They move {symbols[0]}, which is money: it comes from banks and goes to them."
            raise InputError(message, hint="Only coins are transferred between accounts of these books.")
        if {one.account for one in outs} & {one.account for one in intos}:
            message = "One account is on both sides."
            raise InputError(message, hint="A transfer goes from one account to another.")
        sent, arrived = _moved(outs), _moved(intos)
        if arrived > sent:
            told = f"{plain(arrived)} {symbols[0]} arrived, which is more than the {plain(sent)} that were sent."
            raise InputError(told, hint="Name every withdrawal of it, or record what came from elsewhere on its own.")

    def _symbol(self, asset: str) -> str:
        return self._runtime.assets.asset(asset).symbol

    async def findings(self) -> tuple[Finding, ...]:
        """Return that proposals wait, what has no other end, and words that no longer fit their entries."""
        return await self._threads.read(self._findings)

    def _findings(self) -> tuple[Finding, ...]:
        names = {one.account_id: one.name for one in self._vault.reader.accounts()}
        return findings_of(self._pairing(), Names(self._symbol, lambda one: names.get(one, one), has_entries=True))


def _ids(word: TransferLink) -> str:
    return " ".join((*word.withdrawals, *word.deposits))


def _word(link: Link, *, is_transfer: bool, reason: str) -> TransferLink:
    sides = (tuple(end.entry_id for end in side) for side in (link.withdrawals, link.deposits))
    withdrawals, deposits = sides
    return TransferLink(withdrawals, deposits, is_transfer, reason)


def _moved(entries: Sequence[Entry]) -> Decimal:
    """Return how much entries moved of the one asset that they move, with fees of it beside a withdrawal."""
    return add(*(leg.quantity for entry in entries for leg in entry.legs if leg.asset == _asset(entry))).copy_abs()


def _asset(entry: Entry) -> str:
    return next(leg.asset for leg in entry.legs if leg.role is not Role.FEE)
