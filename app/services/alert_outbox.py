"""What was told to whom: notices that leave the computer are tried until they arrive, and what failed is seen.

Events are records, so none is lost: what was not sent before a crash or a lock is sent after the next start. A notice
that left just before may come twice, with the same id.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.core.clock import DAY, SECOND
from app.core.errors import InputError, RateLimitedError, SourceError
from app.core.model.alert_rules import AlertEvent, Channel
from app.core.model.notices import Hook, MailRoute, Notice, Security
from app.core.ports import OpenVault, Runtime
from app.services.threads import Threads

OUTGOING = (Channel.MAIL, Channel.WEBHOOK)
_FIRST_WAIT, _LONGEST_WAIT = 5, 3_600
"""Seconds until a notice is tried again: twice as many after each time that it failed, up to an hour."""

_TRIED_FOR, _FEWEST_TRIES = 3 * DAY, 14
"""So old a notice is of no use any more; before it is given up it was tried so often, which takes five hours."""

_KEPT = 200
"""How notices went is kept of so many events; what is on its way is kept whatever its age."""

_ATTEMPTS, _MAIL, _HOOK, _DETAILS = "alerts/attempts", "alerts/mail", "alerts/hook", "alerts/details"
_PASSWORD, _SIGNING = "alerts/mail-password", "alerts/hook-secret"

Say = Callable[[AlertEvent, bool], Notice]
"""What is said of an event, with or without details."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """How far one notice is on one channel.

    Attributes:
        error: Why it failed last; "" where it did not.
        next_ns: When it is tried again.
        done_ns: When it arrived; None while it did not.
        is_given_up: It is tried no more.
    """

    tries: int = 0
    error: str = ""
    next_ns: int = 0
    done_ns: int | None = None
    is_given_up: bool = False

    @property
    def is_over(self) -> bool:
        """Tell whether it is tried no more."""
        return self.done_ns is not None or self.is_given_up


@dataclass(frozen=True, slots=True)
class Delivery:
    """How notices leave the computer.

    Attributes:
        details: Figures and names of accounts and assets are said in them.
    """

    mail: MailRoute | None = None
    hook: Hook | None = None
    details: bool = False


class Outbox:
    """Sends what is due and remembers how that went.

    Attributes:
        is_closing: The notice that is under way is the last one.
    """

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads) -> None:
        """Read nothing yet."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self.is_closing = False
        self._attempts: dict[str, dict[Channel, Attempt]] | None = None
        self._settled = ""
        self._delivery: Delivery | None = None

    async def delivery(self) -> Delivery:
        """Return how notices leave the computer."""
        if self._delivery is None:
            self._delivery = await self._threads.read(self._read_delivery)
        return self._delivery

    def _read_delivery(self) -> Delivery:
        vault = self._vault
        mail, hook = vault.setting(_MAIL), vault.setting(_HOOK)
        return Delivery(
            _route(json.loads(mail), vault.secret(_PASSWORD)) if mail else None,
            Hook(hook, vault.secret(_SIGNING)) if hook else None,
            vault.setting(_DETAILS) == "yes",
        )

    async def set_delivery(self, delivery: Delivery) -> None:
        """Keep how notices leave the computer; what failed before is tried at once. InputError where a way is none."""
        notices = self._runtime.notices
        if notices is not None:
            if delivery.mail is not None:
                notices.check_mail(delivery.mail)
            if delivery.hook is not None:
                notices.check_hook(delivery.hook)
        await self._threads.write(self._keep_delivery, delivery)
        self._delivery = delivery
        for attempts in (await self._known()).values():
            for channel, attempt in attempts.items():
                if not attempt.is_over:
                    attempts[channel] = replace(attempt, next_ns=0)

    def _keep_delivery(self, delivery: Delivery) -> None:
        mail, hook, vault = delivery.mail, delivery.hook, self._vault
        vault.set_secret(_PASSWORD, mail.password if mail else "")
        vault.set_secret(_SIGNING, hook.secret if hook else "")
        vault.set_setting(_MAIL, json.dumps(_route_fields(mail)) if mail else "")
        vault.set_setting(_HOOK, hook.url if hook else "")
        vault.set_setting(_DETAILS, "yes" if delivery.details else "no")

    async def attempts(self) -> Mapping[str, Mapping[Channel, Attempt]]:
        """Return how far notices are, by the record of their event."""
        return await self._known()

    async def _known(self) -> dict[str, dict[Channel, Attempt]]:
        if self._attempts is None:
            kept = await self._threads.read(self._vault.setting, _ATTEMPTS)
            fields = json.loads(kept) if kept else {"attempts": {}}
            self._settled = fields.get("settled", "")
            # Before there was a mark, the attempts stood alone.
            self._attempts = _read_attempts(fields.get("attempts", fields))
        return self._attempts

    def waiting(self, events: Sequence[AlertEvent]) -> Sequence[AlertEvent]:
        """Return the events, oldest first, after the newest up to which every notice is over."""
        for place in range(len(events), 0, -1):
            if events[place - 1].record == self._settled:
                return events[place:]
        return events

    async def send_due(self, events: Sequence[AlertEvent], say: Say) -> bool:
        """Send what is due, and tell whether anything was tried; `events` are all, oldest first.

        Ways do not wait for each other. On one that fails the others that are due wait for the next time: each may
        take as long until it fails.
        """
        known, now = await self._known(), self._runtime.clock.now_ns()
        open_ = self.waiting(events)
        due = {
            channel: [
                event
                for event in open_
                if channel in event.channels and _is_due(known.get(event.record, {}).get(channel), now)
            ]
            for channel in OUTGOING
        }
        if not any(due.values()):
            return False
        # The command line may have set another way meanwhile.
        self._delivery = None
        await asyncio.gather(*(self._send_all(channel, due[channel], events, say) for channel in OUTGOING))
        return True

    async def _send_all(
        self, channel: Channel, due: Sequence[AlertEvent], events: Sequence[AlertEvent], say: Say
    ) -> None:
        known = await self._known()
        for event in due:
            if self.is_closing:
                return
            before = known.get(event.record, {}).get(channel, Attempt())
            after = await self._tried(event, channel, before, say)
            known.setdefault(event.record, {})[channel] = after
            self._settle(events)
            await self._keep_attempts()
            if after.done_ns is None:
                return

    async def _keep_attempts(self) -> None:
        kept = {"settled": self._settled, "attempts": _written(await self._known())}
        await self._threads.write(self._vault.set_setting, _ATTEMPTS, json.dumps(kept))

    def _settle(self, events: Sequence[AlertEvent]) -> None:
        """Move the mark past what is over, and forget how notices before it went but for the newest."""
        known = self._attempts or {}
        for event in self.waiting(events):
            outgoing = [channel for channel in event.channels if channel in OUTGOING]
            if not all(known.get(event.record, {}).get(channel, Attempt()).is_over for channel in outgoing):
                break
            self._settled = event.record
        still = {event.record for event in self.waiting(events)}
        over = [record for record in known if record not in still]
        for record in over[: max(0, len(over) - _KEPT)]:
            del known[record]

    async def _tried(self, event: AlertEvent, channel: Channel, before: Attempt, say: Say) -> Attempt:
        tries = before.tries + 1
        wait = float(min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(before.tries, 20)))
        try:
            await self._send(channel, say(event, (await self.delivery()).details))
        except (SourceError, InputError) as fault:
            if isinstance(fault, RateLimitedError):
                wait = min(_LONGEST_WAIT, max(wait, fault.retry_after))
            now = self._runtime.clock.now_ns()
            is_late = now - event.at_ns > _TRIED_FOR and tries >= _FEWEST_TRIES
            return Attempt(tries, fault.line(), now + int(wait * SECOND), is_given_up=is_late)
        return Attempt(tries, done_ns=self._runtime.clock.now_ns())

    async def show(self, event: AlertEvent, notice: Notice, by_tray: Callable[[Notice], bool]) -> None:
        """Show a notification on this computer: by its own service, else by the tray; how that went is kept."""
        try:
            await self._send(Channel.DESKTOP, notice)
        except (SourceError, InputError) as fault:
            error = "" if by_tray(notice) else fault.line()
        else:
            error = ""
        now = self._runtime.clock.now_ns()
        attempt = Attempt(1, error, is_given_up=True) if error else Attempt(1, done_ns=now)
        (await self._known()).setdefault(event.record, {})[Channel.DESKTOP] = attempt
        await self._keep_attempts()

    async def _send(self, channel: Channel, notice: Notice) -> None:
        delivery, notices = await self.delivery(), self._runtime.notices
        if notices is None:
            raise InputError("Nothing can be sent from here.")
        if channel is Channel.DESKTOP:
            await notices.show(notice)
        elif channel is Channel.MAIL:
            if delivery.mail is None:
                raise InputError(
                    "No mail server is set.", hint="Set one: counterfoil alerts deliver --mail-host HOST …"
                )
            await notices.mail(delivery.mail, notice)
        else:
            if delivery.hook is None:
                raise InputError("No webhook is set.", hint="Set one under Delivery, or: alerts deliver --webhook URL.")
            await notices.post(delivery.hook, notice)

    async def try_now(self, channel: Channel, notice: Notice) -> None:
        """Send one notice to see whether it arrives; SourceError or InputError where it does not."""
        await self._send(channel, notice)


