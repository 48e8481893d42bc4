"""The pipeline is one-way: a module imports only what stands before it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pyreport

PACKAGE = Path(pyreport.__file__).parent

# What every module may use: it knows nothing of captures.
GROUND = ("pyreport", "errors", "units", "sentence", "resources", "services", "marks", "kernel_timers", "known_timers")

# From the capture to the command line; a module may import from its own stage and from those before it.
STAGES = (
    ("capture", "sandbox", "tshark", "headers", "versions", "output", "progress", "logs", "pcapng"),
    ("frames",),
    ("incident",),
    ("ending", "round_trip", "application"),
    ("vantage", "probe_clock"),
    ("quality",),
    ("matching",),
    ("diagnosis",),
    ("selection", "analysis"),
    ("log_at", "log_incidents", "choice"),
    ("advice",),
    ("narrative",),
    ("interface", "evidence_json", "advice_json", "table"),
    ("compare",),
    ("render",),
    ("commands",),
    ("compare_command",),
    ("cli", "__main__"),
)


def name_of(path: Path) -> str:
    """The dotted name of a module inside the package."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "pyreport"


MODULES = {name_of(path): path for path in PACKAGE.rglob("*.py")}


def imports(path: Path) -> Iterator[str]:
    """The modules of this package that a module imports, wherever in it the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            if name == "pyreport" or name.startswith("pyreport."):
                inside = name.removeprefix("pyreport").removeprefix(".")
                while inside not in MODULES and "." in inside:
                    inside = inside.rpartition(".")[0]
                yield inside if inside in MODULES else "pyreport"


def stage_of(module: str) -> int:
    """The number of a module's stage, -1 for the ground."""
    top = module.partition(".")[0]
    if top in GROUND:
        return -1
    return next(number for number, stage in enumerate(STAGES) if top in stage)


def test_every_module_has_its_stage() -> None:
    assert {name.partition(".")[0] for name in MODULES} == {*GROUND, *(name for stage in STAGES for name in stage)}


@pytest.mark.parametrize("module", MODULES)
def test_imports_go_one_way(module: str) -> None:
    later = [name for name in imports(MODULES[module]) if stage_of(name) > stage_of(module)]
    assert later == []


def test_no_circle_among_the_modules() -> None:
    graph = {name: {found for found in imports(path) if found != name} for name, path in MODULES.items()}
    while True:
        leaves = {name for name, needs in graph.items() if not needs}
        if not leaves:
            break
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}
    assert graph == {}


def test_only_the_first_stage_starts_programs() -> None:
    starters = {name for name, path in MODULES.items() if "import subprocess" in path.read_text(encoding="utf-8")}
    assert starters == {"sandbox", "tshark"}


def test_pyshark_stays_in_one_module() -> None:
    users = {name for name, path in MODULES.items() if "import pyshark" in path.read_text(encoding="utf-8")}
    assert users == {"headers"}
