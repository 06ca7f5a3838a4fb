"""counterfoil lots …: open lots, and which of them a sale uses up, as records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import typer

from app.cli.output import moment, number
from app.cli.session import Session, account_ids, run, session
from app.cli.tax_words import Country, options
from app.cli.words import bound
from app.core.errors import InputError, UsageError
from app.core.lots.presets import Preset
from app.core.money import exact, plain
from app.core.names import counted
from app.core.tax.open_lots import Choosing, LotFigures
from app.core.tax.selections import Identified
from app.services.asset_words import asset_id
from app.services.lots import NextSales, OpenLot, OpenLots, Sale, Selected
from app.services.tax_years import Asked
from app.services.workspace import Workspace

_TOLD = 5
"""Lots that are named in a sentence."""

app = typer.Typer(help="Open lots, and which of them a sale uses up.", no_args_is_help=True)

CountryName = Annotated[
    Country | None, typer.Option(help="Whose rules apply (default: of the book's tax place or currency).")
]
Options = Annotated[
    list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="A jurisdiction's option; repeatable.")
]
AssetName = Annotated[str, typer.Option(metavar="ASSET", help="By id or ticker.")]
WalletName = Annotated[str, typer.Option(metavar="ACCOUNT", help="The account in which the lots lie.")]


def _code(jurisdiction: Country | None) -> str:
    return jurisdiction.value if jurisdiction else ""


async def at_home(workspace: Workspace, asked: Asked) -> Asked:
    """Return the question for the country of the book where none is named."""
    return asked if asked.jurisdiction else replace(asked, jurisdiction=await workspace.tax.country())


@app.callback()
def lots() -> None:
    """Open lots, and which of them a sale uses up."""


@app.command(name="list")
def show(
    context: typer.Context,
    jurisdiction: CountryName = None,
    asset: AssetName = "",
    wallet: WalletName = "",
    at: Annotated[str, typer.Option(metavar="DATE", help="Open at the end of this day (default: now).")] = "",
    disposal: Annotated[
        str, typer.Option(metavar="ENTRY", help="Open just before this sale, with what each preset would choose.")
    ] = "",
    currency: Annotated[str, typer.Option(metavar="CCY", help="Of all values (default: the country's).")] = "",
    option: Options = None,
) -> None:
    """List open lots: what they cost, how long they were held, what they would gain."""
    if disposal and (at or wallet):
        raise UsageError("--disposal has its own wallet and moment.", hint="Leave --at and --wallet out.")
    asked = Asked(_code(jurisdiction), currency=currency.upper(), options=options(option or []))
    run(_show(session(context), asked, _Where(asset, wallet, disposal), bound(at, is_end=True)))


@dataclass(frozen=True, slots=True)
class _Where:
    asset: str
    wallet: str
    disposal: str = ""


async def _show(here: Session, asked: Asked, where: _Where, at: int | None) -> None:
    async with here.unlocked() as workspace:
        asked = await at_home(workspace, asked)
        asset = asset_id(here.runtime.assets, where.asset) if where.asset else ""
        if where.disposal:
            sale = await workspace.lots.sale(asked, where.disposal, asset)
            _tell_sale(here, sale)
            return
        wallets = await account_ids(workspace, [where.wallet] if where.wallet else [])
        found = await workspace.lots.open(asked, at)
    kept = [
        one
        for one in found.lots
        if asset in ("", one.figures.asset) and (not wallets or one.figures.wallet in (*wallets, None))
    ]
    _tell_open(here, found, kept)


def _tell_open(here: Session, found: OpenLots, kept: list[OpenLot]) -> None:
    if here.output.is_json:
        here.output.document(
            {
                "jurisdiction": found.profile.jurisdiction.code,
                "method": found.profile.method,
                "scope": found.profile.scope,
                "currency": found.currency,
                "at": moment(found.at),
                "sale": None,
                "lots": [_open_lot(one) for one in kept],
                "presets": [],
            }
        )
        return
    columns = ("lot", "asset", "wallet", "acquired", "quantity", "cost", "unit cost", "held", "value", "gain")
    rows = [(*_cells(one.figures), number(one.value.amount), number(one.gain)) for one in kept]
    here.output.table(columns, rows, right=("quantity", "cost", "unit cost", "value", "gain"))
    here.output.line(f"{counted(len(kept), 'open lot')}, {found.profile.jurisdiction.name}, {found.currency}")


def _cells(one: LotFigures) -> tuple[str | None, ...]:
    acquired = moment(one.acquired_ns, one.resolution)
    return one.lot, one.asset, one.wallet, acquired, number(one.quantity), number(one.cost), _price(one), _held(one)


def _price(one: LotFigures) -> str | None:
    """Return the cost of a unit as tables show it; the document has all its digits."""
    return None if one.unit_cost is None else f"{one.unit_cost:,.8g}" if one.unit_cost < 1 else f"{one.unit_cost:,.2f}"


def _held(one: LotFigures) -> str:
    days = counted(one.days_held, "day")
    if one.is_long is None:
        return days
    return f"{days}, long" if one.is_long else f"{days}, long in {one.days_to_long}"


def _lot(one: LotFigures) -> dict[str, Any]:
    return {
        "lot": one.lot,
        "asset": one.asset,
        "wallet": one.wallet,
        "acquired_at": moment(one.acquired_ns, one.resolution),
        "quantity": one.quantity,
        "cost": one.cost,
        "unit_cost": one.unit_cost,
        "term": None if one.is_long is None else "long" if one.is_long else "short",
        "days_held": one.days_held,
        "days_to_long": one.days_to_long,
        "long_from": None if one.long_from is None else date.fromordinal(one.long_from).isoformat(),
    }


def _open_lot(one: OpenLot) -> dict[str, Any]:
    return {
        **_lot(one.figures),
        "value": one.value.amount,
        "gain": one.gain,
        "valuation": one.value.source,
        "ahead": one.ahead or None,
    }


def _tell_sale(here: Session, found: Sale) -> None:
    asked = found.choosing
    presets = [_preset(asked, preset) for preset in Preset if _has_terms(asked) or preset is not Preset.LONG_FIRST]
    if here.output.is_json:
        here.output.document(_sale(found, presets))
    else:
        _draw_sale(here, found, presets)


def _sale(found: Sale, presets: list[dict[str, Any]]) -> dict[str, Any]:
    asked = found.choosing
    return {
        "jurisdiction": found.profile.jurisdiction.code,
        "method": asked.method,
        "scope": found.profile.scope,
        "currency": found.currency,
        "at": moment(asked.sale.at, asked.sale.resolution),
        "sale": {
            "id": asked.sale.row,
            "asset": asked.sale.asset,
            "wallet": asked.sale.wallet,
            "timestamp": moment(asked.sale.at, asked.sale.resolution),
            "quantity": asked.sale.quantity,
            "proceeds": asked.sale.value,
            "identified": identified(found.identified),
        },
        "lots": [{**_lot(one), "gain": asked.gain_on(one.lot, _most(asked, one))} for one in asked.lots],
        "presets": presets,
    }


def _draw_sale(here: Session, found: Sale, presets: list[dict[str, Any]]) -> None:
    asked = found.choosing
    sale = asked.sale
    here.output.line(
        f"{sale.row} sells {number(sale.quantity)} {sale.asset} from {sale.wallet} on {moment(sale.at)} for "
        f"{number(sale.value) or 'unknown'} {found.currency}; without a selection: {asked.method.value}"
    )
    columns = ("lot", "asset", "wallet", "acquired", "quantity", "cost", "unit cost", "held")
    here.output.table(columns, [_cells(one) for one in asked.lots], right=("quantity", "cost", "unit cost"))
    named = ("preset", "lots", "short", "long", "gain")
    rows = [
        (
            one["name"],
            ";".join(f"{part['lot']}:{plain(part['quantity'])}" for part in one["lots"]),
            number(one["short_gain"]),
            number(one["long_gain"]),
            number(one["gain"]),
        )
        for one in presets
    ]
    here.output.table(named, rows, right=named[2:])


def _has_terms(asked: Choosing) -> bool:
    return bool(asked.lots) and asked.lots[0].is_long is not None


def _most(asked: Choosing, lot: LotFigures) -> Decimal:
    """Return what of a lot the sale could use up at most."""
    return min(lot.quantity, asked.sale.quantity)


def _preset(asked: Choosing, preset: Preset) -> dict[str, Any]:
    choice = asked.preset(preset)
    weighed = asked.weigh(choice)
    return {
        "name": preset.value,
        "lots": [{"lot": lot, "quantity": quantity} for lot, quantity in choice],
        "quantity": weighed.quantity,
        "cost": weighed.cost,
        "gain": weighed.gain,
        "short_gain": weighed.short_gain,
        "long_gain": weighed.long_gain,
    }


def identified(one: Identified | None) -> Mapping[str, Any] | None:
    """Return what `--json` tells of the selection that concerns a sale."""
    if one is None:
        return None
    return {
        "recorded_at": moment(one.selection.recorded_ns, 1),
        "record": one.selection.record,
        "preset": one.selection.preset or None,
        "is_ahead": bool(one.selection.wallet),
        "is_late": one.is_late,
        "is_followed": one.is_followed,
        "lots": [{"lot": lot, "quantity": quantity} for lot, quantity in one.selection.lots],
    }


@app.command()
def select(
    context: typer.Context,
    jurisdiction: CountryName = None,
    disposal: Annotated[str, typer.Argument(metavar="[DISPOSAL]", help="The sale: its entry or its row.")] = "",
    chosen: Annotated[
        str, typer.Option("--lots", metavar='"LOT:QTY;…"', help="The lots, by row or entry, with their quantities.")
    ] = "",
    preset: Annotated[Preset | None, typer.Option(help="Lets a rule choose, instead of --lots.")] = None,
    clear: Annotated[bool, typer.Option("--clear", help="Take back what was selected.")] = False,
    following: Annotated[
        str,
        typer.Option(
            "--next",
            metavar="QTY",
            help="Instead of DISPOSAL: for the next sales of --asset from --wallet, in advance.",
        ),
    ] = "",
    asset: AssetName = "",
    wallet: WalletName = "",
    option: Options = None,
) -> None:
    """Record which lots a sale uses up, or those to come; recorded no later than the sale where the law wants that."""
    if sum((bool(chosen), preset is not None, clear)) != 1:
        raise UsageError("Either --lots, --preset or --clear is needed.", hint="Choose one of them.")
    is_ahead = bool(following) or (not disposal and bool(wallet))
    if bool(disposal) is is_ahead:
        raise UsageError(
            "Either a DISPOSAL or --next with --asset and --wallet is needed.",
            hint="Sales are listed by: counterfoil tax compute.",
        )
    if is_ahead and not (asset and wallet):
        raise UsageError("Sales to come need --asset and --wallet.", hint="Example: --asset BTC --wallet kraken-main")
    if is_ahead and not following and not clear:
        raise UsageError("Sales to come need --next with their quantity.", hint="Example: --next 1.5")
    asked = Asked(_code(jurisdiction), options=options(option or []))
    choice = tuple(_part(part) for part in chosen.split(";") if part.strip())
    quantity = _quantity(following, following) if following else None
    words = _Words(disposal, asset, wallet, choice, preset, quantity)
    run(_clear(session(context), asked, words) if clear else _select(session(context), asked, words))


@dataclass(frozen=True, slots=True)
class _Words:
    disposal: str
    asset: str
    wallet: str
    choice: tuple[tuple[str, Decimal], ...]
    preset: Preset | None
    quantity: Decimal | None


def _part(text: str) -> tuple[str, Decimal]:
    lot, colon, quantity = text.strip().rpartition(":")
    if not colon or not lot.strip():
        raise InputError(f"{text!r} is not LOT:QUANTITY.", hint='Example: --lots "3f2a…/buy/bitcoin:0.5"')
    return lot.strip(), _quantity(quantity, text)


def _quantity(text: str, told: str) -> Decimal:
    try:
        found = exact(text)
    except ValueError as error:
        raise InputError(f"{told!r} does not name a quantity.", hint="Write a decimal number such as 0.5.") from error
    if found <= 0:
        raise InputError(f"{told!r} does not name a quantity above zero.", hint="Nothing was recorded.")
    return found


async def _place(here: Session, workspace: Workspace, words: _Words) -> tuple[str, str]:
    """Return the ids of the asset and of the account that are named; "" where none is."""
    ids = await account_ids(workspace, [words.wallet] if words.wallet else [])
    return asset_id(here.runtime.assets, words.asset) if words.asset else "", ids[0] if ids else ""


async def _select(here: Session, asked: Asked, words: _Words) -> None:
    async with here.unlocked() as workspace:
        asked = await at_home(workspace, asked)
        asset, wallet = await _place(here, workspace, words)
        if words.disposal:
            found = await workspace.lots.select(asked, words.disposal, words.choice, preset=words.preset, asset=asset)
        else:
            sales = NextSales(asset, wallet, words.quantity)
            found = await workspace.lots.select_ahead(asked, sales, words.choice, preset=words.preset)
    _tell(here, found)


async def _clear(here: Session, asked: Asked, words: _Words) -> None:
    async with here.unlocked() as workspace:
        asked = await at_home(workspace, asked)
        asset, wallet = await _place(here, workspace, words)
        if words.disposal:
            found = await workspace.lots.clear(asked, words.disposal, asset)
        else:
            found = await workspace.lots.clear_ahead(asked, asset, wallet)
    _tell(here, found)


def _tell(here: Session, found: Selected) -> None:
    made = found.selection
    if here.output.is_json:
        here.output.document(
            {
                "record": made.record,
                "recorded_at": moment(made.recorded_ns, 1),
                "jurisdiction": made.jurisdiction,
                "disposal": found.row or made.disposal or None,
                "wallet": made.wallet or None,
                "asset": made.asset,
                "lots": [{"lot": lot, "quantity": quantity} for lot, quantity in made.lots],
                "preset": made.preset or None,
                "is_late": found.is_late,
            }
        )
        return
    sale = found.row or made.disposal or f"the next sales of {made.asset} from {made.wallet}"
    if not made.lots:
        here.output.line(f"Taken back what was selected for {sale}: record {made.record}.")
        return
    told = ", ".join(f"{plain(quantity)} of {lot}" for lot, quantity in made.lots[:_TOLD])
    if len(made.lots) > _TOLD:
        told += f" and {counted(len(made.lots) - _TOLD, 'more lot')}"
    here.output.line(f"Selected for {sale}: {told}. Record {made.record}.")
    if found.is_late:
        here.output.line(
            "It stands in the books after the sale, which is late: it is kept, and not followed without "
            "--option late-selection=follow."
        )
