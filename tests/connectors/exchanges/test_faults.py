"""What error answers mean: the venue's own code first, then HTTP; never the class that ccxt would give."""

from __future__ import annotations

import importlib
import re
import ssl
from typing import Any

import pytest

from app.connectors.exchanges import errors
from app.connectors.exchanges.base import Venue
from app.connectors.exchanges.binance import Binance
from app.connectors.exchanges.coinbase import Coinbase
from app.connectors.exchanges.errors import BudgetExceededError, retry_after
from app.connectors.exchanges.guard import Exchanged, GuardError, sound
from app.connectors.exchanges.kraken import Kraken
from app.core.errors import (
    BadResponseError,
    ClockSkewError,
    CredentialsError,
    RateLimitedError,
    RetryableError,
    SourceError,
)

KRAKEN = Kraken()
NOW = 1_700_000_000.0


def meaning(status: int, text: str = "", **headers: str) -> SourceError | None:
    """Return what an answer means; a header is named with _ for -."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return errors.fault(KRAKEN, Exchanged(status, named, text), text, NOW)


@pytest.mark.parametrize(
    ("status", "text", "kind"),
    [
        (200, "EAPI:Invalid key", CredentialsError),
        (200, "EGeneral:Permission denied", CredentialsError),
        (200, "EAPI:Invalid nonce", ClockSkewError),
        (200, "EAPI:Rate limit exceeded", BudgetExceededError),
        (200, "EService:Unavailable", RetryableError),
        (200, "EGeneral:Unknown method", SourceError),
        (200, "EQuery:Something new", SourceError),
        (401, '{"code":-2015}', CredentialsError),
        (403, '{"message":"no"}', CredentialsError),
        (403, "<html>blocked</html>", RetryableError),
        (408, "", RetryableError),
        (418, "{}", RateLimitedError),
        (429, "", RateLimitedError),
        (451, "", SourceError),
        (302, "", SourceError),
        (404, "{}", SourceError),
        (500, "", RetryableError),
        (503, "down", RetryableError),
        (520, "", RetryableError),
    ],
)
def test_every_answer_has_one_meaning(status: int, text: str, kind: type[SourceError]) -> None:
    assert type(meaning(status, text)) is kind


def test_an_answer_without_an_error_is_none() -> None:
    assert meaning(200) is None


@pytest.mark.parametrize(
    ("status", "text", "seconds"),
    [
        (429, "", 7.0),
        (418, "", 7.0),
        (503, "down", 7.0),
        (200, "EAPI:Rate limit exceeded", 7.0),
        (200, "EService:Busy", 7.0),
    ],
)
def test_a_time_to_wait_is_taken_as_it_is_said(status: int, text: str, seconds: float) -> None:
    fault = meaning(status, text, retry_after="7")

    assert type(fault) is RateLimitedError
    assert fault.retry_after == seconds


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        (" 12 ", 12.0),
        ("Tue, 14 Nov 2023 22:13:30 GMT", 10.0),
        ("Tue, 14 Nov 2023 22:13:10 GMT", 0.0),
        ("soon", None),
        ("-3", None),
        ("", None),
    ],
)
def test_the_time_may_be_a_number_or_a_date(value: str, seconds: float | None) -> None:
    assert retry_after({"retry-after": value}, NOW) == seconds


def raised(name: str, cause: BaseException | None = None) -> BaseException:
    """Return one of ccxt's exceptions with a signed address in its text."""
    kind = getattr(importlib.import_module("ccxt.base.errors"), name)
    made: BaseException = kind("kraken GET https://api.kraken.com/?signature=deadbeef")
    made.__cause__ = cause
    return made


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("RequestTimeout", RetryableError),
        ("ExchangeNotAvailable", RetryableError),
        ("DDoSProtection", RetryableError),
        ("AuthenticationError", CredentialsError),
        ("BadSymbol", BadResponseError),
        ("ExchangeError", BadResponseError),
    ],
)
def test_what_ccxt_raises_without_an_answer_loses_its_text(name: str, kind: type[SourceError]) -> None:
    fault = errors.lost(KRAKEN, raised(name))

    assert type(fault) is kind
    assert "deadbeef" not in fault.line()


def test_a_bad_certificate_is_no_fault_that_goes_away() -> None:
    fault = errors.lost(KRAKEN, raised("ExchangeNotAvailable", ssl.SSLCertVerificationError("no")))

    assert type(fault) is SourceError
    assert "certificate" in fault.line()


@pytest.mark.parametrize("body", ["", " ", "<html>", "null", "{}", '{"a":1', "7", '"x"', "true", "[1,2", "NaN"])
def test_a_good_status_does_not_make_garbage_an_answer(body: str) -> None:
    with pytest.raises(GuardError):
        sound(body)


@pytest.mark.parametrize(("body", "data"), [("[]", []), ('{"error":[]}', {"error": []}), (' [{"a": 1}] ', [{"a": 1}])])
def test_an_answer_is_one(body: str, data: Any) -> None:
    assert sound(body) == data


@pytest.mark.parametrize("venue", [Binance(), Coinbase(), Kraken()])
def test_what_a_venue_says_is_a_whole_sentence_of_its_own(venue: Venue) -> None:
    for rule in venue.faults:
        fault = errors.fault(venue, Exchanged(rule.status or 400, {}, ""), _text_for(rule.pattern), NOW)

        assert fault is not None
        assert fault.message == f"{venue.info.name} {rule.fact}."
        assert re.match(r"[a-z]", rule.fact)
        assert not rule.fact.endswith(".")


def _text_for(pattern: str) -> str:
    """Return a text that a rule's pattern matches: the first of each choice, without its signs."""
    text = re.sub(r"\(([^)|]*)\|[^)]*\)", r"\1", pattern).split("|")[0]
    return text.replace(r"\s*", "").replace(r"\b", "").replace(r"\d+", "9999")


def test_nobody_is_promised_that_it_is_tried_again() -> None:
    fault = meaning(503, "down")

    assert fault is not None
    assert fault.line() == "kraken: Kraken is away (HTTP 503). Try again later."
