"""DAC8 and CARF files: read by names, whatever their namespaces; bad ones refused by line and value."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.errors import InputError
from app.core.statements.crypto_assets import Aggregate, Kind, Statement, read_statement

XML = """<?xml version="1.0" encoding="UTF-8"?>
<carf:CARF_OECD xmlns:carf="urn:some:carf" version="1.0">
  <carf:MessageSpec><carf:ReportingPeriod>2026-12-31</carf:ReportingPeriod></carf:MessageSpec>
  <carf:CARFBody>
    <carf:CryptoUser>
      <carf:RelevantTransactions>
        <carf:CryptoAsset>BTC</carf:CryptoAsset>
        <carf:CryptotoFiatIn>
          <carf:AmountFiat currCode="EUR">30000.50</carf:AmountFiat>
          <carf:NumberofUnits>0.75</carf:NumberofUnits>
          <carf:NumberofTransactions>2</carf:NumberofTransactions>
        </carf:CryptotoFiatIn>
        <carf:CryptoTransferOut>
          <carf:TransactionType>CARF601</carf:TransactionType>
          <carf:NumberofUnits>0.1</carf:NumberofUnits>
        </carf:CryptoTransferOut>
      </carf:RelevantTransactions>
    </carf:CryptoUser>
  </carf:CARFBody>
</carf:CARF_OECD>
"""
HEADING = "asset,kind,amount,currency,units,transactions\n"


def test_an_xml_message_is_read_with_year_and_lines() -> None:
    bought = Aggregate("line 8", "BTC", Kind.BOUGHT_FOR_MONEY, "EUR", Decimal("30000.50"), Decimal("0.75"), 2)
    sent = Aggregate("line 13", "BTC", Kind.OUT, "", None, Decimal("0.1"), None, "CARF601")

    assert read_statement(XML) == Statement((bought, sent), 2026)
    assert read_statement(XML.replace("carf:", "").replace("CryptotoFiatIn", "CryptoToFiatIn")).lines == (bought, sent)


def test_a_table_is_read() -> None:
    found = read_statement(f"{HEADING}ETH,transfer-in,10.5,eur,2,3\n,,,,,\nETH,retail-payment,,,1,\n")

    assert found == Statement(
        (
            Aggregate("row 2", "ETH", Kind.IN, "EUR", Decimal("10.5"), Decimal(2), 3),
            Aggregate("row 4", "ETH", Kind.RETAIL, "", None, Decimal(1), None),
        )
    )


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        ("0.75", "many", "Line 10: NumberofUnits 'many' is no number"),
        ("0.75", "-1", "Line 10: NumberofUnits '-1' is negative"),
        (">2<", ">2.5<", "Line 11: NumberofTransactions '2.5' is no whole number"),
        ("2026-12-31", "last year", "Line 3: ReportingPeriod 'last year' is no period"),
        ("CryptotoFiatIn", "CryptotoArt", "Line 8: CryptotoArt '' is no kind of transaction"),
        (">BTC<", "><", "Line 6: RelevantTransactions name no CryptoAsset"),
        ("</carf:CARFBody>", "", "Line 20: this is no XML: mismatched tag"),
        ("RelevantTransactions", "Relevant", "reports no transaction"),
    ],
)
def test_a_bad_message_is_refused_with_line_and_value(before: str, after: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read_statement(XML.replace(before, after))


@pytest.mark.parametrize(
    "declared",
    [
        '<!DOCTYPE a [<!ENTITY b "cccc"><!ENTITY d "&b;&b;&b;">]>',
        '<!DOCTYPE a SYSTEM "file:///etc/hostname">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    ],
)
def test_a_document_type_and_entities_are_refused(declared: str) -> None:
    head, _, body = XML.partition("\n")

    with pytest.raises(InputError, match="Line 2: The file declares a document type or an entity"):
        read_statement(f"{head}\n{declared}\n{body}")


def test_another_kind_of_xml_is_refused_by_its_name() -> None:
    with pytest.raises(InputError, match="begins with <html> and holds no CARFBody"):
        read_statement("<html><p>1</p></html>")


def test_what_is_deeper_than_any_statement_is_refused() -> None:
    with pytest.raises(InputError, match="deeper ones, than any statement"):
        read_statement("<a>" * 100 + "</a>" * 100)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("asset,kind,units\n", "no column amount, currency, transactions"),
        (f"{HEADING},transfer-in,,,1,\n", "row 2: asset is empty"),
        (f"{HEADING}BTC,bought,,,1,\n", "row 2: kind 'bought' is none of acquired-for-fiat"),
        (f"{HEADING}BTC,transfer-in,5,,1,\nBTC,transfer-in,,,x,\n", "row 2: currency is empty; row 3: 'x' is not"),
        (f"{HEADING}BTC,transfer-in,,,-1,\n", "row 2: units '-1' is negative"),
        (f"{HEADING}BTC,transfer-in,,,1,1.5\n", "row 2: transactions '1.5' is no whole number"),
        (HEADING, "reports no transaction"),
    ],
)
def test_a_bad_table_is_refused_with_every_bad_row(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read_statement(text)
