"""The European Central Bank's rates: read from its own form of file over a socket, and refused where it is another."""

from __future__ import annotations

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest

from app.connectors.prices.ecb import ADDRESS, EcbRates, read
from app.core.clock import EPOCH
from app.core.errors import BadResponseError, InputError, RateLimitedError, RetryableError
from app.demo.ecb import EcbServer
from app.demo.faults import Fault
from app.demo.world import World
from tests.storage.journal_books import FixedClock

TABLE = """Date,USD,JPY,CYP,GBP,
2024-05-03,1.0745,164.35,N/A,0.85760,
2024-05-02,1.0698,166.33,N/A,0.85535,
2024-04-30,1.0718,168.15,,0.85510,
"""


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal() - EPOCH


def packed(text: str, name: str = "eurofxref-hist.csv") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return content.getvalue()


@pytest.fixture
async def bank() -> AsyncIterator[EcbServer]:
    server = EcbServer(World(7, 0.01, now=FixedClock().now_ns))
    await server.start()
    yield server
    await server.stop()


def test_the_file_is_read_digit_for_digit_and_days_without_a_rate_are_left_out() -> None:
    found = read(packed(TABLE))

    assert found["gbp"] == {
        day("2024-05-03"): Decimal("0.8576"),
        day("2024-05-02"): Decimal("0.85535"),
        day("2024-04-30"): Decimal("0.8551"),
    }
    assert found["cyp"] == {}
    assert list(found) == ["usd", "jpy", "cyp", "gbp"]


async def test_every_day_that_the_bank_tells_comes_over_the_wire(bank: EcbServer) -> None:
    found = await EcbRates(bank.endpoint).per_euro()

    assert found == read(packed(bank.table()))
    assert len(found["gbp"]) > 100


async def test_it_asks_the_bank_itself_where_no_other_address_is_given() -> None:
    assert ADDRESS.startswith("https://www.ecb.europa.eu/")
    with pytest.raises(InputError, match="is not this computer"):
        EcbRates("http://192.0.2.1:80")


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.SERVER_ERROR, RetryableError),
        (Fault.RATE_LIMITED, RateLimitedError),
        (Fault.TRUNCATED, RetryableError),
        (Fault.HTML, BadResponseError),
        (Fault.EMPTY, BadResponseError),
        (Fault.NULL, BadResponseError),
    ],
)
async def test_an_answer_that_is_not_the_file_is_refused(bank: EcbServer, fault: Fault, error: type[Exception]) -> None:
    bank.faults.add(fault)

    with pytest.raises(error):
        await EcbRates(bank.endpoint).per_euro()


async def test_a_bank_that_is_not_there_can_be_asked_again() -> None:
    with pytest.raises(RetryableError, match="ECB cannot be reached"):
        await EcbRates("http://127.0.0.1:9").per_euro()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TABLE.replace("2024-05-02", "2024-15-02"), "'2024-15-02' in row 3 is no date"),
        (TABLE.replace("0.85535", "-0.85535"), "the rate -0.85535 of GBP in row 3 is not positive"),
        (TABLE.replace("0.85535", "0,85535"), "row 3 has 7 columns, its heading 6"),
        (TABLE.replace("0.85535", "Infinity"), "'Infinity' in row 3 is no rate"),
        (TABLE.replace("Date,", "Day,"), "no heading of currencies"),
        ("Date,USD,\n", "no rate in it"),
        ("", "no heading of currencies"),
    ],
)
def test_a_damaged_row_is_named_and_nothing_is_taken(text: str, says: str) -> None:
    with pytest.raises(BadResponseError) as told:
        read(packed(text))
    assert says in told.value.message


def test_a_zip_of_two_files_or_of_a_giant_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.csv", TABLE)
    with pytest.raises(BadResponseError, match="no zip with one table"):
        read(content.getvalue())
    with pytest.raises(BadResponseError, match="more than 64 MB"):
        read(packed("0" * ((64 << 20) + 1)))
