"""counterfoil alerts …: limits as sentences, where each stands, how often it would have fired, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from app.cli import alerts_words as words
from app.cli import secrets
from app.cli.session import Session, run, session
from app.cli.words import require_text
from app.core.errors import InputError, UsageError
from app.core.model.alert_rules import Channel
from app.core.model.notices import Hook, MailRoute, Security
from app.services.alert_outbox import Delivery

app = typer.Typer(help="Limits and alerts, as sentences.", no_args_is_help=True)

Sentence = Annotated[str, typer.Argument(metavar="SENTENCE", help="Such as: If price of BTC is below 50000 USD")]
_PORTS = {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}


@app.callback()
def alerts() -> None:
    """Limits and alerts, as sentences."""


@app.command("list")
def show(
    context: typer.Context,
    happened: Annotated[bool, typer.Option("--happened", help="What came of rules, the newest first.")] = False,
) -> None:
    """List the rules with what they measure now, or what came of them."""
    run(_show(session(context), happened=happened))


async def _show(here: Session, *, happened: bool) -> None:
    async with here.unlocked() as workspace:
        service = workspace.alerts
        if happened:
            found = await service.happened()
            words.tell_happened(here.output, found, service.currency)
            return
        await service.look()
        standings = await service.standings()
    words.tell_standings(here.output, standings, service.currency)


@app.command("add")
def add(
    context: typer.Context,
    sentence: Sentence,
    change: Annotated[str, typer.Option("--change", metavar="ID", help="In place of this rule.")] = "",
) -> None:
    """Record a rule; it is looked at while the vault is open in the window."""
    require_text(sentence)
    run(_add(session(context), sentence, change))


async def _add(here: Session, sentence: str, change: str) -> None:
    async with here.unlocked() as workspace:
        rule = await workspace.alerts.add(sentence, change)
        text = await workspace.alerts.words(rule)
        unset = words.unset(rule, await workspace.alerts.outbox.delivery())
    if here.output.is_json:
        here.output.document({"id": rule.rule_id, "sentence": text, "record": rule.record, "not_set_up": unset})
    else:
        here.output.line(f"{rule.rule_id}: {text}")
        if unset:
            here.output.line(
                f"Nothing goes out by {' and '.join(unset)} before that is set up: counterfoil alerts deliver"
            )


@app.command("remove")
def remove(context: typer.Context, rule_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Look at a rule no longer; what came of it stays in the journal."""
    run(_remove(session(context), rule_id))


async def _remove(here: Session, rule_id: str) -> None:
    async with here.unlocked() as workspace:
        rule = await workspace.alerts.remove(rule_id)
    if here.output.is_json:
        here.output.document({"id": rule.rule_id, "record": rule.record})
    else:
        here.output.line(f"{rule.rule_id} is no longer looked at.")


@app.command("test")
def test(
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="ID|SENTENCE", help="A rule that there is, or one that might be.")],
) -> None:
    """Tell how often a rule would have fired over the past year, and when."""
    run(_test(session(context), what))


async def _test(here: Session, what: str) -> None:
    async with here.unlocked() as workspace:
        service = workspace.alerts
        rule = await (service.parse(what) if " " in what.strip() else service.rule(what))
        found, text = await service.trial(rule), await service.words(rule)
    words.tell_trial(here.output, text, rule, found, service.currency)


