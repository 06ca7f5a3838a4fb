"""Statements: files of venues read into the books, with a preview that changes nothing."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from app.core.errors import InputError
from app.core.file_ports import StatementFormat
from app.core.ledger.statements import no_text
from app.core.model.accounts import Account
from app.core.model.pages import AppendResult, Page
from app.core.model.views import EntryView, ImportReport
from app.core.ports import OpenVault
from app.services.accounts import FROM_FILE, at_venue
from app.services.events import Events, PageCommitted, RecordsAppended
from app.services.threads import Threads

_HEAD = 8_192
_LARGEST = 512_000_000
_SHOWN = 200


class Imports:
    """Reads statement files."""

    def __init__(self, formats: Sequence[StatementFormat], vault: OpenVault, threads: Threads, events: Events) -> None:
        """Take the formats that are known."""
        self._formats = formats
        self._vault = vault
        self._threads = threads
        self._events = events

    def formats(self) -> Sequence[StatementFormat]:
        """Return the formats that can be read."""
        return self._formats

    async def preview(self, file: Path, *, format_id: str = "", account: str = "") -> ImportReport:
        """Return what importing would do; nothing is changed."""
        form, page, account_id = await self._page(file, format_id, account)
        result, entries = await self._threads.read(self._vault.writer.preview_page, _source(form), account_id, page)
        return _report(file, form, (account_id, page), result, entries, is_preview=True)

    async def commit(self, file: Path, *, format_id: str = "", account: str = "") -> ImportReport:
        """Import a statement: one transaction, all of it or nothing."""
        form, page, account_id = await self._page(file, format_id, account)
        result = await self._threads.write(self._append, form, account_id, page)
        self._events.publish(PageCommitted(_source(form), page.stream, result.recorded, result.head))
        accounts = {candidate.entry.account for candidate in page.candidates}
        self._events.publish(RecordsAppended(tuple(sorted(accounts))))
        return _report(file, form, (account_id, page), result, (), is_preview=False)

    def _append(self, form: StatementFormat, account_id: str, page: Page) -> AppendResult:
        known = {account.account_id: account.venue for account in self._vault.reader.accounts()}
        for name in sorted({candidate.entry.account for candidate in page.candidates}):
            if name not in known or form.venue not in ("", known[name]):
                self._vault.writer.open_account(Account(name, name, form.venue or FROM_FILE))
        return self._vault.writer.append_page(_source(form), account_id, page)

    async def _page(self, file: Path, format_id: str, account: str) -> tuple[StatementFormat, Page, str]:
        content = await self._threads.read(_content, file)
        form = self._format(content[:_HEAD], file, format_id)
        account_id = await self._account_of(form, account)
        page = await self._threads.read(form.read, content, file.name, account_id)
        return form, page, account_id

    def _format(self, head: bytes, file: Path, format_id: str) -> StatementFormat:
        known = ", ".join(form.format_id for form in self._formats)
        if format_id:
            for form in self._formats:
                if form.format_id == format_id:
                    return form
            message = f"{format_id!r} is no statement format."
            raise InputError(message, hint=f"There are: {known}.", where=str(file))
        for form in self._formats:
            if form.recognises(head):
                return form
        other = no_text(head)
        if other:
            message = f"The file is {other}"
            raise InputError(message, hint="Nothing was imported.", where=str(file))
        message = "No statement format recognises this file."
        raise InputError(message, hint=f"Name one with --format: {known}.", where=str(file))

    async def _account_of(self, form: StatementFormat, named: str) -> str:
        """Return the account that is named, or that of the venue where there is one, else one named after the venue."""
        accounts = await self._threads.read(self._vault.reader.accounts)
        if named or not form.venue:
            return at_venue(accounts, named, form.venue) if named else ""
        there = [account.account_id for account in accounts if account.venue == form.venue]
        if len(there) > 1:
            message = f"There are {len(there)} accounts at {form.venue}: {', '.join(there)}."
            raise InputError(message, hint="Say which one with --account.")
        return there[0] if there else at_venue(accounts, form.venue, form.venue)


def _source(form: StatementFormat) -> str:
    return f"statement:{form.format_id}"


def _content(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        if size > _LARGEST:
            message = f"The file has {size} bytes; statements up to {_LARGEST} are read."
            raise InputError(message, hint="Export a shorter period.", where=str(file))
        return file.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {os.strerror(error.errno) if error.errno else error}."
        raise InputError(message, hint="Check the path and its rights.", where=str(file)) from error


def _report(  # noqa: PLR0913 - one report of one import
    file: Path,
    form: StatementFormat,
    read: tuple[str, Page],
    result: AppendResult,
    entries: Sequence[EntryView],
    *,
    is_preview: bool,
) -> ImportReport:
    account_id, page = read
    moments = [candidate.entry.at for candidate in page.candidates]
    quarantined = sum(finding.code == "quarantined-row" for finding in page.findings)
    return ImportReport(
        file_name=file.name,
        format=form.format_id,
        account_id=account_id,
        rows=len({candidate.row for candidate in page.candidates}) + quarantined,
        recorded=result.recorded,
        seen=result.seen,
        revised=result.revised,
        evidence=result.evidence,
        quarantined=result.quarantined + quarantined,
        from_ns=min(moments, default=None),
        to_ns=max(moments, default=None),
        is_preview=is_preview,
        # Files come in any order: what is shown is sorted as all entries are, the newest first.
        entries=tuple(sorted(entries, key=lambda entry: entry.at, reverse=True)[:_SHOWN]),
        findings=(*page.findings, *result.findings),
    )
