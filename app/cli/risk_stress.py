"""What `risk stress` does: days that happened, failures that might, own scenarios of the vault, shocks typed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple

from app.cli import risk_words as words
from app.cli.risk_desk import Sources, book_of_files
from app.cli.session import Session, run
from app.core.errors import InputError, UsageError
from app.core.risk.stress.results import StressResult
from app.core.risk.study import Question
from app.services import risk
from app.services.asset_words import asset_id
from app.services.risk import Report
from app.services.risk_books import Book
from app.services.risk_scenarios import SETTING, OwnScenario, checked, kept, read, shock_of, without, written
from app.services.workspace import Workspace


class Wish(NamedTuple):
    """What is asked for.

    Attributes:
        scenario: Only stresses whose name has this word.
        shocks: Prices that move, such as BTC=-30%.
        beta: The asset that all others follow; "" where they stand still.
        save: Name under which the shock is kept in the vault.
        delete: Name of the own scenario that is forgotten.
    """

    scenario: str
    shocks: tuple[str, ...]
    beta: str
    save: str
    delete: str


def stress(here: Session, sources: Sources, asked: Question, wish: Wish) -> None:
    """Print what stresses would do."""
    if (wish.beta or wish.save) and not wish.shocks:
        option = "--beta" if wish.beta else "--save"
        raise UsageError(f"{option} needs a shock.", hint="Example: --shock BTC=-30% --beta BTC")
    run(_stress(here, sources, asked, wish))


async def _stress(here: Session, sources: Sources, asked: Question, wish: Wish) -> None:
    book = book_of_files(here, sources, asked)
    if book is not None:
        if wish.save or wish.delete:
            option = "--save" if wish.save else "--delete"
            raise UsageError(f"{option} is about scenarios of a vault.", hint="Leave --holdings and --prices out.")
        found = risk.report(book, asked)
        _show(here, found, (), wish, _typed(found, wish, lambda word: _of_file(book, word)))
        return
    async with here.unlocked() as workspace:
        own = read(await workspace.setting(SETTING))
        if wish.delete:
            await _delete(here, workspace, own, wish.delete)
            return
        found = await workspace.risk.report(asked)
        if wish.save:
            wish = wish._replace(save=checked(wish.save, (one.name for one in found.stress)))
        typed = _typed(found, wish, lambda word: asset_id(here.runtime.assets, word))
        if wish.save and typed is not None:
            # Before it is printed: who reads the first lines only has saved it all the same.
            await workspace.set_setting(SETTING, written(kept(own, typed.scenario)))
        _show(here, found, own, wish, typed)


async def _delete(here: Session, workspace: Workspace, own: Sequence[OwnScenario], name: str) -> None:
    if len(without(own, name)) == len(own):
        there = ", ".join(one.name for one in own) or "none"
        raise UsageError(f"No own scenario is named {name!r}.", hint=f"There are: {there}.")
    await workspace.set_setting(SETTING, written(without(own, name)))
    if here.output.is_json:
        here.output.document({"deleted": name})
    else:
        here.output.line(f"Scenario deleted: {name}")


class Typed(NamedTuple):
    """The shock that was typed, and what it would do."""

    scenario: OwnScenario
    result: StressResult


def _typed(found: Report, wish: Wish, named: Callable[[str], str]) -> Typed | None:
    if not wish.shocks:
        return None
    shock = shock_of(wish.shocks, wish.beta, named)
    (result,) = risk.stresses(found.book, found.study, (shock,))
    made = OwnScenario(wish.save or result.name, shock)
    return Typed(made, replace(result, name=made.name))


def _show(here: Session, found: Report, own: Sequence[OwnScenario], wish: Wish, typed: Typed | None) -> None:
    """Print the shock that was typed; without one all stresses that are meant."""
    chosen, faults = ([typed.result], list[str]()) if typed else _chosen(found, own, wish.scenario)
    odd = (*found.book.findings, *found.study.findings)
    if here.output.is_json:
        here.output.document([words.stress_document(one) | {"findings": odd} for one in chosen])
        return
    words.show_stress(here.output, chosen, found.book)
    if typed:
        told = typed.result
        for sentence in (told.basis.how, *(one for one in told.basis.assumptions if one not in told.closed)):
            here.output.line(sentence)
    for fault in faults:
        here.output.line(fault)
    here.output.findings(odd)


def _chosen(found: Report, own: Iterable[OwnScenario], word: str) -> tuple[list[StressResult], list[str]]:
    """Return the stresses whose name has a word, and own ones that cannot be told, each with why."""
    known, faults = [*found.stress], list[str]()
    for one in own:
        try:
            (result,) = risk.stresses(found.book, found.study, (one.hypothesis,))
        except InputError as fault:
            faults.append(f"{one.name}: {fault.message} {fault.hint}")
        else:
            known.append(replace(result, name=one.name))
    chosen = [one for one in known if word.casefold() in one.name.casefold()]
    if not chosen:
        names = "; ".join(one.name for one in known)
        raise UsageError(f"No stress is named {word!r}.", hint=f"There are: {names}.")
    return chosen, faults


def _of_file(book: Book, word: str) -> str:
    """Return the asset of a file that a word means."""
    names = dict.fromkeys((*(one.asset for one in book.exposures), *book.market.prices.assets))
    found = next((name for name in names if name.casefold() == word.casefold()), None)
    if found is None:
        raise InputError(f"{word!r} is no asset of these files.", hint=f"There are: {', '.join([*names][:20])}.")
    return found
