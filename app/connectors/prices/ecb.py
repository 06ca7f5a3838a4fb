"""The euro foreign exchange reference rates of the European Central Bank: one file with every day since 1999.

The bank publishes them about 16:00 Frankfurt time on its working days. The file is a zip with one CSV: a first column
`Date`, then a column for each currency with its units for one euro; `N/A` where there was no rate.
"""

from __future__ import annotations

import asyncio
import csv
import io
import zipfile
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from decimal import Decimal

from app.connectors.http import HttpSession
from app.core.clock import EPOCH
from app.core.errors import BadResponseError, RateLimitedError, RetryableError
from app.core.money import exact

ADDRESS = "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-hist.zip"
NAME = "ECB"

_MOST_BYTES = 64 << 20
"""More than a century of rates would need less: a larger file is none of the bank's."""
_NOTHING = {"", "N/A"}
_TOO_MANY = 429
_FAULTY = 500
_FINE = 200
_PAUSE = 60.0


class EcbRates:
    """Reads the bank's file."""

    name = NAME

    def __init__(self, endpoint: str = "") -> None:
        """Take the loopback address to use instead of the bank's own, "" for none; InputError where it is neither."""
        self._endpoint = endpoint
        HttpSession(endpoint)

    async def per_euro(self) -> Mapping[str, Mapping[int, Decimal]]:
        """Return by currency code the units for one euro by day number, as far back as the bank tells them.

        Raises:
            RetryableError: The bank cannot be reached now, or asks to wait.
            BadResponseError: What came is not the bank's file.
        """
        content = await self._content()
        return await asyncio.to_thread(read, content)

    async def _content(self) -> bytes:
        # Imported at use: most commands of the program send nothing.
        import aiohttp  # noqa: PLC0415

        session = HttpSession(self._endpoint)
        try:
            async with session.get(ADDRESS) as response:
                if response.status == _TOO_MANY:
                    message = f"{NAME} asks to wait."
                    raise RateLimitedError(message, retry_after=_PAUSE, where=NAME)
                if response.status >= _FAULTY:
                    message = f"{NAME} has a fault of its own (status {response.status})."
                    raise RetryableError(message, hint="Try again later.", where=NAME)
                if response.status != _FINE:
                    raise _not_the_file(f"status {response.status}")
                content = await response.content.read(_MOST_BYTES + 1)
                while len(content) <= _MOST_BYTES and (more := await response.content.read(_MOST_BYTES)):
                    content += more
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            message = f"{NAME} cannot be reached: {type(error).__name__}."
            raise RetryableError(message, hint="Check the network and try again.", where=NAME) from error
        finally:
            await session.close()
        if len(content) > _MOST_BYTES:
            raise _not_the_file("more than 64 MB")
        return content


def read(content: bytes) -> dict[str, dict[int, Decimal]]:
    """Return the rates of the bank's file; BadResponseError where it is another one or one of its rows is damaged."""
    try:
        with closing(zipfile.ZipFile(io.BytesIO(content))) as packed:
            (inside,) = packed.infolist()
            if inside.file_size > _MOST_BYTES:
                raise _not_the_file("more than 64 MB")
            text = packed.read(inside).decode("ascii")
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError, RuntimeError) as error:
        raise _not_the_file("no zip with one table") from error
    rows = csv.reader(io.StringIO(text))
    codes = [name.strip() for name in next(rows, [])]
    if not codes or codes[0] != "Date" or not all(len(code) == len("USD") for code in codes[1:] if code):
        raise _not_the_file("no heading of currencies")
    found: dict[str, dict[int, Decimal]] = {code.lower(): {} for code in codes[1:] if code}
    for number, row in enumerate(rows, 2):
        if row:
            _read_row(found, codes, row, number)
    if not any(found.values()):
        raise _not_the_file("no rate in it")
    return found


def _read_row(found: dict[str, dict[int, Decimal]], codes: list[str], row: list[str], number: int) -> None:
    try:
        day = date.fromisoformat(row[0].strip()).toordinal() - EPOCH
    except ValueError as error:
        raise _not_the_file(f"{row[0]!r} in row {number} is no date") from error
    if len(row) != len(codes):
        raise _not_the_file(f"row {number} has {len(row)} columns, its heading {len(codes)}")
    for code, cell in zip(codes[1:], row[1:], strict=True):
        told = cell.strip()
        if not code or told in _NOTHING:
            continue
        try:
            rate = exact(told)
        except ValueError as error:
            raise _not_the_file(f"{told!r} in row {number} is no rate") from error
        if rate <= 0:
            raise _not_the_file(f"the rate {told} of {code} in row {number} is not positive")
        found[code.lower()][day] = rate


def _not_the_file(why: str) -> BadResponseError:
    message = f"What {NAME} answered is not its file of rates: {why}."
    return BadResponseError(message, hint="Nothing was taken from it. Try again later.", where=NAME)
