"""What an error answer means: by the venue's own code, then by HTTP, never by the class that ccxt gives it."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from app.connectors.exchanges.base import FaultRule, Trouble, Venue
from app.connectors.exchanges.guard import Exchanged
from app.core.errors import (
    BadResponseError,
    ClockSkewError,
    CredentialsError,
    RateLimitedError,
    RetryableError,
    SourceError,
)

_SHOWN = 160


class BudgetExceededError(RateLimitedError):
    """The venue's own count of our budget is over, and it did not say for how long."""


class NoneThereError(SourceError):
    """A person has nothing of the kind at the venue, which is an answer and no refusal."""


_TOO_MANY = {418: 120.0, 429: 10.0}
"""Seconds to wait where the answer does not say; 418 means that 429 was not heeded."""

_UNAUTHORISED, _FORBIDDEN, _TIMED_OUT, _NOT_HERE = 401, 403, 408, 451
_FIRST_ERROR, _FIRST_FAILURE, _LAST_SUCCESS = 400, 500, 299
_LATER = "Try again later."
_KEY = "Check the key at the venue, or enter a new one."
_CLOCK = "Set this computer's clock by the network, then try again."


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds that an answer asks to wait, from a number or a date; None where it does not."""
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if re.fullmatch(r"\d+(\.\d+)?", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(moment.timestamp() - now, 0.0)


def fault(venue: Venue, answer: Exchanged, text: str, now: float) -> SourceError | None:
    """Return the error that an answer is, None where it is none; `text` is the part that says what went wrong."""
    status, asked = answer.status, retry_after(answer.headers, now)
    if text or status >= _FIRST_ERROR:
        for rule in venue.faults:
            if rule.matches(status, text):
                return _by_rule(venue, rule, asked)
    if status > _LAST_SUCCESS:
        return _by_status(venue, status, text, asked)
    if text:
        return SourceError(f"{venue.info.name} answered with an error: {_short(text)}", where=venue.info.venue_id)
    return None


def _by_rule(venue: Venue, rule: FaultRule, asked: float | None) -> SourceError:
    fact, where = f"{venue.info.name} {rule.fact}.", venue.info.venue_id
    match rule.trouble:
        case Trouble.CREDENTIALS:
            return CredentialsError(fact, hint=rule.hint or _KEY, where=where)
        case Trouble.RATE:
            if asked is None:
                return BudgetExceededError(fact, retry_after=rule.penalty, hint=rule.hint or _LATER, where=where)
            return RateLimitedError(fact, retry_after=asked, hint=rule.hint or _LATER, where=where)
        case Trouble.CLOCK:
            return ClockSkewError(fact, hint=rule.hint or _CLOCK, where=where)
        case Trouble.NONE_THERE:
            return NoneThereError(fact, hint=rule.hint, where=where)
        case Trouble.AWAY if asked is not None:
            return RateLimitedError(fact, retry_after=asked, hint=rule.hint or _LATER, where=where)
        case Trouble.AWAY:
            return RetryableError(fact, hint=rule.hint or _LATER, where=where)
        case _:
            return SourceError(fact, hint=rule.hint, where=where)


def _by_status(venue: Venue, status: int, text: str, asked: float | None) -> SourceError:
    is_json = text.lstrip().startswith(("{", "["))
    name, where = venue.info.name, venue.info.venue_id
    if status in _TOO_MANY:
        seconds = _TOO_MANY[status] if asked is None else asked
        fact = f"{name} asks to wait {seconds:.0f} s (HTTP {status})."
        return RateLimitedError(fact, retry_after=seconds, hint=_LATER, where=where)
    if status == _UNAUTHORISED or (status == _FORBIDDEN and is_json):
        return CredentialsError(f"{name} refused the key (HTTP {status}): {_short(text)}", hint=_KEY, where=where)
    if status == _FORBIDDEN:
        return RetryableError(f"{name}'s protection turned the request away (HTTP 403).", hint=_LATER, where=where)
    if status == _NOT_HERE:
        hint = "Read its statements instead."
        return SourceError(f"{name} does not serve this place (HTTP 451).", hint=hint, where=where)
    if asked is not None:
        return RateLimitedError(f"{name} is away (HTTP {status}).", retry_after=asked, hint=_LATER, where=where)
    if status == _TIMED_OUT or status >= _FIRST_FAILURE:
        return RetryableError(f"{name} is away (HTTP {status}).", hint=_LATER, where=where)
    return SourceError(f"{name} refused the request (HTTP {status}): {_short(text)}", where=where)


def _short(text: str) -> str:
    """Return the start of a text as one line; pages of HTML are not for people."""
    if text.lstrip().startswith("<"):
        return "a page instead of an answer"
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def lost(venue: Venue, error: BaseException) -> SourceError:
    """Return the error for what ccxt raised without an answer; its text may have a signed address in it, so it goes."""
    name, where = venue.info.name, venue.info.venue_id
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        hint = "Do not enter a key on this network; try another."
        return SourceError(f"The certificate of {name}'s server is not valid.", hint=hint, where=where)
    kinds = {cause.__name__ for one in causes for cause in type(one).__mro__}
    if "RequestTimeout" in kinds:
        return RetryableError(f"{name} did not answer in time.", hint=_LATER, where=where)
    if "ClientPayloadError" in kinds:
        return RetryableError(f"{name}'s answer broke off.", hint=_LATER, where=where)
    if "NetworkError" in kinds or "ClientError" in kinds:
        return RetryableError(f"{name} cannot be reached.", hint=_LATER, where=where)
    if "AuthenticationError" in kinds:
        return CredentialsError(f"The key for {name} cannot be used to sign.", hint=_KEY, where=where)
    kind = type(error).__name__
    return BadResponseError(f"{name}'s answer cannot be understood ({kind}).", hint="Update the program.", where=where)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def without(text: str, secrets: Iterable[str]) -> str:
    """Return a text without the words of a key, should a venue repeat them."""
    for secret in secrets:
        if secret:
            text = text.replace(secret, "…")
    return text
