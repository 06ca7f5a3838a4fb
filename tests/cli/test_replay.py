"""counterfoil replay: books, marks and a hash of the end state, without a vault."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.process import Program
from tests.connectors.feeds.frames import START, change, snapshot, spot_quote


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "one.txt"
    frames = [
        change(1, 2, [["99.50", "1"]], START // 1_000_000),
        snapshot(1),
        spot_quote(1, "100.00000000", "100.02000000"),
        spot_quote(2, "101", "100"),
        b"{",
    ]
    path.write_bytes(b"".join(b"%d %b\n" % (START + number, frame) for number, frame in enumerate(frames)))
    return path


def test_a_replay_tells_books_marks_and_what_was_refused(tmp_path: Path, recording: Path) -> None:
    found = Program(tmp_path).run("replay", str(recording), "--json").document
    (one,) = found["instruments"]

    assert (one["bid"], one["ask"], one["book"], one["levels"]) == ("99.5", "101", "in step", {"bids": 2, "asks": 1})
    assert (one["refused"], one["changes"]) == ({"bid not below ask": 1}, {"applied": 1, "old": 0, "gaps": 0})
    assert [(mark["asset"], mark["price"]) for mark in found["marks"]] == [("bitcoin", "100.01"), ("tether", "1")]
    assert (found["frames"], found["unreadable"], len(found["end_state"])) == (4, {"no JSON": 1}, 64)


def test_a_replay_is_readable_without_json(tmp_path: Path, recording: Path) -> None:
    ended = Program(tmp_path).run("replay", str(recording))

    assert ended.status == 0
    assert "in step" in ended.out
    assert "not understood: 1 no JSON." in ended.out


def test_what_is_no_recording_is_bad_input(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("time,price\n")
    ended = Program(tmp_path).run("replay", str(path), "--json")

    assert (ended.status, ended.document["error"]["code"]) == (3, "bad-input")


def test_the_demo_refuses_a_replay_without_its_window(tmp_path: Path, recording: Path) -> None:
    words = [sys.executable, "-m", "app", "demo", "--headless", "--replay", str(recording)]
    ended = Program(tmp_path).call(words)

    assert ended.status == 2
    assert "counterfoil replay" in ended.err
