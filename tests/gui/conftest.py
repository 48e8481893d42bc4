"""Tests of what the Wireshark at hand does not have are left out; the matrix runs them where it is there."""

from __future__ import annotations

import pytest

from tests.gui.layout import version
from tests.gui.menus import PACKET_MENUS_SINCE


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect the tests of Lua's entries in the menu of a right click on a Wireshark that has no such menus."""
    asked = [item for item in items if item.get_closest_marker("packet_menu")]
    if asked and version() < PACKET_MENUS_SINCE:
        config.hook.pytest_deselected(items=asked)
        items[:] = [item for item in items if item not in asked]
