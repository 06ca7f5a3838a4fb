"""The bundle for an accountant in the window: written as a job, with or without names, its trouble told."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.core.model.period_seals import PeriodSeal
from app.services.bundle import Wanted
from app.services.jobs import JobState
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui.screens.year_bundle import BundleRow, archive_name
from tests.ui.fake_shell import FakeShell
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_bundles import FakeBundles

US = Asked("us", year=2025)
TO = Path("/home/me/bundle.zip")


async def row(qtbot: QtBot, failing: Exception | None = None) -> tuple[FakeShell, BundleRow, PeriodSeal, list[str]]:
    """Return the row of a sealed year, and what it says."""
    fake = FakeWorkspace(failing={} if failing is None else {"bundle": failing})
    seal = PeriodSeal("us", 2025, 1, "ab" * 32, "cd" * 32, (), "", 1, "0.1.0", recorded_ns=1, record="ef" * 32)
    fake.seals.made.append(seal)
    shell, said = FakeShell(fake), list[str]()
    made = BundleRow(shell)
    qtbot.addWidget(made)
    made.told.connect(said.append)
    made.show_seal(seal)
    return shell, made, seal, said


def asked(shell: FakeShell) -> list[Wanted]:
    bundles = shell.fake.bundles
    assert isinstance(bundles, FakeBundles)
    return bundles.asked


async def test_a_bundle_is_written_and_said_to_be(qtbot: QtBot) -> None:
    shell, made, seal, said = await row(qtbot)

    await made.write_into(seal, TO, is_redacted=False)

    assert asked(shell) == [Wanted(2025, "us", TO)]
    assert said == ["3 files in /home/me/bundle.zip; it is not encrypted."]
    assert [job.state for job in shell.workspace.jobs.all()] == [JobState.DONE]
    assert made.write.isEnabled()


async def test_a_redacted_bundle_says_what_was_left_out(qtbot: QtBot) -> None:
    shell, made, seal, said = await row(qtbot)
    made.redact.click()

    await made.write_into(seal, TO, is_redacted=made.redact.isChecked())

    assert asked(shell)[0].is_redacted
    assert "1 file was left out, since it tells what is hidden" in said[0]
    assert archive_name(seal, is_redacted=True) == "counterfoil-us-2025-v1-redacted.zip"


async def test_what_is_in_the_way_is_told_and_the_button_works_again(qtbot: QtBot) -> None:
    fault = InputError("bundle.zip is there already.", hint="Choose another name.")
    _shell, made, seal, said = await row(qtbot, fault)

    await made.write_into(seal, TO, is_redacted=False)

    assert [fmt.prose(one) for one in said] == ["bundle.zip is there already. Choose another name."]
    assert made.write.isEnabled()
