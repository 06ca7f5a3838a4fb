"""The one style sheet: boxes and colours only. Fonts are set on widgets, never here."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

from app.ui import icons, theme

_ROLES = (
    "canvas", "chrome", "surface", "raised", "hover", "selected", "input", "overlay", "border_subtle", "border",
    "border_strong", "text", "text_2", "text_3", "text_disabled", "accent", "accent_fill", "accent_fill_hover",
    "on_accent", "accent_tint", "focus", "link", "warn", "warn_tint", "danger", "danger_fill", "danger_tint", "info",
    "info_tint", "ok", "ok_tint", "on_danger", "up", "down",
)  # fmt: skip
_LINED = ("warn", "danger", "info", "ok", "accent")
_TONES = ("text", "text_2", "text_3", "text_disabled", "accent", "link", "up", "down", "warn", "danger", "info", "ok")

_SURFACES = """
* { outline: 0; }
QWidget#canvas, QMainWindow, QDialog { background: {canvas}; }
QFrame#panel { background: {surface}; border: 1px solid {border_subtle}; border-radius: 8px; }
QFrame#raised { background: {raised}; border: 1px solid {border_subtle}; border-radius: 6px; }
QFrame#overlay { background: {overlay}; border: 1px solid {border}; border-radius: 12px; }
QFrame#inset { background: {input}; border: 1px solid {border_subtle}; border-radius: 6px; }
QFrame#chrome { background: {chrome}; border: 0; }
QFrame#side { background: {chrome}; border: 0; border-right: 1px solid {border_subtle}; }
QFrame#rail { background: {chrome}; border: 0; border-right: 1px solid {border_subtle}; }
QFrame#scope { background: {chrome}; border: 0; border-bottom: 1px solid {border_subtle}; }
QFrame#status { background: {chrome}; border: 0; border-top: 1px solid {border_subtle}; }
QFrame#inspector { background: {chrome}; border: 0; border-left: 1px solid {border_subtle}; }
QFrame#dock { background: {chrome}; border: 0; border-top: 1px solid {border_subtle}; }
QFrame#hline { background: {border_subtle}; border: 0; max-height: 1px; min-height: 1px; }
QFrame#vline { background: {border_subtle}; border: 0; max-width: 1px; min-width: 1px; }
QFrame#segments { background: {segment_back}; border: 1px solid {border_subtle}; border-radius: 6px; }
QFrame#warn { background: {warn_tint}; border: 1px solid {warn_line}; border-radius: 6px; }
QFrame#danger { background: {danger_tint}; border: 1px solid {danger_line}; border-radius: 6px; }
QFrame#info { background: {info_tint}; border: 1px solid {info_line}; border-radius: 6px; }
QFrame#ok { background: {ok_tint}; border: 1px solid {ok_line}; border-radius: 6px; }
QFrame#accent { background: {accent_tint}; border: 1px solid {accent_line}; border-radius: 6px; }
QFrame#card { background: {surface}; border: 1px solid {border_subtle}; border-radius: 8px; }
QFrame#card[state="selected"] { background: {selected}; border: 1px solid {accent}; }
QFrame#card:hover { border-color: {border}; }
QLabel { background: transparent; color: {text}; }
"""

_CONTROLS = """
QPushButton { background: {raised}; border: 1px solid {border}; border-radius: 6px; padding: 0 12px; min-height: 28px; color: {text}; }
QPushButton:hover { background: {hover}; border-color: {border_strong}; }
QPushButton:focus { border: 2px solid {focus}; padding: 0 11px; min-height: 26px; }
QPushButton[kind="primary"] { background: {accent_fill}; border-color: {accent_fill}; color: {on_accent}; }
QPushButton[kind="primary"]:hover { background: {accent_fill_hover}; }
QPushButton[kind="primary"]:focus { border-color: {focus_on_fill}; }
QPushButton[kind="danger"] { background: transparent; border-color: {danger_line}; color: {danger}; }
QPushButton[kind="ghost"] { background: transparent; border-color: transparent; color: {text_2}; padding: 0 8px; }
QPushButton[kind="ghost"]:hover { background: {hover}; color: {text}; }
QPushButton[kind="ghost"]:focus { border-color: {focus}; padding: 0 7px; }
QPushButton[kind="glyph"] { background: transparent; border-color: transparent; padding: 0; min-height: 0; }
QPushButton[kind="glyph"]:hover { background: {hover}; }
QPushButton[kind="glyph"]:focus { border-color: {focus}; }
QPushButton[kind="glyph"]:checked { background: {hover}; border-color: {border}; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; border-radius: 4px; color: {link}; padding: 0 3px; text-align: right; }
QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="link"]:focus { border-color: {focus}; }
QPushButton[kind="scope"] { background: transparent; border-color: transparent; padding: 0 8px; color: {text}; text-align: left; }
QPushButton[kind="scope"]:hover { background: {hover}; }
QPushButton[kind="scope"]:checked { background: {selected}; }
QPushButton[kind="scope"]:focus { border-color: {focus}; padding: 0 7px; }
QPushButton[kind="scope"]::menu-indicator { width: 0; image: none; }
QPushButton[kind="field"] { background: {input}; border-color: {border}; color: {text_3}; text-align: left; padding: 0 10px; }
QPushButton[kind="field"]:hover { border-color: {border_strong}; }
QPushButton[kind="field"]:focus { border-color: {focus}; padding: 0 9px; }
QPushButton[kind="chip"] { background: {raised}; border-color: {border}; border-radius: 13px; min-height: 24px; padding: 0 10px; color: {text}; }
QPushButton[kind="chip"]:checked, QPushButton[kind="chip_on"] { background: {accent_tint}; border: 1px solid {accent_line}; border-radius: 13px; min-height: 24px; padding: 0 10px; color: {text}; }
QPushButton[kind="chip"]:focus { border: 2px solid {focus}; min-height: 22px; padding: 0 9px; }
QPushButton[kind="segment"] { background: transparent; border: 1px solid transparent; border-radius: 4px; min-height: 20px; max-height: 20px; padding: 0 8px; color: {text_3}; }
QPushButton[kind="segment"]:hover { color: {text}; }
QPushButton[kind="segment"]:checked { background: {segment_on}; border-color: {border}; color: {text}; }
QPushButton[kind="segment"]:focus { border: 1px solid {focus}; }
QPushButton[extent="small"] { min-height: 22px; padding: 0 8px; }
QPushButton[extent="small"]:focus { min-height: 20px; padding: 0 7px; }
QPushButton[kind="link"][extent="small"] { padding: 0 3px; min-height: 20px; }
QPushButton[extent="large"] { min-height: 36px; padding: 0 16px; }
QPushButton[extent="large"]:focus { min-height: 34px; padding: 0 15px; }
QPushButton:disabled { color: {text_disabled}; background: {raised}; border-color: {border_subtle}; }
QLineEdit, QPlainTextEdit, QSpinBox, QComboBox[kind="choice"] { background: {input}; border: 1px solid {border}; border-radius: 6px; padding: 0 10px; min-height: 28px; color: {text}; selection-background-color: {accent_fill}; selection-color: {on_accent}; }
QPlainTextEdit { padding: 6px; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QComboBox[kind="choice"]:focus { border: 2px solid {focus}; padding: 0 9px; min-height: 26px; }
QLineEdit[extent="large"], QComboBox[kind="choice"][extent="large"] { min-height: 36px; }
QLineEdit[extent="large"]:focus, QComboBox[kind="choice"][extent="large"]:focus { min-height: 34px; }
QLineEdit[kind="bare"], QLineEdit[kind="bare"]:focus { background: transparent; border: 0; padding: 0; }
QComboBox[kind="choice"]::drop-down { border: 0; width: 24px; }
QComboBox QAbstractItemView { background: {overlay}; border: 1px solid {border}; color: {text}; selection-background-color: {selected}; selection-color: {text}; }
QCheckBox, QRadioButton { color: {text}; spacing: 8px; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid {focus}; border-radius: 4px; }
QMenu { background: {overlay}; border: 1px solid {border}; border-radius: 6px; padding: 4px; color: {text}; }
QMenu::item { padding: 6px 28px 6px 10px; border-radius: 4px; }
QMenu::item:selected { background: {selected}; }
QMenu::item:disabled { color: {text_3}; }
QMenu::separator { height: 1px; background: {border_subtle}; margin: 4px 6px; }
QToolTip { background: {overlay}; border: 1px solid {border}; color: {text}; padding: 6px 8px; }
"""

_TABLES = """
QTableView, QTreeView, QListView, QListWidget { background: {surface}; border: 0; color: {text}; gridline-color: transparent; }
QTableView:focus, QTreeView:focus, QListView:focus { border: 0; }
QHeaderView { background: {surface}; border: 0; }
QHeaderView::section { background: {surface}; border: 0; border-bottom: 1px solid {border}; color: {text_3}; padding: 0 8px; }
QTableView[on="chrome"], QTableView[on="chrome"] QHeaderView, QTableView[on="chrome"] QHeaderView::section { background: {chrome}; }
QListView[on="overlay"] { background: {overlay}; }
QScrollArea, QScrollArea > QWidget > QWidget#flow { background: transparent; border: 0; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: {border}; border-radius: 3px; margin: 2px 3px 2px 2px; min-height: 32px; }
QScrollBar:horizontal { background: transparent; height: 10px; }
QScrollBar::handle:horizontal { background: {border}; border-radius: 3px; margin: 2px; min-width: 32px; }
QScrollBar::handle:hover { background: {border_strong}; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: transparent; height: 0; width: 0; }
QSplitter::handle { background: {border_subtle}; }
QProgressBar { background: {hover}; border: 0; border-radius: 2px; max-height: 4px; } QProgressBar::chunk { background: {accent}; border-radius: 2px; }
"""


def style_sheet() -> str:
    """Return the style sheet with the colours of the look in use."""
    colors = {role: theme.hex_of(role)[:7] for role in _ROLES}
    for tone in _LINED:
        colors[f"{tone}_line"] = theme.mix(f"{tone}_tint", tone, 0.42).name()
    light = theme.look().mode == "light"
    colors["segment_back"] = colors["raised" if light else "input"]
    colors["segment_on"] = colors["surface" if light else "hover"]
    colors["focus_on_fill"] = colors["text"]
    sheet = _SURFACES + _CONTROLS + _TABLES
    sheet += "".join(f'QLabel[tone="{tone}"] {{ color: {{{tone}}}; }}\n' for tone in _TONES)
    for name, value in colors.items():
        sheet = sheet.replace("{" + name + "}", value)
    return sheet


def apply(app: QApplication) -> None:
    """Bring the look to every widget, open ones included."""
    if app.style().name() != "fusion":
        app.setStyle("Fusion")
    app.setPalette(theme.palette())
    app.setFont(theme.font("body"))
    app.setStyleSheet(style_sheet())
    for widget in app.allWidgets():
        tint(widget)
        widget.update()


def tint(widget: QWidget) -> None:
    """Draw the icon of a button anew; it is named by the properties `icon_name` and `icon_role`."""
    if isinstance(widget, QLineEdit):
        for action in widget.actions():
            if action.property("icon_name"):
                action.setIcon(icons.icon(action.property("icon_name"), "text_3"))
        return
    name = widget.property("icon_name")
    if not name or not isinstance(widget, QAbstractButton):
        return
    role = widget.property("icon_role") or "text_2"
    side = int(widget.property("icon_side") or 16)
    widget.setIcon(icons.icon(name, role if widget.isEnabled() else "text_disabled", side))
    widget.setIconSize(QSize(theme.px(side), theme.px(side)))
