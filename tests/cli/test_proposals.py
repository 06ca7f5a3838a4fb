"""What is proposed for a break, as the command that does it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.cli.views import command
from app.core.clock import SECOND
from app.core.ledger.entries import EntryKind, Leg, Role
from app.core.model.assets import Asset, AssetKind
from app.core.model.breaks import Action, Cause, LikelyCause, Proposal
from app.core.model.views import Reconciliation

AT = 1_700_000_000 * SECOND
STATEMENT = "counterfoil import FILE --account 'My cold wallet'"
READ_AGAIN = f"counterfoil sync --source cold-api --from-start, or its statement: {STATEMENT}"
LEG = Leg("cold", "earn", "bitcoin", Decimal("-0.50"), Role.FEE)


def broken(proposal: Proposal | None) -> Reconciliation:
    """Return a break of "My cold wallet" with one proposal."""
    likely = LikelyCause(Cause.FEE, "a fee is missing", (), 60, Decimal("0.5"), (), proposal)
    asset = Asset("bitcoin", "BTC", "Bitcoin", AssetKind.CRYPTO)
    figures = Decimal(2), Decimal("1.5"), Decimal("0.5"), AT
    return Reconciliation("cold", "My cold wallet", "earn", asset, *figures, likely=(likely,))


@pytest.mark.parametrize(
    ("proposal", "expected"),
    [
        (Proposal(Action.VOID, "", "cold", "ab12"), "counterfoil entry void ab12 --reason WORDS"),
        (
            Proposal(Action.VOID, "", "cold", "ab12", further=("cd34", "ef56")),
            "counterfoil entry void ab12 --reason WORDS (likewise 2 more, named by reconcile --json)",
        ),
        (
            Proposal(Action.ADD, "", "cold", "", (LEG,), EntryKind.FEE, AT),
            (
                "counterfoil entry add --account 'My cold wallet' --kind fee --at 2023-11-14T22:13:20.000000000Z "
                "--leg bitcoin=-0.5,fee,earn --reason WORDS"
            ),
        ),
        (
            Proposal(Action.CORRECT, "", "cold", "ab12", (LEG,), EntryKind.WITHDRAWAL, AT),
            "counterfoil entry correct ab12 --kind withdrawal --leg bitcoin=-0.5,fee,earn --reason WORDS",
        ),
        (Proposal(Action.SHOW, "", "cold"), "counterfoil findings --all"),
        (Proposal(Action.READ_AGAIN, "", "cold"), READ_AGAIN),
        (None, READ_AGAIN),
    ],
)
def test_a_proposal_is_told_as_the_command_that_does_it(proposal: Proposal | None, expected: str) -> None:
    assert command(broken(proposal), ["cold-api"]) == expected


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        ([], STATEMENT),
        (
            ["old key", "new"],
            f"counterfoil sync --source 'old key' --source new --from-start, or its statement: {STATEMENT}",
        ),
    ],
)
def test_reading_again_names_every_connection_of_the_account_and_none_where_there_is_none(
    sources: list[str], expected: str
) -> None:
    assert command(broken(None), sources) == expected
