"""What a person adds, corrects, voids or notes; each is a record with its reason."""

from __future__ import annotations

from dataclasses import replace

from app.core.errors import InputError
from app.core.ledger.entries import Entry, Identity, Leg
from app.core.model.accounts import Account
from app.core.model.breaks import Action, Proposal
from app.core.model.views import EntryView
from app.core.ports import OpenVault
from app.services.accounts import BY_HAND, at_venue
from app.services.events import Events, RecordsAppended
from app.services.threads import Threads


def entry_of(view: EntryView) -> Entry:
    """Return the entry that a line of the activity shows; the journal keeps its identity by its id."""
    legs = tuple(Leg(leg.account_id, leg.sub_place, leg.asset.asset_id, leg.quantity, leg.role) for leg in view.legs)
    return Entry(
        account=view.account_id,
        at=view.at,
        kind=view.kind,
        legs=legs,
        identity=Identity("manual", view.entry_id),
        resolution=view.resolution,
        references=view.references,
        stated=view.stated,
    )


class EntryService:
    """Decisions of a person about entries."""

    def __init__(self, vault: OpenVault, threads: Threads, events: Events) -> None:
        """Take the journal."""
        self._vault = vault
        self._threads = threads
        self._events = events

    async def open_account(self, name: str) -> str:
        """Record an account that a person names, of no venue; returns its id, also where it was there before."""
        known = await self._threads.read(self._vault.reader.accounts)
        account_id = at_venue(known, name, "")
        if all(account.account_id != account_id for account in known):
            await self._threads.write(self._vault.writer.open_account, Account(account_id, account_id, BY_HAND))
        return account_id

    async def add(self, entry: Entry, reason: str) -> str:
        """Record an entry; returns its id."""
        made = await self._threads.write(self._vault.writer.append_entry, entry, reason)
        self._events.publish(RecordsAppended((entry.account,), entry.at))
        return made

    async def correct(self, entry_id: str, revised: Entry, reason: str) -> str:
        """Supersede an entry; returns the record's hash."""
        made = await self._threads.write(self._vault.writer.revise_entry, entry_id, revised, reason)
        self._events.publish(RecordsAppended((revised.account,)))
        return made

    async def void(self, entry_id: str, reason: str) -> str:
        """Take an entry out of the books; returns the record's hash."""
        made = await self._threads.write(self._vault.writer.revise_entry, entry_id, None, reason)
        self._events.publish(RecordsAppended(()))
        return made

    async def follow(self, proposal: Proposal, reason: str) -> str:
        """Do what is proposed for a break, as a person's own decision; returns the entry's id or the record's hash."""
        match proposal.action:
            case Action.VOID:
                made = [await self.void(one, reason) for one in (proposal.entry_id, *proposal.further)]
                return made[0]
            case Action.CORRECT:
                known = await self._threads.read(self._vault.reader.entry, proposal.entry_id)
                revised = replace(entry_of(known.entry), kind=proposal.kind, legs=proposal.legs)
                return await self.correct(proposal.entry_id, revised, reason)
            case Action.ADD:
                identity, at = Identity("manual", ""), proposal.at or 0
                return await self.add(
                    Entry(proposal.account, at, proposal.kind, proposal.legs, identity, resolution=1), reason
                )
            case _:
                message = f"“{proposal.title}” changes no entry."
                raise InputError(message, hint="Read the source again, or look at what it says.")

    async def note(self, entry_id: str, text: str) -> str:
        """Attach a note; returns the record's hash."""
        made = await self._threads.write(self._vault.writer.annotate, entry_id, text)
        self._events.publish(RecordsAppended(()))
        return made
