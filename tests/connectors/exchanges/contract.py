"""What every venue must do right. A test file of a venue subclasses `ExchangeContract` and gives it its `case`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import pytest

from app.connectors.exchanges import CcxtExchanges
from app.core.errors import (
    BadResponseError,
    ClockSkewError,
    CredentialsError,
    InputError,
    RateLimitedError,
    RetryableError,
    SourceError,
)
from app.core.ledger.entries import entry_id
from app.core.model.accounts import Connection, Credentials
from app.core.model.pages import Page
from app.core.ports import Exchange
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.scripted import Reply, VirtualTime

SECRET_MARK = "c2VjcmV0"
GARBAGE = ("<html>captcha</html>", "", "{}", "null", '{"code":0', '"ok"')


class Venue(Protocol):
    """The server under test: scripted here, or a simulated venue with the same knobs."""

    endpoint: str

    def next(self, path: str, *replies: Reply) -> None: ...

    def count(self, path: str) -> int: ...


@dataclass
class Case:
    """A venue with what it says in its own words.

    Attributes:
        history_path: Part of the path of its first history; `balance_path` of its balances.
        entries: How many events its history has; more than one page of them.
        held: Its balances as "sub_place asset quantity".
        wrong_key, too_many, wrong_clock: Error answers in the venue's words; `too_many` comes with Retry-After.
        odd_shapes: Answers to the balance call that are JSON, have a good status and are no balances.
        empty_balance: A sound answer that says the account holds nothing.
    """

    venue: str
    server: Any
    credentials: Mapping[str, str]
    history_path: str
    balance_path: str
    entries: int
    held: set[str]
    wrong_key: Reply
    too_many: Callable[[int], Reply]
    wrong_clock: Reply
    odd_shapes: tuple[Any, ...]
    empty_balance: Any
    now_ns: int
    time: VirtualTime = field(default_factory=VirtualTime)
    opened: list[Exchange] = field(default_factory=list)

    def open(self, name: str = "main") -> Exchange:
        """Open a connection; all of a case share their desk."""
        connection = Connection(name, self.venue, "account", endpoint=self.server.endpoint)
        opened = self.exchanges.open(connection, Credentials(dict(self.credentials)))
        self.opened.append(opened)
        return opened

    def __post_init__(self) -> None:
        self.exchanges = CcxtExchanges(ASSETS, _Standing(self.now_ns), self.time.scheduler())

    async def close(self) -> None:
        for opened in self.opened:
            await opened.close()


@dataclass(frozen=True)
class _Standing:
    moment: int

    def now_ns(self) -> int:
        return self.moment


async def read(exchange: Exchange, cursors: Mapping[str, str] | None = None) -> list[Page]:
    """Return all pages of a history."""
    return [page async for page in exchange.history(cursors or {})]


def events(pages: list[Page]) -> dict[bytes, Any]:
    """Return entries by their id: what the books would hold after these pages."""
    return {
        entry_id("book", one.entry.account, one.entry.identity): one.entry for page in pages for one in page.candidates
    }


def cursors_of(pages: list[Page]) -> dict[str, str]:
    """Return how far each stream was read."""
    return {page.stream: page.cursor for page in pages}


class ExchangeContract:
    """The suite; `case` is a fixture of the subclass that starts and stops the server."""

    async def test_the_whole_history_is_read_each_event_once(self, case: Case) -> None:
        pages = await read(case.open())
        entries = [one.entry for page in pages for one in page.candidates]

        assert case.entries == len(entries)
        assert case.entries == len(events(pages))
        assert case.server.count(case.history_path) > 1

    async def test_pages_carry_the_bytes_of_the_venue_and_how_they_were_read(self, case: Case) -> None:
        page = next(page for page in await read(case.open()) if page.candidates)

        assert page.content.startswith((b"{", b"["))
        assert page.normaliser.startswith(case.venue)
        assert page.progress is not None
        assert 0 <= page.progress <= 1

    async def test_reading_again_from_the_cursors_brings_nothing_new(self, case: Case) -> None:
        exchange = case.open()
        first = await read(exchange)
        again = await read(exchange, cursors_of(first))

        assert set() == events(again).keys() - events(first).keys()

    async def test_a_reading_that_broke_off_after_any_page_goes_on_to_the_same_history(self, case: Case) -> None:
        exchange = case.open()
        whole = await read(exchange)
        for kept in range(1, len(whole), max(len(whole) // 12, 1)):
            rest = await read(exchange, cursors_of(whole[:kept]))

            assert events(whole) == events([*whole[:kept], *rest])

    async def test_balances_are_read_over_all_sub_places(self, case: Case) -> None:
        page = await case.open().balances()

        assert case.held == {f"{one.sub_place} {one.asset} {one.quantity}" for one in page.balances if one.quantity}

    async def test_a_wrong_key_is_told_as_such_and_not_tried_again(self, case: Case) -> None:
        case.server.next(case.balance_path, case.wrong_key)
        with pytest.raises(CredentialsError) as refused:
            await case.open().balances()

        assert case.venue == refused.value.where
        assert case.server.count(case.balance_path) == 1

    async def test_a_wrong_key_after_a_good_call_is_still_a_wrong_key(self, case: Case) -> None:
        exchange = case.open()
        await exchange.balances()
        case.server.next(case.balance_path, case.wrong_key)

        with pytest.raises(CredentialsError):
            await exchange.balances()

    async def test_retry_after_is_waited_for_and_the_history_is_whole(self, case: Case) -> None:
        case.server.next(case.history_path, case.too_many(7))
        pages = await read(case.open())

        assert case.entries == len(events(pages))
        assert any(6.5 < slept <= 7.0 for slept in case.time.slept)

    async def test_a_wait_longer_than_anyone_waits_is_told_with_its_seconds(self, case: Case) -> None:
        case.server.next(case.balance_path, case.too_many(3600))
        with pytest.raises(RateLimitedError) as refused:
            await case.open().balances()

        assert refused.value.retry_after == 3600

    @pytest.mark.parametrize("body", GARBAGE)
    async def test_garbage_with_status_200_is_no_history(self, case: Case, body: str) -> None:
        case.server.next(case.history_path, Reply(body, media_type="text/html"), Reply(body, media_type="text/html"))
        pages: list[Page] = []
        with pytest.raises(BadResponseError):
            pages.extend([page async for page in case.open().history({})])

        assert pages == []

    @pytest.mark.parametrize("body", GARBAGE)
    async def test_garbage_with_status_200_is_no_empty_account(self, case: Case, body: str) -> None:
        case.server.next(case.balance_path, Reply(body, media_type="text/html"), Reply(body, media_type="text/html"))

        with pytest.raises(BadResponseError):
            await case.open().balances()

    async def test_an_answer_of_another_shape_is_no_balance(self, case: Case) -> None:
        exchange = case.open()
        for shape in case.odd_shapes:
            case.server.next(case.balance_path, Reply(shape), Reply(shape))
            with pytest.raises(SourceError):
                await exchange.balances()

    async def test_one_piece_of_garbage_is_got_over(self, case: Case) -> None:
        case.server.next(case.history_path, Reply("<html>one moment</html>", media_type="text/html"))

        assert case.entries == len(events(await read(case.open())))

    async def test_a_truncated_answer_is_asked_for_again(self, case: Case) -> None:
        case.server.next(case.history_path, Reply({"long": "x" * 4000}, is_cut=True))

        assert case.entries == len(events(await read(case.open())))

    async def test_a_venue_that_stays_away_is_told_after_a_bounded_number_of_tries(self, case: Case) -> None:
        case.server.next(case.balance_path, *[Reply("down", status=503)] * 9)
        with pytest.raises(RetryableError):
            await case.open().balances()

        assert 1 < case.server.count(case.balance_path) < 9

    async def test_an_account_that_is_suddenly_empty_is_asked_twice(self, case: Case) -> None:
        exchange = case.open()
        await exchange.balances()
        case.server.next(case.balance_path, Reply(case.empty_balance))
        with pytest.raises(BadResponseError):
            await exchange.balances()

        assert case.held == {
            f"{one.sub_place} {one.asset} {one.quantity}"
            for one in (await exchange.balances()).balances
            if one.quantity
        }

    async def test_a_wrong_clock_is_measured_once_and_then_told(self, case: Case) -> None:
        case.server.next(case.balance_path, case.wrong_clock, case.wrong_clock)
        with pytest.raises(ClockSkewError) as refused:
            await case.open().balances()

        assert "clock" in refused.value.line()

    async def test_a_wrong_clock_that_the_new_measure_mends_is_no_fault(self, case: Case) -> None:
        case.server.next(case.balance_path, case.wrong_clock)

        assert case.held == {
            f"{one.sub_place} {one.asset} {one.quantity}"
            for one in (await case.open().balances()).balances
            if one.quantity
        }

    async def test_no_fault_repeats_a_word_of_the_key(self, case: Case) -> None:
        words = " ".join(case.credentials.values())
        case.server.next(case.balance_path, Reply(f'{{"error": ["X {words}"], "msg": "{words[:40]}"}}', status=400))
        with pytest.raises(SourceError) as refused:
            await case.open().balances()

        assert [word for word in case.credentials.values() if word in repr(refused.value) + refused.value.line()] == []
        assert refused.value.__cause__ is None

    async def test_equal_questions_at_the_same_time_share_an_answer(self, case: Case) -> None:
        exchange = case.open()
        await asyncio.gather(exchange.balances(), exchange.balances(), exchange.balances())

        assert case.server.count(case.balance_path) == 1
        assert exchange.calls().saved >= 2

    async def test_calls_are_counted_and_fewer_than_a_simple_client_makes(self, case: Case) -> None:
        exchange = case.open()
        await read(exchange)
        counted = exchange.calls()

        assert counted.calls > 0
        assert counted.weight >= counted.calls // 2
        assert counted.naive > 0

    async def test_a_real_address_is_never_an_endpoint(self, case: Case) -> None:
        connection = Connection("main", case.venue, "account", endpoint="https://example.com")

        with pytest.raises(InputError):
            case.exchanges.open(connection, Credentials(dict(case.credentials)))

    async def test_a_missing_word_of_the_key_is_named(self, case: Case) -> None:
        connection = Connection("main", case.venue, "account", endpoint=case.server.endpoint)
        for name in case.credentials:
            with pytest.raises(InputError, match=name):
                case.exchanges.open(connection, Credentials({**case.credentials, name: " "}))
