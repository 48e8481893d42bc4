"""Parts of libraries that are loaded only when something of them is called."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType


@contextmanager
def loaded_when_called(*names: str) -> Iterator[None]:
    """For the time of the ``with`` block, what is imported from these modules loads them when it is called.

    For what a library imports of modules that it rarely needs. Modules that are loaded already stay as they are. What
    is imported from the others can be called, and nothing else.
    """
    stand_ins = {name: _stand_in(name) for name in names if name not in sys.modules}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _stand_in(name: str) -> ModuleType:
    """A module of functions: each loads the module of this name, and calls what has its own name there."""
    module = ModuleType(name)

    def function_of(wanted: str) -> Callable[..., object]:
        if wanted.startswith("__"):
            raise AttributeError(wanted)
        return lambda *arguments, **options: getattr(import_module(name), wanted)(*arguments, **options)

    module.__getattr__ = function_of  # type: ignore[method-assign]
    return module
