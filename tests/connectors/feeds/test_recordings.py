"""Recordings: merged by receive time, packed or not, and a file that is none is told with its line."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.feeds import recordings
from app.connectors.feeds.feeds import CHUNK, OtherProcess, RawFeeds
from app.core.errors import InputError, SourceError
from app.core.feed_ports import FASTEST
from tests.connectors.feeds.frames import REGISTRY, START, spot_quote


def written(path: Path, *moments: int, packed: bool = False) -> Path:
    lines = b"".join(b"%d %b\n" % (START + at, spot_quote(at + 1, "100", "101")) for at in moments)
    path.write_bytes(gzip.compress(lines) if packed else lines)
    return path


def test_files_are_merged_by_receive_time_and_of_one_moment_in_their_order(tmp_path: Path) -> None:
    files = [written(tmp_path / "a", 1, 4, 6), written(tmp_path / "b.gz", 1, 2, 5, packed=True)]

    assert [(at - START, number) for at, number, _ in recordings.merged(files)] == [
        (1, 0), (1, 1), (2, 1), (4, 0), (5, 1), (6, 0),
    ]  # fmt: skip


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_bytes(b"5 {}")

    assert list(recordings.merged([path])) == [(5, 0, b"{}")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"time,price\n1,2\n", "line 1 does not begin with its receive time: 'time,price'"),
        (b"\x89PNG\x00\xff", "line 1"),
        (gzip.compress(b"5 {}\n" * 1_000, mtime=0)[:-9], "ends early"),
        (b"\x1f\x8bnot really packed", "damaged"),
    ],
)
def test_a_file_that_is_no_recording_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(InputError, match=said) as told:
        read_whole(path)
    assert told.value.where == str(path)


def read_whole(path: Path) -> None:
    recordings.check([path])
    list(recordings.merged([path]))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        recordings.check([tmp_path / "nothing"])


def test_another_process_hands_on_everything_in_order(tmp_path: Path) -> None:
    count = 3 * CHUNK // len(spot_quote(1, "100", "101"))
    pipe = RawFeeds(REGISTRY).replayed([written(tmp_path / "a", *range(count))], FASTEST)
    chunks = list(iter(pipe.receive, b""))
    pipe.stop()
    moments = [int(line.split(b",", 2)[1]) - START for chunk in chunks for line in chunk.splitlines()]

    assert moments == list(range(count))
    assert len(chunks) > 2


def test_a_fault_in_the_middle_of_a_file_is_told_after_what_came_before_it(tmp_path: Path) -> None:
    path = written(tmp_path / "a", 1, 2)
    path.write_bytes(path.read_bytes() + b"oops\n")
    pipe = RawFeeds(REGISTRY).replayed([path], FASTEST)

    with pytest.raises(InputError, match="line 3"):
        list(iter(pipe.receive, b""))
    pipe.stop()


def test_a_process_that_is_stopped_hands_on_nothing_more(tmp_path: Path) -> None:
    pipe = RawFeeds(REGISTRY).replayed([written(tmp_path / "a", 1, 10**15)], 1.0)
    first = pipe.receive()
    pipe.stop()

    assert first.count(b"\n") == 1
    assert pipe.receive() == b""


def test_a_process_that_dies_in_the_middle_is_told_and_is_no_end(tmp_path: Path) -> None:
    pipe = RawFeeds(REGISTRY).replayed([written(tmp_path / "a", 1, 10**15)], 1.0)
    pipe.receive()
    assert isinstance(pipe, OtherProcess)
    assert pipe._running is not None
    pipe._running[0].kill()

    with pytest.raises(SourceError, match="ended with status -9"):
        pipe.receive()


@given(st.lists(st.lists(st.integers(0, 50), max_size=8).map(sorted), min_size=1, max_size=3))
def test_merging_keeps_every_frame(tmp_path_factory: pytest.TempPathFactory, told: list[list[int]]) -> None:
    folder = tmp_path_factory.mktemp("merged")
    files = [written(folder / str(number), *moments) for number, moments in enumerate(told)]
    found = [at - START for at, _, _ in recordings.merged(files)]

    assert found == sorted(moment for moments in told for moment in moments)
