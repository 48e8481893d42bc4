from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from pyreport.base.loading import loaded_when_called

# A module of the standard library that is written in Python.
RARE = "colorsys"


@pytest.fixture(autouse=True)
def unloaded() -> Iterator[None]:
    loaded = sys.modules.pop(RARE, None)
    yield
    sys.modules.pop(RARE, None)
    if loaded is not None:
        sys.modules[RARE] = loaded


def test_it_is_loaded_when_it_is_called() -> None:
    with loaded_when_called(RARE):
        from colorsys import rgb_to_hsv
    assert RARE not in sys.modules
    assert rgb_to_hsv(0.5, 0.5, 0.5) == (0.0, 0.0, 0.5)
    assert RARE in sys.modules


def test_what_was_loaded_stays() -> None:
    import colorsys

    with loaded_when_called(RARE):
        from colorsys import rgb_to_hsv
    assert sys.modules[RARE] is colorsys
    assert rgb_to_hsv is colorsys.rgb_to_hsv


def test_a_failed_import_leaves_no_stand_in() -> None:
    with pytest.raises(ImportError), loaded_when_called(RARE):
        import colorsys.nothing  # type: ignore[import-not-found] # noqa: F401
    assert RARE not in sys.modules


def test_what_a_module_says_of_itself_is_not_made_up() -> None:
    with loaded_when_called(RARE):
        assert not hasattr(sys.modules[RARE], "__path__")
