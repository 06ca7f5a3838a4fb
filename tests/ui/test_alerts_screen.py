"""The place of alerts: where limits stand, writing a sentence by pickers or by hand, acknowledging, and delivery."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.alerts.history import Trial
from app.core.errors import InputError, RetryableError
from app.core.model.alert_rules import AlertEvent, Channel, Happened
from app.core.model.notices import Hook, Security
from app.services.events import AlertsChanged
from app.ui import format as fmt
from app.ui.screens.alerts import DELIVERY, HAPPENED, RULES, AlertsScreen
from app.ui.shell.alerts import AlertWatch
from tests.ui import made_up_books as books
from tests.ui.alerts_places import opened, written
from tests.ui.fake_shell import FakeShell
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_alerts import D
from tests.ui.table_screens import shown, texts


def cells(screen: AlertsScreen, column: str) -> list[str]:
    """Return what a column of the rules shows."""
    of = next(one for one in screen.rules.columns if one.column_id == column)
    return [getattr(of.cell(line.row), "text", "") for line in screen.rules.lines()]


async def test_each_rule_shows_its_state_its_value_and_how_much_of_the_limit_is_used(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)

    assert cells(screen, "state") == ["fires", "armed", "pending", "armed", "armed", "unknown"]
    assert [text.replace(fmt.THIN, "_") for text in cells(screen, "now")] == [
        "6.12_%", "38.53_%", "$261,204.18", "3,021.40 USD", "2 s", fmt.UNKNOWN,
    ]  # fmt: skip
    assert [text.replace(fmt.THIN, "_") for text in cells(screen, "used")] == [
        "122_%", "96_%", "104_%", "50_%", "<1_%", fmt.UNKNOWN,
    ]  # fmt: skip
    assert screen.note() == "1 firing"


async def test_why_a_rule_is_unknown_stands_under_the_table(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    screen.rule_table.choose("58c3f1")

    assert screen.why.text() == "Too little of the history is known to tell what moves together."


async def test_amounts_of_the_book_are_hidden_and_public_prices_are_not(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    fmt.set_mask(fmt.Mask.AMOUNTS)
    try:
        rules, now = cells(screen, "rule"), cells(screen, "now")
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert rules[2] == f"Exposure to BTC is above {fmt.MASK}"
    assert rules[3] == "Price of ETH is below 1,500 USD for 1 h"
    assert "261" not in now[2]


async def test_alerts_begin_with_a_capital_in_what_happened_too(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot, "happened")
    rule = next(one for one in screen.events.columns if one.column_id == "rule")
    told = [getattr(rule.cell(line.row), "text", "") for line in screen.events.lines()]

    assert told
    assert [text for text in told if not text[0].isupper()] == []


async def test_moments_are_written_to_files_as_moments(qtbot: QtBot) -> None:
    _, screen, alerts = await opened(qtbot, "happened")
    seen = screen.export_rows()
    screen.show_tab(RULES)
    rules = screen.export_rows()
    assert seen is not None
    assert rules is not None
    event = next(one for one in alerts.happened_ if one.seen_ns is not None)

    assert fmt.moment(event.seen_ns or 0) in {row[seen[0].index("Acknowledged")] for row in seen[1]}
    assert {row[rules[0].index("Since")][-4:] for row in rules[1]} == {"", " UTC"}


async def test_a_sentence_that_is_written_shows_in_the_pickers_and_how_often_it_would_have_fired(
    qtbot: QtBot,
) -> None:
    shell, screen, _ = await opened(qtbot, "new")
    text = "If share of venue Kraken in Kraken is below 40 % for 2 h then notify by window and webhook"
    account = books.ACCOUNTS[0].name
    await written(shell, screen, text.replace("in Kraken", f'in "{account}"'))
    builder = screen.builder

    assert builder.trouble.text() == ""
    assert [choice.currentText() for choice in (builder.measured.measure, *builder.measured._gaps.values())] == [
        "share of", "venue", "Kraken",
    ]  # fmt: skip
    assert (builder.scope.currentText(), builder.side.currentText(), builder.limit.text(), builder.rearm.text()) == (
        account, "below", "40", "42",
    )  # fmt: skip
    assert (builder.hold.text(), builder.hold_unit.currentText()) == ("2", "h")
    assert [channel for channel, check in builder.channels.items() if check.isChecked()] == [
        Channel.WINDOW,
        Channel.WEBHOOK,
    ]
    assert builder.count.text().startswith("It would have fired 3 times in the last 365 days (last: ")


async def test_what_cannot_be_understood_is_said_and_cannot_be_recorded(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "new")
    before = len(alerts.rules)
    await written(shell, screen, "If price of BTC is above 5 EUR")
    QTest.keyClick(screen.builder.line, Qt.Key.Key_Return)
    await shell.settled()

    assert "Amounts of this book are in USD, not in EUR." in screen.builder.trouble.text()
    assert (screen.builder.record.isEnabled(), screen.builder.count.text(), len(alerts.rules)) == (False, "", before)


async def test_a_rule_is_recorded_and_then_changed_by_the_keyboard_alone(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "new")
    await written(shell, screen, "drawdown is above 25 % then notify by window")
    QTest.keyClick(screen.builder.line, Qt.Key.Key_Return)
    await shell.settled()
    made, was_hidden = screen.rule_table.current_key(), screen.builder.isHidden()
    QTest.keyClick(screen.rule_table, Qt.Key.Key_Return)
    await shell.settled()
    await written(shell, screen, "drawdown is above 30 % then notify by window")
    QTest.keyClick(screen.builder.line, Qt.Key.Key_Return)
    await shell.settled()

    assert (made, was_hidden) == ("0f0f0f", True)
    assert await alerts.words(alerts.rules["0f0f0f"]) == "If drawdown is above 30 % then notify by window"
    assert shell.toasts == ["Alert recorded.", "Alert changed."]


async def test_esc_leaves_the_sentence_without_recording(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "new")
    QTest.keyClick(screen.builder.line, Qt.Key.Key_Escape)
    await shell.settled()

    assert (screen.builder.isHidden(), "0f0f0f" in alerts.rules) == (True, False)


async def test_a_removed_rule_comes_back_by_undo(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot)
    screen.rule_table.choose("a40f9b")
    screen.remove.click()
    await shell.settled()
    gone = "a40f9b" not in alerts.rules
    assert shell.undo is not None
    shell.undo()
    await shell.settled()

    assert (gone, "a40f9b" in alerts.rules) == (True, True)


async def test_a_firing_is_acknowledged_by_return_and_a_notice_that_failed_says_why(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "happened")
    record = alerts.happened_[0].event.record
    screen.event_table.choose(record)
    notices = next(one for one in screen.events.columns if one.column_id == "delivery")
    said = notices.value(alerts.happened_[0])
    QTest.keyClick(screen.event_table, Qt.Key.Key_Return)
    await shell.settled()

    assert screen.tab() == HAPPENED
    assert said == "mail.example.org: The mail server cannot be reached: timeout."
    assert (alerts.unseen, shell.toasts) == (0, ["1 alert acknowledged."])


async def test_without_rules_it_says_so_and_offers_the_first_one(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, empty=True)
    said = texts(screen.rule_stage)

    assert "There are no alerts yet." in said
    screen.make()
    await shell.settled()
    assert screen.builder.isVisible()


async def test_what_cannot_be_read_is_said_in_place_of_the_table(qtbot: QtBot) -> None:
    workspace = FakeWorkspace(failing={"alerts": InputError("The vault is busy.")})
    _, screen = await shown(AlertsScreen, qtbot, workspace)

    assert "The alerts could not be read." in texts(screen.rule_stage)


async def test_where_history_cannot_tell_the_form_says_why(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "new")
    alerts.trial_ = Trial(why_not="No daily closes of it are known.")
    await written(shell, screen, "price of BTC is below 5 USD")

    assert screen.builder.count.text() == (
        "How often it would have fired cannot be told: No daily closes of it are known."
    )  # fmt: skip


async def test_delivery_is_saved_tried_and_refused_beside_its_fields(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "delivery")
    pane = screen.delivery
    pane.host.setText("mail.example.org")
    pane.port.setText("x")
    pane._keep_mail()
    refused = pane.told[Channel.MAIL].text()
    pane.port.setText("465")
    pane.to.setText("you@example.org, she@example.org")
    pane._keep_mail()
    pane.url.setText("https://example.org/hook")
    await shell.settled()
    pane._keep_hook()
    pane.details.setChecked(True)
    await shell.settled()
    alerts.outbox.fault = RetryableError("The mail server cannot be reached.")
    pane._try_mail()
    await shell.settled()
    kept = alerts.outbox.kept

    assert screen.tab() == DELIVERY
    assert refused.startswith("“x” is no port.")
    assert kept.mail is not None
    assert (kept.mail.security, kept.mail.recipients) == (Security.TLS, ("you@example.org", "she@example.org"))
    assert (kept.hook, kept.details) == (Hook("https://example.org/hook"), True)
    assert pane.told[Channel.MAIL].text().startswith("The mail server cannot be reached.")


@pytest.mark.usefixtures("qtbot")
async def test_the_window_tells_once_of_an_alert_and_not_at_every_look() -> None:
    workspace = FakeWorkspace()
    shell = FakeShell(workspace)
    parent = QObject()
    watch = AlertWatch(shell.workspace, shell.run, parent)
    told: list[int] = []
    watch.changed.connect(lambda: told.append(watch.count))
    watch.start()
    workspace.alerts.forget_seen()
    for _ in range(5):
        workspace.events.publish(AlertsChanged())
    banner = watch.banner(shell.go)
    await workspace.alerts.acknowledge(workspace.alerts.happened_[0].event.record)
    gone = watch.banner(shell.go)
    watch.stop()

    assert (told, workspace.alerts.is_live, gone) == ([1, 0], True, None)
    assert banner is not None
    assert banner.what == "Alert: VaR 99 % 1 d is above 5 % of the book for 10 min."


@pytest.mark.usefixtures("qtbot")
@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (
            fmt.Mask.NOTHING,
            [f"exposure to BTC is above {fmt.MASK}", "VaR 99_% 1 d is above 5_% of the book for 10 min"],
        ),
        (
            fmt.Mask.EVERYTHING,
            [f"exposure to BTC is above {fmt.MASK}", "VaR X_% X d is above X_% of the book for X min"],
        ),
    ],
)
async def test_what_fires_is_shown_on_the_desktop_without_amounts_where_its_rule_says_so(
    mask: fmt.Mask, words: list[str]
) -> None:
    workspace = FakeWorkspace()
    shell, parent = FakeShell(workspace), QObject()
    watch = AlertWatch(shell.workspace, shell.run, parent)
    watch.start()
    fired = tuple(
        AlertEvent(key, "", Happened.FIRED, books.NOW, D(1), workspace.alerts.rules[key].channels, record=key)
        for key in ("3fa1c7", "7c1d02", "a40f9b")
    )
    fmt.set_mask(mask)
    try:
        workspace.events.publish(AlertsChanged(fired))
        await shell.settled()
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)
    watch.stop()

    assert [(one.key, one.title) for one in workspace.alerts.shown] == [
        ("3fa1c7", "Counterfoil: an alert fires"), ("7c1d02", "Counterfoil: an alert fires"),
    ]  # fmt: skip
    assert [one.text.replace(fmt.THIN, "_") for one in workspace.alerts.shown] == [
        one.replace("X", fmt.MASK) for one in words
    ]


async def test_a_trial_on_the_desktop_says_why_nothing_was_shown(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "delivery")
    alerts.outbox.fault = RetryableError("This session has no notification service.")
    screen.delivery._try_desktop()
    await shell.settled()

    assert screen.delivery.told[Channel.DESKTOP].text().startswith("This session has no notification service.")


@pytest.mark.parametrize(
    ("text", "is_offered"),
    [
        ("price of BTC is below 5 USD", False),
        ("age of kraken-main is above 1 h", False),
        ("age of prices is above 1 h", True),
        ("drawdown is above 25 %", True),
    ],
)
async def test_accounts_are_offered_where_they_make_a_difference(qtbot: QtBot, text: str, is_offered: bool) -> None:  # noqa: FBT001
    shell, screen, _ = await opened(qtbot, "new")
    await written(shell, screen, text)

    assert screen.builder.scope.isVisible() is is_offered


async def test_an_account_that_was_chosen_is_left_out_of_what_is_the_same_in_each(qtbot: QtBot) -> None:
    shell, screen, _ = await opened(qtbot, "new")
    builder = screen.builder
    await written(shell, screen, f'drawdown in "{books.ACCOUNTS[0].name}" is above 25 %')
    builder.measured.measure.setCurrentIndex(builder.measured.measure.findText("price of"))
    builder.measured.measure.activated.emit(builder.measured.measure.currentIndex())
    builder.limit.clear()
    QTest.keyClicks(builder.limit, "50000")
    await shell.settled()

    assert builder.line.text() == "If price of BTC is above 50,000 USD then notify by window"


async def test_a_count_says_that_the_last_firing_would_go_on(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "new")
    await written(shell, screen, "price of BTC is below 5 USD")
    goes_on = screen.builder.count.text()
    last = replace(alerts.trial_.firings[-1], cleared=books.NOW)
    alerts.trial_ = replace(alerts.trial_, firings=(*alerts.trial_.firings[:-1], last))
    await written(shell, screen, "price of BTC is below 6 USD")

    assert ["and would still fire" in text for text in (goes_on, screen.builder.count.text())] == [True, False]


async def test_what_was_acknowledged_and_is_not_over_goes_on_firing_in_the_inbox(qtbot: QtBot) -> None:
    shell, screen, alerts = await opened(qtbot, "happened")
    what = next(one for one in screen.events.columns if one.column_id == "what")
    before = [getattr(what.cell(one), "text", "") for one in alerts.happened_]
    await alerts.acknowledge(alerts.happened_[0].event.record)
    await shell.settled()

    assert before == ["fires", "over", "fired"]
    assert [getattr(what.cell(one), "text", "") for one in alerts.happened_] == ["fires, seen", "over", "fired"]


async def test_the_page_of_delivery_is_no_field_that_has_the_keyboard(qtbot: QtBot) -> None:
    _, screen, _ = await opened(qtbot)
    screen.activateWindow()
    screen.main_part().setFocus()
    screen.show_tab(DELIVERY)
    on_page = screen.focusWidget() is screen.delivery
    screen.show_tab(HAPPENED)

    assert on_page
    assert screen.focusWidget() is screen.event_table
