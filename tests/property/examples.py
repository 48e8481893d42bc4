"""How many conversations a property is tried on.

Normally a fixed number of the same ones in every run. `PROPERTY_SEARCH=20 python -m pytest tests/property` tries twenty
times as many, others each time. `PROPERTY_SHARE=10` tries a tenth of the fixed ones.

Since 6.131 Hypothesis also draws numbers that it finds in the source of the modules that happen to be loaded. The fixed
ones do without them: a change elsewhere, or a test that ran before, must not change what is tried here.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import SearchStrategy

SEARCH = int(os.environ.get("PROPERTY_SEARCH", "0"))
SHARE = int(os.environ.get("PROPERTY_SHARE", "1"))

if not SEARCH and hasattr(providers, "_get_local_constants"):
    NO_CONSTANTS = type(providers._get_local_constants())()
    providers._get_local_constants = lambda: NO_CONSTANTS


def for_all(*strategies: SearchStrategy[Any], examples: int) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Make a test of a property: its last arguments are drawn from `strategies`."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        how = settings(
            max_examples=max(examples * max(SEARCH, 1) // SHARE, 1),
            derandomize=not SEARCH,
            database=None,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        )
        return how(given(*strategies)(test))

    return decorate
