"""Bases that leave something open cannot be made, and neither can whoever leaves it open too."""

from __future__ import annotations

from abc import abstractmethod

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.ui.screens.risk import PANES as RISK
from app.ui.screens.risk_pane import RiskPane
from app.ui.screens.tax import PANES as TAX
from app.ui.screens.tax_pane import Pane
from app.ui.screens.year_close import PAGES
from app.ui.screens.year_page import Page
from app.ui.widgets.abstract import AbstractWidget


class Base(QWidget, metaclass=AbstractWidget):
    @abstractmethod
    def what(self) -> str: ...


class Whole(Base):
    def what(self) -> str:
        return "whole"


def test_a_widget_with_something_left_open_names_it_instead_of_being_made() -> None:
    with pytest.raises(TypeError, match=r"Base is abstract: it leaves out what\."):
        Base()  # type: ignore[abstract]


def test_a_widget_that_leaves_nothing_open_is_made(qtbot: QtBot) -> None:
    made = Whole()
    qtbot.addWidget(made)

    assert made.what() == "whole"
    assert isinstance(made, Base)


@pytest.mark.parametrize("base", [RiskPane, Pane, Page])
def test_a_section_must_take_answers(base: type[QWidget]) -> None:
    with pytest.raises(TypeError, match="leaves out take"):
        base()


@pytest.mark.parametrize("kind", [*RISK, *TAX, *PAGES], ids=lambda kind: kind.__name__)
def test_every_section_that_is_named_leaves_nothing_open(kind: type[QWidget]) -> None:
    assert getattr(kind, "__abstractmethods__", None) == frozenset()
