"""counterfoil export …: books for others."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app.cli.bundle import write_bundle
from app.cli.general_ledger import write_gl
from app.cli.session import Session, run, session
from app.core.model.views import ActivityFilter
from app.core.names import counted

app = typer.Typer(help="Books for others.", no_args_is_help=True)
app.command(name="gl")(write_gl)
app.command(name="bundle")(write_bundle)


class TableName(StrEnum):
    """What can be written."""

    LEDGER = "ledger"
    POSITIONS = "positions"
    RECONCILIATION = "reconciliation"
    ACTIVITY = "activity"


@app.callback()
def export() -> None:
    """Books for others."""


@app.command(name="csv")
def write_csv(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where it goes; it is not encrypted.")],
    table: Annotated[TableName, typer.Option(help="What is written; ledger is ledger CSV v1.")] = TableName.LEDGER,
) -> None:
    """Write the whole ledger as ledger CSV v1, or another table."""
    run(_write(session(context), file, table))


async def _write(here: Session, file: Path, table: TableName) -> None:
    async with here.unlocked() as workspace:
        exports = workspace.exports
        if table is TableName.LEDGER:
            rows = await exports.ledger_csv(file)
        elif table is TableName.POSITIONS:
            rows = await exports.positions_csv(file)
        elif table is TableName.RECONCILIATION:
            rows = await exports.reconciliation_csv(file)
        else:
            rows = await exports.activity_csv(ActivityFilter(), file)
    if here.output.is_json:
        here.output.document({"file": file, "table": table, "rows": rows})
    else:
        here.output.line(f"Wrote {counted(rows, 'row')} into {file}.")
