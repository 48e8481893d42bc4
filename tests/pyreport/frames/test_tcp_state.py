"""The states are those that the plugin numbers."""

from __future__ import annotations

import re
from pathlib import Path

from pyreport.frames.tcp_state import STATES, TcpState

PLUGIN = Path(__file__).parents[3] / "lua" / "keepalive_state.lua"


def test_each_number_is_the_state_that_the_plugin_means() -> None:
    (table,) = re.findall(r"state\.NUMBERS = \{(.*?)\}", PLUGIN.read_text(encoding="utf-8"), re.DOTALL)
    numbers = {int(number): name for name, number in re.findall(r'\["([A-Z0-9-]+)"\] = (\d+)', table)}
    assert {number: state.value.upper().replace("_", "-") for number, state in STATES.items()} == numbers
    assert set(STATES.values()) == set(TcpState)
