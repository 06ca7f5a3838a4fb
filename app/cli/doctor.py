"""counterfoil doctor: what this computer has and lacks."""

from __future__ import annotations

import typer

from app.cli.session import session

_FAILED = 1


def doctor(context: typer.Context) -> None:
    """Check this computer and say what to do; status 1 where something keeps the program from working."""
    here = session(context)
    rows = list(here.runtime.doctor())
    if here.output.is_json:
        here.output.document(rows)
    else:
        shown = [(row["state"], row["check"], row["detail"], row["todo"]) for row in rows]
        here.output.table(("state", "check", "detail", "what to do"), shown)
    raise typer.Exit(_FAILED if any(row["state"] == "bad" for row in rows) else 0)