def failing(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Return attempts that failed and did not arrive yet."""
    return tuple(one for one in attempts if one.error and one.done_ns is None)


def _is_due(attempt: Attempt | None, now_ns: int) -> bool:
    """Tell whether a notice is to be sent; where the clock was set back it does not wait for the old hour."""
    if attempt is None:
        return True
    return not attempt.is_over and not now_ns < attempt.next_ns <= now_ns + _LONGEST_WAIT * SECOND


def _route_fields(route: MailRoute) -> dict[str, Any]:
    return {
        "host": route.host,
        "port": route.port,
        "security": route.security.value,
        "user": route.user,
        "sender": route.sender,
        "recipients": list(route.recipients),
    }


def _route(fields: Mapping[str, Any], password: str) -> MailRoute:
    named = fields["host"], fields["port"], Security(fields["security"]), fields["user"], fields["sender"]
    return MailRoute(*named, tuple(fields["recipients"]), password)


def _written(known: Mapping[str, Mapping[Channel, Attempt]]) -> dict[str, Any]:
    return {
        record: {
            channel.value: [one.tries, one.error, one.next_ns, one.done_ns, one.is_given_up]
            for channel, one in attempts.items()
        }
        for record, attempts in known.items()
    }


def _read_attempts(fields: Mapping[str, Any]) -> dict[str, dict[Channel, Attempt]]:
    return {
        record: {Channel(channel): Attempt(*one) for channel, one in attempts.items()}
        for record, attempts in fields.items()
    }
