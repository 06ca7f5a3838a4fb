"""README.txt of a bundle: every file and what it is, in plain words, and how all of it is checked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping

from app.core.model.period_seals import PeriodSeal

_WIDTH = 110
_ABOUT: tuple[tuple[str, str], ...] = (
    ("README.txt", "what you are reading"),
    ("verify.py", "checks everything here by itself: python3 verify.py"),
    (
        "manifest.sha256",
        "the hash of every file, as sha256sum checks it; its last line is the hash of the lines above",
    ),
    ("redaction.json", "what is hidden, each by a salted hash that its owner can open; what is left as it was sealed"),
    ("year.json", "the whole year as one document: every list below in one file"),
    ("year/rules.json", "whose rules, which method, scope and options, and the standing orders in force"),
    ("year/entries.json", "every entry of the year; of the months before, the number of entries and one hash each"),
    ("year/valuations.json", "what each sale, purchase and receipt was worth, and how that is known"),
    ("year/selections.json", "lots that were selected for sales"),
    ("year/disposals.json", "every sale with proceeds, cost and gain, and the lots that it used up"),
    ("year/income.json", "every receipt that counts as income, at its value on that day"),
    ("year/departures.json", "what left without a sale, such as gifts"),
    ("year/holdings.json", "what was left at the end of the year, with its cost"),
    ("year/totals.json", "the sums of the year and its allowances"),
    ("year/findings.json", "what was odd about entries of the year, and what was let stand"),
    ("year/decisions.json", "what was decided about transfers and prices that figures of the year follow from"),
    ("year/", "a part of the year as it was sealed"),
    ("tables/matches.csv", "the lots behind each sale: a row for each part of a lot"),
    ("tables/", "the same as the list of that name under year/, as a table"),
    ("forms/", "a form or list as it was written when the year was sealed"),
    ("evidence.json", "what was asked for, by which version of the program, and the journal's record of each entry"),
    ("differences.json", "what this version changed against the one before, and why"),
    ("amendments/", "what that earlier version changed against the one before it, and why"),
    ("proofs/seals.json", "the seal of each version with its parts, as the journal holds it"),
    ("proofs/chains.json", "the chains of the journal, one for each device, and the head of each"),
    ("proofs/", "a chain: its records, its newest commit as the device signed it, the signature, and the device's key"),
)
_REDACTED = """Hidden are: the names of accounts, the ids of entries (one stand-in wherever the same is meant, so that
lots can be followed), ids of assets that name their venue, the hashes of what is hidden (who knows all but a word
could guess it from a plain hash), reasons, and, in every text, names of accounts, notes, addresses, and ids of
transactions and of venues. What an entry says beyond its line in year/entries.json is not in this bundle at all.
Shown are figures, quantities, assets, moments, kinds and rules; the headers of the journal tell the short name of the
book, and when something of which kind was recorded. Moments and quantities can be looked up on a public chain: who
must not do that must not get them.

redaction.json has a salted hash of everything hidden. A person who has the openings can disclose some or all of it,
and verify.py checks that it is what was hidden. Until then the lists are the statement of their owner, as far as
they differ from what was sealed; the totals, and whatever else is named as unchanged, are proved to be as sealed."""
_PLAIN = """Nothing is hidden: the lists name accounts and the ids of entries. Notes, addresses and ids of transactions
stand in the journal, and are not in this bundle."""
_TO_CHECK = """TO CHECK IT
    python3 verify.py
says SOUND and ends with 0, or names the first file that is wrong and ends with 1. It is short: read it first.
The signature of a chain is checked in its folder under proofs/ by a program that others made:
    openssl pkeyutl -verify -pubin -inkey device.pem -rawin -in signed.bin -sigfile signature.bin"""


def readme(seal: PeriodSeal, names: Iterable[str], left_out: Mapping[str, str], *, is_redacted: bool) -> bytes:
    """Return the index of a bundle."""
    files = "\n".join(_line(name) for name in sorted(names))
    about = f"{seal.jurisdiction.upper()} {seal.year}, version {seal.version}: a tax year closed with Counterfoil"
    parts = [
        f"{about} {seal.program}",
        "" if is_redacted else f"Seal    {seal.seal}\nRecord  {seal.record}",
        "This folder is for reading and checking; nothing in it can change the books that it comes from.",
        _TO_CHECK,
        f"WHAT IS HIDDEN\n{_REDACTED if is_redacted else _PLAIN}",
        f"FILES\n{files}",
        "\n".join(["LEFT OUT", *(f"{name}\n    {why}" for name, why in sorted(left_out.items()))]) if left_out else "",
    ]
    return ("\n\n".join(filter(None, parts)) + "\n").encode()


def _line(name: str) -> str:
    about = next(words for start, words in _ABOUT if name == start or (start.endswith("/") and name.startswith(start)))
    return f"{name}\n{textwrap.fill(about, _WIDTH, initial_indent='    ', subsequent_indent='    ')}"
