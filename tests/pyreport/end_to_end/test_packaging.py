"""The wheel holds everything: what it installs works without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[3]

SHOW_RESOURCES = """
import pyreport
from pyreport.capture import resources
print(pyreport.__file__)
for find in (resources.plugin_folder, resources.profile_folder, resources.demo_capture, resources.demo_log):
    print(find())
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this checkout, unpacked into a folder for packages."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "packages")
    return folder / "packages"


def test_resources_of_the_wheel(installed: Path) -> None:
    """All files that are not Python are found in the installed package, and none in the checkout."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)}
    done = subprocess.run(
        [sys.executable, "-c", SHOW_RESOURCES],
        cwd=installed,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    package = installed / "pyreport"
    assert done.stdout.splitlines() == [
        str(package / "__init__.py"),
        str(package / "_data" / "lua"),
        str(package / "_data" / "profiles" / "Keepalive"),
        str(package / "_data" / "demo" / "article.pcap"),
        str(package / "_data" / "demo" / "app.log"),
    ]


@pytest.mark.parametrize(("source", "target"), [("pyreport", ""), ("lua", "_data/lua"), ("profiles", "_data/profiles")])
def test_nothing_is_left_out(installed: Path, source: str, target: str) -> None:
    """Every file of the package, the plugin and the profile is in the wheel, unchanged."""
    for file in (REPOSITORY / source).rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            copy = installed / "pyreport" / target / file.relative_to(REPOSITORY / source)
            assert copy.read_bytes() == file.read_bytes(), copy


def test_only_the_package_is_installed(installed: Path) -> None:
    """Neither tests nor the folders of the checkout end up beside other people's packages."""
    # The last one has the manual page, which the installer puts where man looks.
    assert sorted(path.suffix for path in installed.glob("pyreport*")) == ["", ".data", ".dist-info"]
    assert len(list(installed.iterdir())) == 3
