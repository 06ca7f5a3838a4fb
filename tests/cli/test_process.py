"""Tests that call the program without a vault, and its rules for every command."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.process import ROOT, Program

if sys.platform != "win32":
    import pty

_CONTROLLED = (
    "import fcntl, os, signal, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal that a process was given its own, as a shell does, so that Ctrl-C in it reaches the process.

Tests that were started in the background ignore Ctrl-C, and so would every process of theirs.
"""
_LONGEST = 60.0


def read(terminal: int) -> bytes:
    """Return what comes next; b"" once the other end is closed. Nothing at all for a minute is a failure."""
    ready, _, _ = select.select([terminal], [], [], _LONGEST)
    assert ready, "the program neither answers nor ends"
    try:
        return os.read(terminal, 1024)
    except OSError:
        return b""


def plain(tmp_path: Path, *words: str) -> list[str]:
    """Return a command line without a vault."""
    del tmp_path
    return [sys.executable, "-m", "app", *words]


def test_help_comes_at_once_and_loads_neither_window_nor_venues(tmp_path: Path) -> None:
    program = Program(tmp_path)
    code = (
        "import sys; sys.argv = ['counterfoil', '--help']\n"
        "from app.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([name for name in ('ccxt', 'PySide6', 'numpy', 'pyqtgraph') if name in sys.modules])"
    )

    ended = program.call([sys.executable, "-c", code])
    started = time.perf_counter()
    program.call(plain(tmp_path, "--help"))
    seconds = time.perf_counter() - started

    assert ended.out.splitlines()[-1] == "[]"
    assert seconds < 3


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("nonsense",), 2, "usage"),
        (("vault", "nonsense"), 2, "usage"),
        (("sync", "--nonsense"), 2, "usage"),
        (("positions",), 4, "vault-locked"),
        (("connect", "add", "nonsense"), 3, "bad-input"),
        (("import", "nonsense.csv"), 3, "bad-input"),
    ],
)
def test_every_error_is_one_line_or_one_document(
    tmp_path: Path, words: tuple[str, ...], status: int, code: str
) -> None:
    program = Program(tmp_path)

    told = program.call(plain(tmp_path, *words))
    document = program.call(plain(tmp_path, *words, "--json"))

    assert (told.status, told.out, len(told.err.splitlines())) == (status, "", 1)
    assert (document.status, document.document["error"]["code"], document.err) == (status, code, "")


def test_a_word_that_is_none_of_those_allowed_is_refused_with_them_and_nothing_of_the_library(tmp_path: Path) -> None:
    said = Program(tmp_path).call(plain(tmp_path, "performance", "--by", "asset")).err

    assert said.startswith("counterfoil: Invalid value for '--by': 'asset' is not one of 'month', 'quarter'")


def test_venues_are_listed_without_a_vault(tmp_path: Path) -> None:
    ended = Program(tmp_path).call(plain(tmp_path, "connect", "venues", "--json"))

    venues = {venue["id"]: venue for venue in ended.document}
    assert {"binance", "coinbase", "kraken"} <= set(venues)
    assert set(venues["kraken"]) == {
        "id",
        "name",
        "kind",
        "tier",
        "reads",
        "history",
        "importer",
        "proven_by",
        "proven_at",
    }


def test_the_doctor_says_what_is_there(tmp_path: Path) -> None:
    ended = Program(tmp_path).call(plain(tmp_path, "doctor", "--json"))

    assert {row["state"] for row in ended.document} <= {"ok", "warn", "bad", "unknown"}
    assert ended.status == int(any(row["state"] == "bad" for row in ended.document))


def test_the_version_is_printed(tmp_path: Path) -> None:
    ended = Program(tmp_path).call(plain(tmp_path, "--version"))

    assert (ended.status, ended.out.split()[0]) == (0, "counterfoil")


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("--vault", "none.vault", "positions"), 4, "vault-locked"),
        (("--json", "demo", "--nonsense"), 2, "usage"),
        (("--vault", "x.vault", "demo", "--serve"), 2, "usage"),
        (("--passphrase-file", "none"), 2, "usage"),
    ],
)
def test_words_of_every_command_may_stand_first(tmp_path: Path, words: tuple[str, ...], status: int, code: str) -> None:
    ended = Program(tmp_path).call(plain(tmp_path, *words, *(() if "--json" in words else ("--json",))))

    assert (ended.status, ended.document["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("streams", "status", "told"),
    [
        (">&-", 0, ""),
        ("| true; exit ${PIPESTATUS[0]}", 141, ""),
        (">/dev/full", 3, "counterfoil: The answer could not be written on standard output: No space left on device."),
        ("2>&- <&- | cat; exit ${PIPESTATUS[0]}", 0, ""),
    ],
)
@pytest.mark.parametrize("form", ["", "--json"])
def test_streams_that_are_closed_or_full_are_no_fault_of_the_program(
    tmp_path: Path, streams: str, status: int, told: str, form: str
) -> None:
    call = f"{sys.executable} -m app connect venues {form} {streams}"

    ended = Program(tmp_path).call(["bash", "-c", call])

    assert (ended.status, ended.err[: len(told) or None]) == (status, told)


def test_a_terminal_that_lacks_a_sign_gets_its_code(tmp_path: Path) -> None:
    plainest = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    words = plain(tmp_path, "positions", "--vault", "trésor")

    told = Program(tmp_path).call(words, plainest)
    document = Program(tmp_path).call([*words, "--json"], plainest)

    assert (told.status, len(told.err.splitlines())) == (4, 1)
    assert document.document["error"]["code"] == "vault-locked"


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_interrupt_is_one_line_however_early_it_comes(tmp_path: Path, form: tuple[str, ...]) -> None:
    """The first module that is loaded after the handler stands presses Ctrl-C, so that no clock decides."""
    code = (
        "import os, signal, sys\n"
        # Whoever starts the tests in the background has told them to ignore Ctrl-C.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"sys.argv = ['counterfoil', 'doctor', *{form!r}]\n"
        "class Pressed:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'app.bootstrap': os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Pressed())\n"
        "from app.__main__ import main\n"
        "sys.exit(main())"
    )

    ended = Program(tmp_path).call([sys.executable, "-c", code])

    assert (ended.status, len(ended.err.splitlines())) == (130, 0 if form else 1)
    if form:
        assert ended.document["error"]["code"] == "interrupted"


@pytest.mark.skipif(sys.platform == "win32", reason="pty is of POSIX")
@pytest.mark.parametrize(("typed", "status"), [(b"\x03", 130), (b"\x04", 130), (b"not the passphrase\n", 4)])
def test_a_question_is_answered_or_interrupted_at_once(program: Program, typed: bytes, status: int) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "app", "positions", "--vault", str(program.vault)]
    asked = subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-c", _CONTROLLED, *command],
        cwd=ROOT,
        env=program.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown = b""
    try:
        while b"Passphrase: " not in shown:
            part = read(ours)
            assert part, shown
            shown += part
        os.write(ours, typed)
        while part := read(ours):
            shown += part
        ended = asked.wait(timeout=_LONGEST)
    finally:
        asked.kill()
        asked.wait()
        os.close(ours)

    assert ended == status
    assert b"Traceback" not in shown
    assert shown.count(b"counterfoil: ") == 1
