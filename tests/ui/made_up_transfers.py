"""Made-up transfers: a sure proposal, an unclear one, one that counts by its hash, and two ends that are alone."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.errors import InputError
from app.core.model.transfer_links import TransferLink
from app.core.transfers import Aside, End, Link, Pairing, Proposal, Standing
from app.core.transfers.partners import Partner, partners
from app.services.events import Events, RecordsAppended
from app.services.transfers import SURE_ENOUGH
from tests.ui import made_up_books as books
from tests.ui.fake_services import Answers

D = Decimal


def end(  # noqa: PLR0913 - what an end is
    name: str, account: str, quantity: str, *, days_ago: int, into: bool, asset: str = "bitcoin"
) -> End:
    """Return one end; the first letters of its name make its id."""
    at = books.NOW - days_ago * DAY + (1_900 * SECOND if into else 0)
    return End(name.ljust(32, "0"), account, at, asset, D(quantity), into)


OUT, INTO = (
    end("a1", "kraken-main", "1.2345678", days_ago=3, into=False),
    end("a2", "ledger", "1.2345678", days_ago=3, into=True),
)
LONELY = end("b1", "kraken-main", "0.5", days_ago=9, into=False)
ONE, OTHER = (
    end("b2", "ledger", "0.4999", days_ago=9, into=True),
    end("b3", "coinbase-fund", "0.4999", days_ago=9, into=True),
)
HASHED = (
    end("c1", "coinbase-fund", "12", days_ago=20, into=False, asset="ethereum"),
    end("c2", "ledger", "11.998", days_ago=20, into=True, asset="ethereum"),
)
GONE = end("d1", "kraken-main", "3.75", days_ago=40, into=False, asset="ethereum")


LATE = end("d2", "ledger", "3.7412", days_ago=38, into=True, asset="ethereum")
"""What GONE came to, as only its owner knows."""


class FakeTransfers:
    """Decides as the real service does, over made-up ends."""

    def __init__(self, answers: Answers, events: Events) -> None:
        self._answers, self._events = answers, events
        self.recorded: list[TransferLink] = []
        self.fault: InputError | None = None
        self.nothing_is_near = False

    async def pairing(self) -> Pairing:
        await self._answers.wait("transfers")
        said = {one.ids: one for one in self.recorded}
        sure = Link((OUT,), (INTO,), D("0.9991"), "1.2345678 left and arrived; 31 min later")
        unclear = Link((LONELY,), (ONE,), D("0.8124"), "0.4999 of 0.5 arrived, 0.0001 less, which is a usual fee")
        word = said.get(sure.ids)
        links = [Link(HASHED[:1], HASHED[1:], D(1), "same transaction hash")]
        proposals = [] if word is not None and word.is_transfer is not None else [Proposal(sure, is_clear=True)]
        if word is not None and word.is_transfer:
            links.append(Link((OUT,), (INTO,), D(1), word.reason, word))
        proposals.append(Proposal(unclear, is_clear=False, others=(OTHER.entry_id,)))
        aside = []
        if word is not None and word.is_transfer is False:
            aside = [Aside(Standing.REJECTED, word, (OUT, INTO))]
        alone: tuple[End, ...] = (OTHER, GONE, LATE)
        by_hand = said.get(frozenset((GONE.entry_id, LATE.entry_id)))
        if by_hand is not None and by_hand.is_transfer:
            links.append(Link((GONE,), (LATE,), D(1), by_hand.reason, by_hand))
            alone = (OTHER,)
        return Pairing(tuple(links), tuple(proposals), alone, (), tuple(aside))

    async def partners(self, entry_id: str) -> tuple[Partner, ...]:
        found = await self.pairing()
        proposed = [end for one in found.proposals for end in one.link.ends]
        if self.nothing_is_near:
            return ()
        free = {end.entry_id: end for end in (*found.unpaired, *proposed)}
        return partners(free[entry_id], free.values(), frozenset(end.entry_id for end in proposed))

    async def accept(self, entries: Iterable[str], reason: str) -> str:
        return self._record(entries, reason, is_transfer=True)

    async def accept_clear(self, least: Decimal = SURE_ENOUGH, until: int | None = None) -> tuple[Proposal, ...]:
        found = tuple(
            one
            for one in (await self.pairing()).proposals
            if one.is_clear and one.link.confidence >= least and (until is None or one.link.at < until)
        )
        for one in found:
            self._record(one.link.ids, one.link.reason, is_transfer=True)
        return found

    async def reject(self, entries: Iterable[str], reason: str) -> str:
        return self._record(entries, reason, is_transfer=False)

    async def undo(self, entries: Iterable[str], reason: str) -> str:
        return self._record(entries, reason, is_transfer=None)

    def _record(self, entries: Iterable[str], reason: str, *, is_transfer: bool | None) -> str:
        if self.fault is not None:
            raise self.fault
        ids = sorted(entries)
        self.recorded.append(TransferLink((ids[0],), tuple(ids[1:]), is_transfer, reason, 1, "ab" * 32))
        self._events.publish(RecordsAppended(()))
        return "ab" * 32