@app.command("acknowledge")
def acknowledge(context: typer.Context, rule_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Say that somebody saw that a rule fires; that is recorded."""
    run(_acknowledge(session(context), rule_id))


async def _acknowledge(here: Session, rule_id: str) -> None:
    async with here.unlocked() as workspace:
        await workspace.alerts.rule(rule_id)
        standing = next(one for one in await workspace.alerts.standings() if one.rule.rule_id == rule_id)
        if standing.firing is None:
            raise InputError(f"{rule_id} does not fire.", hint="List the rules: counterfoil alerts list.")
        await workspace.alerts.acknowledge(standing.firing.record)
    if here.output.is_json:
        here.output.document({"id": rule_id, "record": standing.firing.record})
    else:
        here.output.line(f"{rule_id} is acknowledged.")


@app.command("deliver")
def deliver(
    context: typer.Context,
    mail_host: Annotated[str, typer.Option(metavar="HOST[:PORT]", help="The server that takes mail.")] = "",
    security: Annotated[Security, typer.Option(help="How it is spoken to.")] = Security.TLS,
    user: Annotated[str, typer.Option(help="At the mail server.")] = "",
    sender: Annotated[str, typer.Option("--from", metavar="ADDRESS", help="From whom mail is.")] = "",
    to: Annotated[list[str] | None, typer.Option(metavar="ADDRESS", help="To whom; may be repeated.")] = None,
    webhook: Annotated[str, typer.Option(metavar="URL", help="An address that takes JSON.")] = "",
    secret: Annotated[bool, typer.Option("--secret", help="Ask for the password or the signing secret.")] = False,
    details: Annotated[bool | None, typer.Option("--details/--no-details", help="Say figures and names.")] = None,
    off: Annotated[Channel | None, typer.Option(help="Send nothing this way any more: e-mail or webhook.")] = None,
    trial: Annotated[Channel | None, typer.Option(help="Send a trial this way: desktop, e-mail or webhook.")] = None,
) -> None:
    """Show or set how notices leave this computer; without words they say neither figures nor names."""
    if mail_host and webhook:
        raise UsageError("Set mail and webhook one after the other.", hint="--secret asks for one secret.")
    mail = _route(mail_host, security, user, (sender, tuple(to or ()))) if mail_host else None
    run(
        _deliver(session(context), (mail, Hook(webhook) if webhook else None), (details, off, trial), has_secret=secret)
    )


def _route(host: str, security: Security, user: str, ends: tuple[str, tuple[str, ...]]) -> MailRoute:
    name, _, port = host.rpartition(":") if host.count(":") == 1 else (host, "", "")
    if port and not port.isdigit():
        raise UsageError(f"{port!r} is no port.", hint="Example: --mail-host mail.example.org:465")
    sender, recipients = ends
    return MailRoute(
        name, int(port) if port else _PORTS[security], security, user, sender or (recipients or ("",))[0], recipients
    )


async def _deliver(
    here: Session,
    ways: tuple[MailRoute | None, Hook | None],
    wishes: tuple[bool | None, Channel | None, Channel | None],
    *,
    has_secret: bool,
) -> None:
    (mail, hook), (details, off, trial) = ways, wishes
    async with here.unlocked() as workspace:
        outbox = workspace.alerts.outbox
        before = await outbox.delivery()
        word = _secret(here, "password" if mail else "secret") if has_secret else ""
        if mail is not None:
            before = replace(before, mail=replace(mail, password=word))
        if hook is not None:
            before = replace(before, hook=replace(hook, secret=word))
        if details is not None:
            before = replace(before, details=details)
        if off is not None:
            before = replace(before, **_without(off))
        if before != await outbox.delivery():
            await outbox.set_delivery(before)
        if trial is not None:
            await workspace.alerts.try_channel(trial)
    _tell_delivery(here, before)


def _secret(here: Session, name: str) -> str:
    return secrets.credentials(here.words.secrets_file, (name,)).fields[name]


def _without(channel: Channel) -> dict[str, Any]:
    if channel is Channel.MAIL:
        return {"mail": None}
    if channel is Channel.WEBHOOK:
        return {"hook": None}
    raise UsageError(f"{channel.value} does not leave this computer.", hint="Give e-mail or webhook.")


def _tell_delivery(here: Session, delivery: Delivery) -> None:
    if here.output.is_json:
        here.output.document(words.delivery_document(delivery))
        return
    for line in words.delivery_lines(delivery):
        here.output.line(line)
