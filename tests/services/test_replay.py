"""A replay comes to the same end at any speed and size of batch, and drives the marks of the window."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.feeds import RawFeeds
from app.core.errors import InputError
from app.core.feed_ports import FASTEST
from app.core.model.market import Tick
from app.core.ports import Runtime
from app.services.events import MarksChanged
from app.services.replay import Feed, LiveReplay, parsed_speed, recordings, replay
from app.services.workspace import Workspace
from tests.connectors.feeds.frames import SECOND, START, change, snapshot, spot_quote, swap_quote, trade
from tests.services.books import ASSETS, KEY, NOW, Script, make_runtime, tick

MS = START // 1_000_000


class Lines:
    """Lines in chunks of a given size."""

    def __init__(self, lines: list[bytes], size: int) -> None:
        self._chunks: Iterator[bytes] = iter([b"".join(lines[at : at + size]) for at in range(0, len(lines), size)])
        self.given = 0

    def receive(self) -> bytes:
        chunk = next(self._chunks, b"")
        self.given += bool(chunk)
        return chunk

    def stop(self) -> None:
        self._chunks = iter(())


def frames() -> list[bytes]:
    """Return a second and a half of one market: quotes, trades, a book with its snapshot, two frames that are none."""
    told = [change(1, 2, [["98.00", "1"]], MS), change(3, 3, [], MS + 1), snapshot(2), b"{", b'{"data": {"s": 1}}']
    for number in range(100):
        told += [
            spot_quote(10 + number, f"{100 + number / 100:.2f}", f"{100.01 + number / 100:.2f}"),
            swap_quote(10 + number, "99.9", "100.1", MS + 1_270 + 10 * number),
            trade(number, f"{100 + number % 7}.5", MS + 10 * number),
            change(4 + number, 4 + number, [[f"{90 + number % 9}.00", str(number % 3)]], MS + 10 * number),
        ]
    return told


TOLD = [(START + number * 4_000_000, frame) for number, frame in enumerate(frames())]
LINES = [b"[0,%d,%b]\n" % told for told in TOLD]


def fed(size: int, taken_every: int = 1) -> Feed:
    """Return the feed after all lines, its ticks taken after every so many chunks."""
    feed = Feed(RawFeeds(ASSETS), Lines(LINES, size))
    number = 0
    while feed.step():
        number += 1
        if number % taken_every == 0:
            feed.take()
    return feed


@given(st.integers(1, 500), st.integers(1, 50))
def test_the_end_state_is_the_same_whatever_the_size_of_batches_and_whenever_ticks_are_taken(
    size: int, taken_every: int
) -> None:
    assert fed(size, taken_every).market.fingerprint() == fed(1, 1_000).market.fingerprint()


@given(st.integers(1, 500))
def test_the_last_value_is_never_lost_and_every_other_is_counted(size: int) -> None:
    feed = Feed(RawFeeds(ASSETS), Lines(LINES, size))
    taken: list[Tick] = []
    while feed.step():
        taken += feed.take()
    last = {one.venue: one for one in taken}
    prices = sum(line.state()["numbers"][0] >= 0 for line in feed.market.lines()) * 100

    assert last["binance"].bid == Decimal("100.99")
    assert len(taken) + feed.market.conflated == prices


def test_a_recording_ends_alike_at_any_speed(tmp_path: Path) -> None:
    runtime = with_feeds(tmp_path)
    path = recording(tmp_path)
    found = [replay(runtime, [path], speed, "usd") for speed in (FASTEST, 100.0, 5.0)]

    assert len({one.market.fingerprint() for one in found}) == 1
    assert len({str(sorted(one.board.marks.items())) for one in found}) == 1


def test_what_is_marked_says_who_took_part(tmp_path: Path) -> None:
    found = replay(with_feeds(tmp_path), [recording(tmp_path)], FASTEST, "usd")
    mark = found.board.marks["bitcoin"]

    assert mark.price == Decimal("100.995")
    assert {part.source: part.left_out for part in mark.parts} == {
        "binance by USDT": "",
        "binance-usdm (perpetual) by USDT": "a perpetual beside spot",
    }
    assert dict(found.market.unreadable) == {"no JSON": 1, "a field is missing or of another kind": 1}


async def test_a_replay_drives_the_marks_in_the_present(workspace: Workspace, script: Script, tmp_path: Path) -> None:
    heard = asyncio.Queue[MarksChanged]()
    workspace.events.subscribe(MarksChanged, heard.put_nowait)
    await hold_prices(workspace, script)
    told = LiveReplay(with_feeds(tmp_path), [recording(tmp_path)], 100.0)
    await workspace.market_data.follow(told)
    while workspace.market_data.marks()["bitcoin"].price != Decimal("100.995"):
        await asyncio.wait_for(heard.get(), 20)
    mark = workspace.market_data.marks()["bitcoin"]
    is_over = await asyncio.to_thread(told.feed.wait, 20.0)

    assert is_over
    assert "kraken" not in mark.source
    assert NOW <= mark.at <= NOW + SECOND
    assert told.feed.market.frames == len(LINES) - 2


def test_a_recording_that_takes_long_to_begin_is_not_older_for_it(tmp_path: Path) -> None:
    moment = [NOW]
    clock = SimpleNamespace(now_ns=lambda: moment[0])
    told = LiveReplay(replace(with_feeds(tmp_path), clock=clock), [recording(tmp_path)], 1.0)
    told.feed._pipe = Lines(LINES, 50)
    told.start()
    while not told.feed.is_over:
        told.feed.catch_up()
    moment[0] += 30 * SECOND
    ages = [moment[0] - tick.at for tick in told.take()]

    assert ages
    assert 0 <= min(ages) <= max(ages) <= 2 * SECOND


def test_what_came_is_decoded_in_bites_and_the_rest_waits_for_the_next() -> None:
    feed = Feed(RawFeeds(ASSETS), Lines(LINES, 50))
    feed.start()
    bites = 0
    while not feed.is_over:
        before = feed.market.frames
        feed.catch_up(0.0)
        bites += feed.market.frames > before

    assert bites == 9
    assert feed.market.fingerprint() == fed(1).market.fingerprint()


def test_whoever_hands_on_waits_for_whoever_decodes() -> None:
    lines = Lines(LINES, 1)
    feed = Feed(RawFeeds(ASSETS), lines)
    feed.start()
    feed.wait_for_first()
    ready = threading.Event()
    waits: list[int] = []
    while len(waits) < 2 or waits[-1] != waits[-2]:
        ready.wait(0.05)
        waits.append(lines.given)
    feed.stop()

    # The last one is in the hands of the thread.
    assert waits[-1] == 65
    assert feed.market.frames == 0
    assert not any(thread.name == "feed" for thread in threading.enumerate())


def test_books_in_step_are_shown_from_the_best_price_and_others_not_at_all() -> None:
    feed = fed(50)
    (shown,) = feed.books("bitcoin", 3)
    line = next(line for line in feed.market.lines() if line.instrument == shown.instrument)

    assert (shown.bids, shown.asks) == line.book.depth(3)
    assert len(shown.bids) == 3
    assert feed.books("ethereum", 3) == []


async def test_books_of_a_recording_take_the_place_of_venues_which_nobody_follows_then(
    workspace: Workspace, script: Script, tmp_path: Path
) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    told = LiveReplay(with_feeds(tmp_path), [recording(tmp_path)], 100.0)
    await workspace.market_data.follow(told)
    workspace.order_books.want("markets", ["bitcoin"])
    await asyncio.to_thread(told.feed.wait, 20.0)
    look = workspace.order_books.look("ethereum")

    assert (look.is_replay, look.is_waiting, look.views) == (True, False, ())
    assert script.following == 0


async def test_what_is_wrong_with_a_recording_is_a_finding(workspace: Workspace, tmp_path: Path) -> None:
    path = recording(tmp_path)
    path.write_bytes(path.read_bytes() + b"oops\n")
    told = LiveReplay(with_feeds(tmp_path), [path], 100.0)
    await workspace.market_data.follow(told)
    await asyncio.to_thread(told.feed.wait, 20.0)
    workspace.market_data._take_replayed(told)
    (finding,) = workspace.market_data.findings()

    assert "does not begin with its receive time" in finding.detail


@pytest.mark.parametrize("speed", ["0", "0.5", "101", "-1", "nan", "fast", "inf", ""])
def test_a_speed_that_is_none_is_told(speed: str) -> None:
    with pytest.raises(InputError, match="no speed"):
        parsed_speed(speed)


def test_a_folder_stands_for_its_recordings(tmp_path: Path) -> None:
    for name in ("b.gz", "a.gz", "prices.csv.gz", "README.md", "table.parquet"):
        (tmp_path / name).write_bytes(b"")

    assert [path.name for path in recordings([tmp_path])] == ["a.gz", "b.gz"]


def test_a_folder_without_any_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no recording"):
        recordings([tmp_path])


def recording(folder: Path) -> Path:
    path = folder / "recording.txt"
    path.write_bytes(b"".join(b"%d %b\n" % told for told in TOLD))
    return path


def with_feeds(folder: Path) -> Runtime:
    return replace(make_runtime(folder, Script()), feeds=RawFeeds(ASSETS))


async def hold_prices(workspace: Workspace, script: Script) -> None:
    """Mark bitcoin by a connection first, at a price far from the recording's."""
    workspace.market_data.board.take(tick("bitcoin", "7000"))
    workspace.market_data.board.settle()
