"""What a record says, in a few words for people; figures stand in [[…]], so that a window can hide them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.core.clock import EPOCH
from app.core.journal.bodies import read_decimal
from app.core.money import plain
from app.core.names import counted

Fields = Mapping[str, Any]
Symbol = Callable[[str], str]
"""Returns what people call an asset, by its id."""
_LEGS = 4


def told(kind: str, fields: Fields | None, symbol: Symbol = str) -> str:
    """Return the words of a record; `fields` are None where its content was erased."""
    if fields is None:
        return "its content was erased"
    try:
        if kind in _OF_ASSETS:
            return _OF_ASSETS[kind](fields, symbol)
        return _WORDS[kind](fields) if kind in _WORDS else kind.replace("_", " ")
    except (KeyError, TypeError, ValueError, IndexError):
        # A newer version may say it otherwise: the record is kept, verified and shown all the same.
        return f"{kind.replace('_', ' ')}, written in a way that is not known here"


def _entry(fields: Fields, symbol: Symbol) -> str:
    legs = [_leg(one, symbol) for one in fields["legs"]]
    more = f" and {len(legs) - _LEGS} more" if len(legs) > _LEGS else ""
    return f"{str(fields['kind']).replace('_', ' ')}: {', '.join(legs[:_LEGS])}{more}"


def _leg(one: Any, symbol: Symbol) -> str:
    _account, _place, asset, role, quantity = one[:5]
    amount = read_decimal(quantity)
    sign = "+" if amount > 0 else ""
    fee = " fee" if role == "fee" else ""
    return f"[[{sign}{plain(amount)}]] {symbol(asset)}{fee}"


def _revision(fields: Fields) -> str:
    return f"an entry was {'voided' if fields['revised'] is None else 'corrected'}: {fields['reason']}"


def _evidence(fields: Fields) -> str:
    named = fields.get("identity")
    return "also told by a statement" if named is None else f"also told as {named[0]} {named[1]}"


def _selection(fields: Fields, symbol: Symbol) -> str:
    country, asset = fields["jurisdiction"].upper(), symbol(fields["asset"])
    if not fields["lots"]:
        return f"{country}: lots of {asset} are no longer chosen"
    return f"{country}: {counted(len(fields['lots']), 'lot')} of {asset} chosen"


def _link(fields: Fields) -> str:
    is_transfer = fields["transfer"]
    done = "taken back" if is_transfer is None else "one transfer" if is_transfer else "no transfer"
    return f"{len(fields['withdrawals'])} out, {len(fields['deposits'])} in: {done}: {fields['reason']}"


def _order(fields: Fields) -> str:
    return f"{fields['jurisdiction'].upper()} from {fields['year']} on: {fields['method']}: {fields['reason']}"


def _waiver(fields: Fields) -> str:
    done = "no longer let stand" if fields.get("taken_back") else "let stand"
    return f"{fields['code']} of {fields['subject']}, {done}: {fields['reason']}"


def _price(fields: Fields, symbol: Symbol) -> str:
    day, asset = date.fromordinal(EPOCH + fields["day"]), symbol(fields["asset"])
    if fields["price"] is None:
        return f"{asset} on {day}: sources decide again: {fields['reason']}"
    price = plain(read_decimal(fields["price"]))
    return f"{asset} on {day}: [[{price}]] {symbol(fields['currency'])}: {fields['reason']}"


def _seal(fields: Fields) -> str:
    reason = f": {fields['reason']}" if fields["reason"] else ""
    return f"{fields['jurisdiction'].upper()} {fields['year']}, version {fields['version']}{reason}"


def _alert_rule(fields: Fields) -> str:
    measure = str(fields["of"]["measure"]).replace("_", " ")
    side = "above" if fields["above"] else "below"
    done = ", no longer looked at" if fields["removed"] else ""
    return f"alert {fields['id']}: {measure} {side} [[{plain(read_decimal(fields['threshold']))}]]{done}"


def _alert_event(fields: Fields) -> str:
    seen = "" if fields["value"] is None else f" at [[{plain(read_decimal(fields['value']))}]]"
    return f"alert {fields['rule']} {fields['what']}{seen}"


_OF_ASSETS: Mapping[str, Callable[[Fields, Symbol], str]] = {
    "entry": _entry,
    "lot_selection": _selection,
    "price_override": _price,
}
_WORDS: Mapping[str, Callable[[Fields], str]] = {
    "account": lambda fields: f"account {fields['name']}",
    "alert_event": _alert_event,
    "alert_rule": _alert_rule,
    "balance_reading": lambda _fields: "balances as the source reported them",
    "book": lambda fields: f"book {fields['name']}, in {fields['base_currency'].upper()}",
    "commit": lambda fields: f"signature over {counted(fields['count'], 'record')}",
    "device": lambda _fields: "a device began its chain",
    "evidence": _evidence,
    "note": lambda fields: str(fields["text"]),
    "observation": lambda fields: f"a page of {fields['stream']}, as the source gave it",
    "period_seal": _seal,
    "revision": _revision,
    "sealed_file": lambda fields: str(fields["name"]),
    "standing_order": _order,
    "transfer_link": _link,
    "waiver": _waiver,
}
