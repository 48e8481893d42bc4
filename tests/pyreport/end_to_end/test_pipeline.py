"""The pipeline is one-way: a module imports only what stands before it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import pyreport

PACKAGE = Path(pyreport.__file__).parent

# The folders of pyreport, from the capture to the command line. A package imports only from those before it.
PACKAGES = (
    *("base", "knowledge", "capture", "logs", "redaction", "frames", "connections", "matching", "quality"),
    *("application", "diagnosis", "choice", "advice", "compare", "words", "narrative", "export", "render", "bundle"),
    *("watch", "desk", "cli"),
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


def package_of(module: str) -> str:
    """The package at the top that a module lies in; "" for the three that lie in none."""
    top = module.partition(".")[0]
    return "" if top in ("pyreport", "__main__") else top


def test_the_folders_are_the_pipeline() -> None:
    """Nothing else lies at the top but what makes it a program and a typed package."""
    assert {path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name[0] not in "_."} == set(PACKAGES)
    assert {path.name for path in PACKAGE.iterdir() if path.is_file()} == {
        *("__init__.py", "__main__.py", "py.typed", "README.md"),
    }


@pytest.mark.parametrize("module", [name for name in MODULES if package_of(name)])
def test_imports_go_one_way(module: str) -> None:
    before = {"", *PACKAGES[: PACKAGES.index(package_of(module)) + 1]}
    assert [name for name in imports(MODULES[module]) if package_of(name) not in before] == []


def test_no_circle_among_the_modules() -> None:
    graph = {name: {found for found in imports(path) if found != name} for name, path in MODULES.items()}
    while True:
        leaves = {name for name, needs in graph.items() if not needs}
        if not leaves:
            break
        graph = {name: needs - leaves for name, needs in graph.items() if name not in leaves}
    assert graph == {}


def test_only_few_modules_start_programs() -> None:
    starters = {name for name, path in MODULES.items() if "import subprocess" in path.read_text(encoding="utf-8")}
    assert starters == {
        *("capture.child", "capture.luajit", "capture.sandbox", "capture.tshark", "watch.children"),
        "desk.programs",
    }


def test_pyshark_stays_in_one_module() -> None:
    uses = re.compile(r"^ *(import|from) pyshark\b", re.MULTILINE)
    users = {name for name, path in MODULES.items() if uses.search(path.read_text(encoding="utf-8"))}
    assert users == {"capture.packet_details"}
