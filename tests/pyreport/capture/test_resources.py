"""The plugin, the profile and the demo are found in a checkout and in an installed package."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreport.base.errors import ToolError
from pyreport.capture import resources

REPOSITORY = Path(__file__).resolve().parents[3]


def test_checkout() -> None:
    """A checkout uses the files that are edited there."""
    assert resources.plugin_folder() == REPOSITORY / "lua"
    assert resources.profile_folder() == REPOSITORY / "profiles" / "Keepalive"
    assert resources.demo_capture() == REPOSITORY / "tests" / "scenarios" / "article" / "article.pcap"
    assert resources.demo_log() == REPOSITORY / "tests" / "scenarios" / "article" / "app.log"


def test_installed(tmp_path: Path) -> None:
    """An installed package uses its own copies, wherever it lies."""
    package = tmp_path / "site-packages" / "pyreport"
    for name in ("lua/keepalive.lua", "profiles/Keepalive/preferences", "demo/article.pcap", "demo/app.log"):
        file = package / "_data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("")
    assert resources.plugin_folder(package) == package / "_data" / "lua"
    assert resources.profile_folder(package) == package / "_data" / "profiles" / "Keepalive"
    assert resources.demo_capture(package) == package / "_data" / "demo" / "article.pcap"
    assert resources.demo_log(package) == package / "_data" / "demo" / "app.log"


@pytest.mark.parametrize(
    ("find", "name"),
    [
        (resources.plugin_folder, "keepalive.lua"),
        (resources.profile_folder, "preferences"),
        (resources.demo_capture, "article.pcap"),
        (resources.demo_log, "app.log"),
    ],
)
def test_missing(tmp_path: Path, find: object, name: str) -> None:
    """What is missing is named, as an error of the installation."""
    assert callable(find)
    with pytest.raises(ToolError, match=name):
        find(tmp_path / "pyreport")
