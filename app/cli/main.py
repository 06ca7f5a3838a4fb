"""The command line's front door: words in, exit status out, never a traceback."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import typer
from typer.exceptions import Abort, Exit, TyperException

from app.cli import (
    alerts,
    audit,
    candles,
    connect,
    doctor,
    entries,
    explain,
    exports,
    findings,
    lots,
    orders,
    pair,
    performance,
    reading,
    replay,
    risk,
    tax,
    vault,
    views,
)
from app.cli.arguments import GLOBAL_HELP, split, wants_json
from app.cli.faultlog import keep
from app.cli.output import Output
from app.cli.session import Session
from app.cli.streams import ReaderGoneError, let_go_of_output, show_every_sign
from app.core.errors import CounterfoilError, InterruptedByUserError, StorageFullError, UsageError
from app.core.ports import Runtime
from app.services.version import own_version

_BROKEN_PIPE = 141


def _application() -> typer.Typer:
    made = typer.Typer(
        name="counterfoil",
        add_completion=False,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        epilog=f"{GLOBAL_HELP} Without a command the desktop app opens; demo and bench have their own --help.",
    )
    made.callback()(_root)
    made.add_typer(vault.app, name="vault")
    made.add_typer(connect.app, name="connect")
    made.command(name="sync")(reading.sync)
    made.command(name="import")(reading.import_statement)
    made.add_typer(entries.app, name="entry")
    for command in (views.positions, views.activity, findings.findings, findings.waive, views.reconcile):
        made.command()(command)
    made.command()(performance.performance)
    made.command()(explain.explain)
    made.add_typer(audit.app, name="audit")
    made.add_typer(exports.app, name="export")
    made.add_typer(tax.app, name="tax")
    made.add_typer(orders.app, name="orders")
    made.add_typer(pair.app, name="pair")
    made.add_typer(candles.app, name="price")
    made.add_typer(lots.app, name="lots")
    made.add_typer(risk.app, name="risk")
    made.add_typer(alerts.app, name="alerts")
    made.command()(replay.replay)
    made.command()(doctor.doctor)
    return made


def _version(*, asked: bool) -> None:
    if asked:
        print(f"counterfoil {own_version()}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(
        False, "--version", help="Print the version.", callback=lambda asked: _version(asked=asked), is_eager=True
    ),
) -> None:
    """Books you can prove: every event of your exchanges, sealed on this computer."""


def run(argv: list[str], runtime: Runtime) -> int:
    """Run one command and return its exit status."""
    return guarded(argv, runtime, partial(_run, argv, runtime))


def guarded(argv: list[str], runtime: Runtime, work: Callable[[Output], int]) -> int:
    """Run anything as a command: what goes wrong is one line or one document, and an exit status."""
    show_every_sign()
    output = Output(is_json=wants_json(argv))
    try:
        return _told(output, runtime, work)
    except (ReaderGoneError, BrokenPipeError):
        let_go_of_output()
        return _BROKEN_PIPE
    except StorageFullError as error:
        # Not even the fault could be told on standard output.
        let_go_of_output()
        output.line_of_error(error)
        return error.exit_status


def _told(output: Output, runtime: Runtime, work: Callable[[Output], int]) -> int:
    try:
        return work(output)
    except (ReaderGoneError, BrokenPipeError):
        raise
    except CounterfoilError as error:
        output.error(error)
        return error.exit_status
    except (KeyboardInterrupt, Abort):
        interrupted = InterruptedByUserError("Interrupted.", hint="Everything done so far is kept.")
        output.error(interrupted)
        return interrupted.exit_status
    except Exception as error:  # noqa: BLE001 - the last place before a traceback would be shown
        output.error(keep(error, runtime.settings_folder, runtime.clock))
        return 1


def _run(argv: list[str], runtime: Runtime, output: Output) -> int:
    words, rest = split(argv)
    command = typer.main.get_command(_application())
    try:
        status = command.main(
            args=rest, prog_name="counterfoil", standalone_mode=False, obj=Session(runtime, words, output)
        )
    except Exit as ended:
        return ended.exit_code
    except TyperException as error:
        # What checks a word puts its own name before what is wrong with it.
        message = error.format_message().rstrip(".").replace(": Value error, ", ": ")
        if message.startswith("Usage:") and not output.is_json:
            output.help(message)
            return UsageError.exit_status
        short = "A command is missing" if message.startswith("Usage:") else message
        raise UsageError(f"{short}.", hint="counterfoil --help lists the commands.") from error
    if status == InterruptedByUserError.exit_status:
        # Typer made a status of Ctrl-C; it is told like any other.
        raise KeyboardInterrupt
    return status if isinstance(status, int) else 0
