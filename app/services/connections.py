"""Connections: adding, probing, pausing, replacing and removing the keys that read venues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.core.errors import InputError, RefusedError, SourceError
from app.core.model.accounts import Account, Connection, Credentials, KeyScope
from app.core.model.venues import VenueInfo
from app.core.model.views import ConnectionView, StreamState
from app.core.ports import OpenVault, Runtime
from app.services.accounts import at_venue, is_name, listed, meant
from app.services.events import ConnectionsChanged, Events
from app.services.reconciliation import ReconciliationService
from app.services.sources import Sources
from app.services.threads import Threads

_HINT = 6


class ConnectionService:
    """What a person does with connections."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        sources: Sources,
        reconciliation: ReconciliationService,
    ) -> None:
        """Take what connections are read and kept with."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._sources = sources
        self._reconciliation = reconciliation

    def venues(self) -> Sequence[VenueInfo]:
        """Return what can be connected."""
        return self._runtime.exchanges.venues()

    async def all(self) -> tuple[ConnectionView, ...]:
        """Return every connection with its state, by name."""
        known = await self._sources.connections()
        rows = await self._reconciliation.reconcile()
        breaks: dict[str, int] = {}
        for row in rows:
            breaks[row.account_id] = breaks.get(row.account_id, 0) + row.is_break
        return await self._views(sorted(known, key=lambda one: one.name), breaks)

    async def of_accounts(self) -> Mapping[str, tuple[str, ...]]:
        """Return by account the names of the connections that read it, without asking how they stand."""
        found: dict[str, tuple[str, ...]] = {}
        for one in await self._sources.connections():
            found[one.account_id] = (*found.get(one.account_id, ()), one.name)
        return found

    async def _views(self, known: Sequence[Connection], breaks: Mapping[str, int]) -> tuple[ConnectionView, ...]:
        read = await self._threads.read(self._read, known)
        return tuple(self._view(connection, breaks, *of) for connection, of in zip(known, read, strict=True))

    def _read(self, known: Sequence[Connection]) -> list[tuple[str, Sequence[StreamState], tuple[int, int] | None]]:
        """Return the account's name, the streams and the span of each connection, all in one go."""
        reader = self._vault.reader
        names = {account.account_id: account.name for account in reader.accounts()}
        return [
            (names.get(one.account_id, one.account_id), reader.streams(one.name), reader.span(one.account_id))
            for one in known
        ]

    def _view(
        self,
        connection: Connection,
        breaks: Mapping[str, int],
        account_name: str,
        streams: Sequence[StreamState],
        span: tuple[int, int] | None,
    ) -> ConnectionView:
        doing = self._sources.doing(connection)
        return ConnectionView(
            connection=connection,
            account_name=account_name,
            state=doing.state,
            records=sum(stream.records for stream in streams),
            history_from_ns=None if span is None else span[0],
            last_read_ns=connection.last_read_ns,
            budget_used=self._sources.budget_used(connection.name),
            breaks=breaks.get(connection.account_id, 0),
            note=doing.note,
            streams=tuple(streams),
        )

    async def add(  # noqa: PLR0913 - one word each
        self,
        *,
        venue: str,
        name: str,
        credentials: Credentials,
        account: str = "",
        endpoint: str = "",
        allow_withdraw: bool = False,
    ) -> ConnectionView:
        """Probe a key and keep it with its account; nothing is kept where the key is refused."""
        info = self._venue(venue)
        await self._check_name(name)
        connection = Connection(
            name=name,
            venue=venue,
            account_id=await self._account_of(account, name, info),
            endpoint=endpoint,
            key_hint=_hint(credentials, info),
            allow_withdraw=allow_withdraw,
            added_at_ns=self._runtime.clock.now_ns(),
        )
        scope = await self._scope_of(connection, credentials)
        made = replace(connection, scope=scope)
        self._require_harmless(made, scope)
        await self._open_account(made, info)
        await self._threads.write(self._vault.connections.save, made, credentials)
        self._events.publish(ConnectionsChanged(name))
        return (await self._views([made], {}))[0]

    async def try_key(self, *, venue: str, credentials: Credentials, endpoint: str = "") -> KeyScope:
        """Return what a key may do; nothing is kept."""
        self._venue(venue)
        return await self._scope_of(Connection("try", venue, "try", endpoint=endpoint), credentials)

    async def probe(self, name: str) -> KeyScope:
        """Ask the venue again what the key may do; SourceError while another process reads with it."""
        connection = await self._sources.connection(name)

        def refuse() -> None:
            message = f"{name} is being read by another Counterfoil, and two at once disturb each other."
            raise SourceError(message, hint="Ask again when it is done.")

        async with self._sources.reading(connection, refuse) as exchange:
            scope = await exchange.probe()
        await self._sources.keep_scope(connection, scope)
        return scope

    async def pause(self, name: str, *, paused: bool) -> None:
        """Stop reading a connection, or go on with it."""
        connection = await self._sources.connection(name)
        await self._sources.save(replace(connection, is_paused=paused))

    async def rotate(self, name: str, credentials: Credentials) -> KeyScope:
        """Replace the key; the old one stays where the new one is refused."""
        connection = await self._sources.connection(name)
        scope = await self._scope_of(connection, credentials)
        hint = _hint(credentials, self._venue(connection.venue))
        made = replace(connection, scope=scope, key_hint=hint, last_error="")
        self._require_harmless(made, scope)
        await self._threads.write(self._vault.connections.save, made, credentials)
        await self._sources.close(name)
        self._events.publish(ConnectionsChanged(name))
        return scope

    async def remove(self, name: str) -> None:
        """Forget a connection and its secrets; its records stay in the books."""
        connection = await self._sources.connection(name)
        await self._sources.close(name)
        await self._threads.write(self._vault.connections.remove, connection.name)
        self._events.publish(ConnectionsChanged(name))

    def _venue(self, venue: str) -> VenueInfo:
        for info in self.venues():
            if info.venue_id == venue:
                return info
        known = ", ".join(sorted(info.venue_id for info in self.venues()))
        message = f"{venue!r} is no venue that can be connected."
        raise InputError(message, hint=f"There are: {known}.")

    async def _check_name(self, name: str) -> None:
        if not is_name(name):
            message = f"{name!r} cannot be the name of a connection."
            raise InputError(
                message, hint="Use up to 64 letters, digits, spaces, dots, dashes; a letter or digit first."
            )
        if any(connection.name == name for connection in await self._sources.connections()):
            message = f"There is a connection {name!r} already."
            raise InputError(message, hint="Choose another name, or replace its key with: counterfoil connect rotate.")

    async def _scope_of(self, connection: Connection, credentials: Credentials) -> KeyScope:
        await self._check_place(connection, credentials)
        exchange = self._runtime.exchanges.open(connection, credentials)
        try:
            return await exchange.probe()
        finally:
            await exchange.close()

    async def _account_of(self, named: str, name: str, info: VenueInfo) -> str:
        """Return the account that a new connection reads.

        Where none is named and statements of the venue were imported into an account that nothing reads yet, it is that
        one: a second account for the same events would count them twice.
        """
        known = await self._threads.read(self._vault.reader.accounts)
        read = await self.of_accounts()
        unread = [one for one in known if one.venue == info.venue_id and one.account_id not in read]
        if named or not unread or meant(unread, name) is not None:
            return at_venue(known, named or name, info.venue_id)
        if len(unread) > 1:
            message = f"{len(unread)} accounts at {info.name} are read by no connection yet: {listed(unread)}."
            raise InputError(message, hint="Say with --account which of them the key reads, or name a new one.")
        return unread[0].account_id

    async def _check_place(self, connection: Connection, credentials: Credentials) -> None:
        """Refuse a key that was entered for the real venue and would go elsewhere, and the other way round.

        One that another connection has is refused too: the same events would be counted in two accounts.
        """
        given = set(credentials.fields.values())
        for other in await self._sources.connections():
            if other.name == connection.name:
                continue
            kept = await self._threads.read(self._vault.connections.credentials, other.name)
            if given.isdisjoint(kept.fields.values()):
                continue
            if bool(other.endpoint) == bool(connection.endpoint):
                message = f"The connection {other.name} has this key already; its events would be counted twice."
                raise InputError(message, hint="Use the key of another account, or remove that connection first.")
            place = other.endpoint or f"the real {self._venue(other.venue).name}"
            message = f"This key was entered for {place} ({other.name}); it is not sent anywhere else."
            raise RefusedError(message, hint="Use a key that was made for this address.")

    @staticmethod
    def _require_harmless(connection: Connection, scope: KeyScope) -> None:
        if scope.may_withdraw and not connection.allow_withdraw:
            message = f"The key of {connection.name} may withdraw funds; reading never needs that."
            raise RefusedError(message, hint="Make a key that can only read, or insist with --allow-withdraw.")

    async def _open_account(self, connection: Connection, info: VenueInfo) -> None:
        known = await self._threads.read(self._vault.reader.accounts)
        if any((account.account_id, account.venue) == (connection.account_id, info.venue_id) for account in known):
            return
        name = info.name if connection.account_id == info.venue_id else connection.account_id
        account = Account(connection.account_id, name, connection.venue)
        await self._threads.write(self._vault.writer.open_account, account)


def _hint(credentials: Credentials, info: VenueInfo) -> str:
    """Return the first characters of what names the key; never of a secret."""
    public = credentials.fields.get(info.credential_fields[0], "") if info.credential_fields else ""
    return public.rsplit("/", 1)[-1][:_HINT]
