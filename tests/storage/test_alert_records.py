"""Rules of alerts and what came of them in the journal: sealed bytes that never change, and what is read back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from app.core.alerts.sentence import parse
from app.core.clock import SECOND
from app.core.journal.encoding import encode
from app.core.model.alert_rules import AlertEvent, AlertRule, Channel, Happened, in_force
from app.storage.decisions.alerts import event_fields, rule_fields
from tests.core.alerts.as_written import AsWritten
from tests.storage.journal_books import new_books

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "alert.json").read_text())
RULE = parse(
    "VaR 99 % 1 d in cold is above 5 % for 10 min then notify by e-mail and re-arm at 4 %", "usd", AsWritten(), "3fa1"
)
FIRED = AlertEvent("3fa1", "ab" * 32, Happened.FIRED, 1_700_000_000 * SECOND, Decimal("0.0612"), (Channel.MAIL,))
ACKNOWLEDGED = AlertEvent("3fa1", "ab" * 32, Happened.ACKNOWLEDGED, 1_700_000_100 * SECOND, None, (), "cd" * 32)


def test_the_bodies_have_the_committed_bytes() -> None:
    assert VECTOR["rule"] == encode(rule_fields(RULE)).hex()
    assert VECTOR["fired"] == encode(event_fields(FIRED)).hex()
    assert VECTOR["acknowledged"] == encode(event_fields(ACKNOWLEDGED)).hex()


def test_rules_and_events_are_read_back_as_they_were_recorded(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    records = [books.writer.append_decision(one) for one in (RULE, FIRED, ACKNOWLEDGED)]
    (rule,), (fired, acknowledged) = books.reader.decisions(AlertRule), books.reader.decisions(AlertEvent)

    assert records == [rule.record, fired.record, acknowledged.record]
    assert rule_fields(RULE) == rule_fields(rule)
    assert [event_fields(one) for one in (FIRED, ACKNOWLEDGED)] == [event_fields(one) for one in (fired, acknowledged)]
    assert min(one.recorded_ns for one in (rule, fired, acknowledged)) > 0
    assert books.verify().is_valid


def test_the_newest_word_about_a_rule_holds(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    other = parse("drawdown is above 20 %", "usd", AsWritten(), "77aa")
    for one in (RULE, other, parse("drawdown is above 30 %", "usd", AsWritten(), "77aa")):
        books.writer.append_decision(one)

    assert [("3fa1", Decimal("0.05")), ("77aa", Decimal("0.3"))] == [
        (one.rule_id, one.threshold) for one in in_force(books.reader.decisions(AlertRule))
    ]
