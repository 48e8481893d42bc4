"""The lab leaves nothing behind."""

from __future__ import annotations

import secrets
import subprocess
import threading
import time
from pathlib import Path

import pytest

from tests.lab.lab import run_scenario
from tests.lab.scenarios import SCENARIOS
from tests.lab.topology import LabError, capture, inside, lab_namespaces, remove_namespace, run, sweep, topology

pytestmark = pytest.mark.usefixtures("root")


def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C in the middle: namespaces, captures and programs are gone afterwards."""
    with pytest.raises(KeyboardInterrupt), topology() as net, capture(net.client, tmp_path / "client.pcap"):
        sleeper = subprocess.Popen(inside(net.server, ["sleep", "600"]))
        assert {net.client, net.router, net.server} <= set(lab_namespaces())
        raise KeyboardInterrupt
    assert not {net.client, net.router, net.server} & set(lab_namespaces())
    assert sleeper.wait() == -9
    assert "tcpdump: listening" in (tmp_path / "client.tcpdump").read_text()


def test_stopped_scenario(tmp_path: Path) -> None:
    """A scenario that is told to stop ends before it does anything, in order."""
    before = set(lab_namespaces())
    stop = threading.Event()
    stop.set()
    with pytest.raises(LabError, match="stopped before"):
        run_scenario(SCENARIOS[0], tmp_path, stop)
    assert set(lab_namespaces()) <= before


def test_sweep_removes_only_old_namespaces_of_the_lab() -> None:
    """What a killed run left is removed an hour later, with what runs in it; nothing else is touched."""
    now = int(time.time())
    old, young = (f"kalab-{now - age:x}-{secrets.token_hex(3)}-client" for age in (3700, 3500))
    other = f"kalab-{secrets.token_hex(3)}"
    try:
        for namespace in (old, young, other):
            run(["ip", "netns", "add", namespace])
        sleeper = subprocess.Popen(inside(old, ["sleep", "600"]))
        while not run(["ip", "netns", "pids", old]):
            time.sleep(0.01)
        assert old in sweep()
        assert sleeper.wait() == -9
        remaining = run(["ip", "netns", "list"])
        assert old not in remaining
        assert young in remaining
        assert other in remaining
    finally:
        remove_namespace(old)
        remove_namespace(young)
        run(["ip", "netns", "delete", other])


def test_capture_that_cannot_start(tmp_path: Path) -> None:
    """The router has no eth0: tcpdump's own words are in the error."""
    with (
        topology() as net,
        pytest.raises(LabError, match=r"tcpdump does not start: .*No such device"),
        capture(net.router, tmp_path / "router.pcap"),
    ):
        pass
