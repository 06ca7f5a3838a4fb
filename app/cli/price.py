"""counterfoil price …: what each source says of a day, where there are gaps, and prices that a person sets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

import typer

from app.cli import rates_words
from app.cli.output import moment, number, share
from app.cli.session import Session, run, session
from app.cli.words import day_of, require_text
from app.core.clock import DAY, EPOCH
from app.core.errors import InputError, UsageError
from app.core.model.price_overrides import PriceOverride
from app.core.money import exact
from app.services.asset_words import asset_id
from app.services.prices import PriceDay

app = typer.Typer(help="Daily prices: sources, gaps, and prices set by hand.", no_args_is_help=True)

_MONTH = 30


@app.callback()
def price() -> None:
    """Daily prices: sources, gaps, and prices set by hand."""


@app.command(name="set")
def give(
    context: typer.Context,
    asset: Annotated[str, typer.Option(help="Id, ticker or venue:ID.")],
    on: Annotated[str, typer.Option(metavar="DATE", help="The day, in UTC.")],
    price: Annotated[str, typer.Option(help="Of one unit; not given: let the sources decide again.")] = "",
    currency: Annotated[str, typer.Option(help="The money of the price (default: the book's).")] = "",
    reason: Annotated[str, typer.Option(help="Why, and where the price is from; kept in the record.")] = "",
) -> None:
    """Set the price of a day, or take back what was set; figures follow it, and say so."""
    if not reason:
        raise UsageError("--reason is missing.", hint="Decisions of a person are recorded with their reason.")
    require_text(reason)
    run(_give(session(context), (asset, currency), day_of(on), price, reason))


async def _give(here: Session, named: tuple[str, str], day: int, price: str, reason: str) -> None:
    value = _price(price) if price else None
    async with here.unlocked() as workspace:
        asset = asset_id(workspace.runtime.assets, named[0])
        if value is None:
            record = await workspace.prices.take_back(asset, day, reason)
        else:
            money = asset_id(workspace.runtime.assets, named[1]) if named[1] else workspace.book.base_currency
            record = await workspace.prices.set_price(PriceOverride(asset, day, value, money, reason))
    if here.output.is_json:
        here.output.document({"record": record})
    else:
        done = "is for the sources again" if value is None else "is set"
        here.output.line(f"The price of {asset} on {_date(day)} {done}: record {record}.")


@app.command(name="list")
def show(
    context: typer.Context,
    asset: Annotated[str, typer.Option(help="Id, ticker or venue:ID; not given: what was set by hand.")] = "",
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="First day (default: 30 days ago).")] = "",
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="Last day (default: yesterday).")] = "",
    gaps: Annotated[bool, typer.Option("--gaps", help="Only days without a price.")] = False,
) -> None:
    """List the prices of an asset by day with their sources, or every price that was set by hand."""
    run(_show(session(context), asset, (since, until), only_gaps=gaps))


async def _show(here: Session, name: str, bounds: tuple[str, str], *, only_gaps: bool) -> None:
    since, until = bounds
    async with here.unlocked() as workspace:
        if not name:
            _tell_set(here, await workspace.prices.recorded())
            return
        asset = asset_id(workspace.runtime.assets, name)
        yesterday = workspace.runtime.clock.now_ns() // DAY - 1
        last = day_of(until) if until else yesterday
        first = day_of(since) if since else last - _MONTH + 1
        if first > last:
            raise InputError(f"{since} is after {until or _date(last)}.", hint="Give --from before --to.")
        found = await workspace.prices.days(asset, first, last)
    _tell_days(here, [one for one in found if not only_gaps or one.price is None])


def _tell_days(here: Session, days: Sequence[PriceDay]) -> None:
    if here.output.is_json:
        here.output.document([_document(one) for one in days])
        return
    rows = [
        (_date(one.day), number(one.price) or "—", ", ".join(one.told.sources) if one.told else "",
         share(one.told.spread) if one.told and one.told.sources else "", _remarks(one))
        for one in days
    ]  # fmt: skip
    here.output.table(("day", "price", "sources", "spread", "remarks"), rows, right=("price", "spread"))


def _remarks(one: PriceDay) -> str:
    said = [f"{out.source} at {number(out.price)} {out.why}" for out in one.told.left_out] if one.told else []
    if one.set_price is not None:
        said.insert(0, f"set by hand: {one.set_price.reason}")
    elif one.told is None:
        said.append("no source tells a price")
    return "; ".join(said)


def _document(one: PriceDay) -> dict[str, Any]:
    told = one.told
    return {
        "day": _date(one.day),
        "price": one.price,
        "sources": list(told.sources) if told else [],
        "spread": told.spread if told and told.sources else None,
        "left_out": [{"source": out.source, "price": out.price, "why": out.why} for out in told.left_out]
        if told
        else [],
        "set": None
        if one.set_price is None
        else {"price": one.set_price.price, "currency": one.set_price.currency, "reason": one.set_price.reason},
    }


def _tell_set(here: Session, recorded: Sequence[PriceOverride]) -> None:
    if here.output.is_json:
        here.output.document([{"on": _date(one.day), **_fields(one)} for one in recorded])
        return
    rows = [
        (_date(one.day), one.asset, number(one.price) or "taken back", one.currency, one.reason) for one in recorded
    ]
    here.output.table(("day", "asset", "price", "currency", "reason"), rows, right=("price",))


def _fields(one: PriceOverride) -> dict[str, Any]:
    return {
        "asset": one.asset,
        "price": one.price,
        "currency": one.currency,
        "reason": one.reason,
        "recorded_at": moment(one.recorded_ns),
        "record": one.record,
    }


def _date(day: int) -> str:
    return date.fromordinal(EPOCH + day).isoformat()


def _price(text: str) -> Decimal:
    try:
        return exact(text)
    except ValueError as error:
        raise InputError(f"{text!r} is no price.", hint="Example: 41234.56") from error


class Switch(StrEnum):
    """What is to be done with official rates."""

    SHOW = "show"
    USE = "use"
    READ = "read"
    STOP = "stop"


@app.command(name="rates")
def rates(
    context: typer.Context,
    do: Annotated[Switch, typer.Argument(help="Show their state, use them, read them now, or stop.")] = Switch.SHOW,
    endpoint: Annotated[str, typer.Option(metavar="URL", help="Another address than the ECB's own; loopback.")] = "",
) -> None:
    """Official exchange rates of the European Central Bank, for figures in a country's own money."""
    if endpoint and do is not Switch.USE:
        raise UsageError("--endpoint belongs to use.", hint="Example: counterfoil price rates use")
    run(_rates(session(context), do, endpoint))


async def _rates(here: Session, do: Switch, endpoint: str) -> None:
    async with here.unlocked() as workspace:
        if do is Switch.USE:
            await workspace.rates.use(endpoint)
        elif do is Switch.STOP:
            await workspace.rates.stop()
        if do in {Switch.USE, Switch.READ}:
            await workspace.rates.read()
        state = await workspace.rates.state()
    if here.output.is_json:
        here.output.document(rates_words.document(state))
    else:
        here.output.line(rates_words.line(state, here.runtime.clock.now_ns() // DAY))
