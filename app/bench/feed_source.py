"""The made-up feed: frames of many instruments as a venue writes them, live from another process or as recordings."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path

from app.core.clock import MILLISECOND, SECOND

INSTRUMENTS = 500
_STEPS = 64
"""Prices that each instrument goes through again and again."""

_BURST = 0.012
"""Seconds for which frames are gathered: to wake the reader for each costs it more than to read them."""

_AT_ONCE = 900
"""Frames that are handed on at once at most: those of a burst that is a little late."""

_START = 1_700_000_000 * SECOND
_WHOLE, _TRADES, _CHANGES = 100, 17, 8
"""Of a hundred frames: about what a recording of a real market holds."""

_LEVELS, _WHOLE_BOOK = 20, 1_000


def symbol(number: int) -> str:
    """Return the venue's name of an instrument."""
    return f"X{number:03d}USDT"


def bid(number: int, step: int) -> str:
    """Return what is bid for an instrument at a step."""
    return f"{100 + number}.{step:02d}000000"


def last_bid(number: int, frames: int) -> str:
    """Return the last bid for an instrument, of so many frames told one instrument after the other."""
    rounds = (frames - 1 - number) // INSTRUMENTS
    return bid(number, rounds % _STEPS)


def hand_on(pipe: Connection, rate: int, frames: int) -> None:
    """Hand on so many frames at a rate, each stamped with the moment at which it was due: to gather them counts too."""
    bodies = [[_body(symbol(number), number, step) for step in range(_STEPS)] for number in range(INSTRUMENTS)]
    began, sent, apart = time.monotonic_ns(), 0, SECOND / rate
    while sent < frames:
        time.sleep(_BURST)
        due = min(frames, int((time.monotonic_ns() - began) / apart))
        while sent < due:
            # What is late comes in pieces too: as one it would be 10 MB of objects at once, and memory that stays.
            piece = range(sent, min(due, sent + _AT_ONCE))
            pipe.send_bytes(
                b"".join(
                    b'[0,%d,{"stream":"bookTicker","data":{"u":%d,%b]\n'
                    % (began + number * apart, number + 1, bodies[number % INSTRUMENTS][number // INSTRUMENTS % _STEPS])
                    for number in piece
                )
            )
            sent = piece.stop
    pipe.close()


def _body(name: str, number: int, step: int) -> bytes:
    prices = f'"b":"{bid(number, step)}","B":"3.78826000","a":"{100 + number}.{step:02d}500000","A":"1.54698000"'
    return f'"s":"{name}",{prices}}}}}'.encode()


def write_day(
    folder: Path, frames: int, *, seconds: int = 86_400, names: Sequence[str] = tuple(map(symbol, range(8)))
) -> list[Path]:
    """Write a day, or another span, of so many frames as packed recordings.

    There is one an instrument; they are merged by receive time.
    """
    files = [folder / f"{name}.gz" for name in names]
    step = seconds * SECOND // frames
    with ExitStack() as stack:
        opened = [stack.enter_context(gzip.open(file, "wb", compresslevel=1)) for file in files]
        for number, frame in enumerate(_day(names, frames, step)):
            opened[number % len(names)].write(b"%d %b\n" % (_START + number * step, frame))
    return files


def _day(names: Sequence[str], frames: int, step: int) -> Iterator[bytes]:
    changed = [0] * len(names)
    for number in range(frames):
        rounds, which = divmod(number, len(names))
        name, at_ms = names[which], (_START + number * step) // MILLISECOND
        kind, step_now = rounds % _WHOLE, rounds % _STEPS
        if kind >= _WHOLE - _CHANGES:
            changed[which] += 1
            yield _change(name, which, changed[which], at_ms)
        elif kind >= _WHOLE - _CHANGES - _TRADES:
            yield (
                f'{{"stream":"trade","data":{{"e":"trade","E":{at_ms},"s":"{name}","t":{number},'
                f'"p":"{bid(which, step_now)}","q":"0.02000000","T":{at_ms},"m":true,"M":true}}}}'
            ).encode()
        else:
            yield b'{"stream":"bookTicker","data":{"u":%d,%b' % (number + 1, _body(name, which, step_now))


def _change(name: str, which: int, number: int, at_ms: int) -> bytes:
    """Return a change of a book; its first is the whole book, so that it is in step from then on."""
    if number == 1:
        sides = (_side(which, -1, _WHOLE_BOOK), _side(which, 1, _WHOLE_BOOK))
        return f'{{"lastUpdateId":1,"bids":[{sides[0]}],"asks":[{sides[1]}]}}'.encode()
    moved = number % 7
    sides = (_side(which, -1, _LEVELS // 2, moved), _side(which, 1, _LEVELS // 2, moved))
    return (
        f'{{"stream":"depth","data":{{"e":"depthUpdate","E":{at_ms},"s":"{name}","U":{number},"u":{number},'
        f'"b":[{sides[0]}],"a":[{sides[1]}]}}}}'
    ).encode()


def _side(which: int, sign: int, count: int, moved: int = 0) -> str:
    middle = 100 + which
    return ",".join(
        f'["{middle + sign * (level + moved + 1) / 1_000:.8f}","{(level * 7 + moved) % 5}.{moved}0000000"]'
        for level in range(count)
    )
