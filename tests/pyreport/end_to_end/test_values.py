"""What the diagnosis hands on are values: nobody who is given one can change it behind the back of another."""

from __future__ import annotations

import pkgutil
from dataclasses import is_dataclass
from importlib import import_module
from inspect import getmembers, isclass

import pytest
from msgspec import Struct

from pyreport import diagnosis

MODULES = sorted(found.name for found in pkgutil.walk_packages(diagnosis.__path__, f"{diagnosis.__name__}."))
VALUES = [
    found
    for module in MODULES
    for _, found in getmembers(import_module(module), isclass)
    if found.__module__ == module and (issubclass(found, Struct) or is_dataclass(found))
]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: value.__qualname__)
def test_a_value_cannot_be_changed(value: type) -> None:
    is_struct = issubclass(value, Struct)
    assert value.__struct_config__.frozen if is_struct else value.__dataclass_params__.frozen  # type: ignore[attr-defined]


def test_the_diagnosis_has_such_values() -> None:
    assert {"Case", "Verdict", "Explanation", "Wait", "IdleLimits"} <= {value.__name__ for value in VALUES}
