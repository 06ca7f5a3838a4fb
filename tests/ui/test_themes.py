"""Contrast of every theme, over the JSON: text 4.5 to 1, controls and focus 3 to 1."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest

from app.ui.theme import MODES, SCHEMES, THEMES

SURFACES = ("canvas", "chrome", "surface", "raised", "overlay", "input")
TEXTS = ("text", "text_2", "text_3", "link", "warn", "danger", "info", "ok", "accent")
TINTED = ("warn", "danger", "info", "ok", "accent")


def _tokens(mode: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((THEMES / f"{mode}.json").read_text("utf-8"))
    return loaded


def _light(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((_light(one), _light(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("mode", MODES)
def test_every_text_can_be_read_on_every_surface(mode: str) -> None:
    colors = _tokens(mode)["colors"]
    pairs = [*product(TEXTS, SURFACES), *product(("text", "text_2"), ("hover", "selected"))]
    pairs += [(tone, f"{tone}_tint") for tone in TINTED]
    pairs += [("text", f"{tone}_tint") for tone in TINTED] + [("text_2", f"{tone}_tint") for tone in TINTED]
    pairs += [("on_accent", "accent_fill"), ("on_accent", "accent_fill_hover"), ("on_danger", "danger_fill")]

    assert [(one, two) for one, two in pairs if contrast(colors[one], colors[two]) < 4.5] == []


@pytest.mark.parametrize(("mode", "scheme"), list(product(MODES, SCHEMES)))
def test_up_and_down_can_be_read_in_every_scheme(mode: str, scheme: str) -> None:
    tokens = _tokens(mode)
    changes = tokens["updown"][scheme]
    grounds = [tokens["colors"][surface] for surface in ("canvas", "surface", "chrome", "overlay")]

    assert [
        (side, ground) for side in ("up", "down") for ground in grounds if contrast(changes[side], ground) < 4.5
    ] == []


@pytest.mark.parametrize("mode", MODES)
def test_focus_and_the_edges_of_controls_can_be_seen(mode: str) -> None:
    colors = _tokens(mode)["colors"]
    pairs = list(product(("focus", "border_strong"), SURFACES))

    assert [(one, two) for one, two in pairs if contrast(colors[one], colors[two]) < 3] == []
