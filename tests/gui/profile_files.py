"""Reads the files of the Wireshark profile of this checkout."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.gui.colour_vision import Rgb

PROFILE = Path(__file__).resolve().parents[2] / "profiles" / "Keepalive"

# color_filters.c: @name@filter@[background][foreground], each channel 0 to 65535.
COLOUR_RULE = re.compile(r"@([^@]+)@([^@]+)@\[(\d+),(\d+),(\d+)\]\[(\d+),(\d+),(\d+)\]")
# uat.c: comma-separated quoted strings, other characters as \xHH.
BUTTON = re.compile(r'"(TRUE|FALSE)","([^"]*)","([^"]*)","([^"]*)"')
HEX_ESCAPE = re.compile(r"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True)
class ColourRule:
    """One line of `colorfilters`; colours are sRGB, 0 to 255."""

    name: str
    filter: str
    background: Rgb
    foreground: Rgb


@dataclass(frozen=True, slots=True)
class Button:
    """One line of `dfilter_buttons`."""

    label: str
    filter: str
    tooltip: str


def _lines(name: str) -> list[str]:
    lines = (PROFILE / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]


def colour_rules() -> list[ColourRule]:
    """The colour rules in their order. Raises ValueError for a line that is not one."""
    rules = []
    for line in _lines("colorfilters"):
        match = COLOUR_RULE.fullmatch(line)
        if not match:
            raise ValueError(f"not a colour rule: {line}")
        red, green, blue, *foreground = (int(channel) // 257 for channel in match.groups()[2:])
        rules.append(ColourRule(match[1], match[2], (red, green, blue), (foreground[0], foreground[1], foreground[2])))
    return rules


def buttons() -> list[Button]:
    """The filter buttons in their order. Raises ValueError for a line that is not one, or is switched off."""
    found = []
    for line in _lines("dfilter_buttons"):
        match = BUTTON.fullmatch(line)
        if not match or match[1] != "TRUE":
            raise ValueError(f"not an active button: {line}")
        label, display_filter, tooltip = (
            HEX_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text) for text in match.groups()[1:]
        )
        found.append(Button(label, display_filter, tooltip))
    return found


def recent_widths() -> dict[str, int]:
    """Width in pixels of each packet list column by its format, as far as the file `recent` has it."""
    (line,) = _lines("recent")
    key, _, value = line.partition(": ")
    if key != "column.width":
        raise ValueError(f"not the widths of the columns: {line}")
    parts = value.split(", ")
    return {layout: int(width) for layout, width in zip(parts[::2], parts[1::2], strict=True)}


def filters() -> dict[str, str]:
    """Every display filter of the profile, by where it stands."""
    found = {f"rule {rule.name}": rule.filter for rule in colour_rules()}
    found |= {f"button {button.label}": button.filter for button in buttons()}
    for line in _lines("io_graphs"):
        _, name, display_filter, *_ = line.strip('"').split('","')
        found[f"graph {name}"] = display_filter or "frame"
    (setting,) = _lines("profile_settings")
    found["profile_settings"] = setting.removeprefix("auto_switch_filter: ")
    return found


def preferences() -> dict[str, str]:
    """Key and value of each preference; a value over several lines is joined by spaces."""
    values: dict[str, str] = {}
    key = ""
    for line in _lines("preferences"):
        if line[0].isspace():
            values[key] = f"{values[key]} {line.strip()}".strip()
        else:
            key, _, value = line.partition(":")
            values[key] = value.strip()
    return values


def columns() -> list[tuple[str, str]]:
    """Title and format of each packet list column, hidden ones too."""
    texts = re.findall(r'"([^"]*)"', preferences()["gui.column.format"])
    return list(zip(texts[::2], texts[1::2], strict=True))


def hidden_columns() -> set[str]:
    """The formats of the columns that are shown on demand only."""
    return set(preferences()["gui.column.hidden"].split(","))
