"""Three network namespaces in a row, each with a real Linux TCP stack: client, router, server. Needs root.

        client                        router                        server
    10.99.1.2 eth0 <-> west 10.99.1.1        10.99.2.1 east <-> eth0 10.99.2.2

The interfaces and rules live inside the namespaces and go away with them: nothing else is changed on the machine.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

CLIENT_ADDRESS = "10.99.1.2"
SERVER_ADDRESS = "10.99.2.2"

# kalab-<time of making, Unix seconds in hex>-<random>-<role>
LAB_NAME = re.compile(r"kalab-([0-9a-f]+)-[0-9a-f]+-(client|router|server)")
STALE_AFTER_S = 3600
TCPDUMP_START_S = 20
TCPDUMP_DRAIN_S = 10
# A segment of the kernel's segmentation offload is up to 64 KiB; the ring (KiB) has slots for bursts of them.
ROOM = ("-s", "70000", "-B", "4096")
# What tcpdump answers SIGUSR1 with: "22 packets captured, 22 packets received by filter, 0 packets dropped by kernel"
COUNTS = re.compile(r"(\d+) packets? captured, (\d+) packets? received by filter, (\d+) packets? dropped by kernel")

LINKS = """
link add west netns {net.router} type veth peer name eth0 netns {net.client}
link add east netns {net.router} type veth peer name eth0 netns {net.server}
"""
END_SETTINGS = """
link set lo up
link set eth0 up
addr add {address}/24 dev eth0
route add default via {gateway}
"""
ROUTER_SETTINGS = """
link set west up
link set east up
addr add 10.99.1.1/24 dev west
addr add 10.99.2.1/24 dev east
"""
# The chains stay empty, so everything passes, until a rule is added.
RULESET = """
table ip lab {
    counter taken { }
    chain output { type filter hook output priority 0; }
    chain input { type filter hook input priority 0; }
    chain forward { type filter hook forward priority 0; }
}
"""


class LabError(RuntimeError):
    """The lab itself failed: a command, a capture or a program, not what is under test."""


@dataclass(frozen=True, slots=True)
class Topology:
    """The three namespaces of one run, by name."""

    client: str
    router: str
    server: str

    def take(self, namespace: str, chain: str, match: str, verdict: str = "drop") -> None:
        """Take what matches out of the traffic, and count it: "output" has own packets, "input" those that came for the
        namespace itself, behind the place where it is captured, and "forward" those passing by.

        A packet dropped in "output" never reaches the interface, nor a capture on it. With the verdict "reject with
        tcp reset" the namespace answers like a middlebox that has forgotten the connection.
        """
        run_in(namespace, ["nft", f"add rule ip lab {chain} {match} counter name taken {verdict}"])

    def pass_all(self, namespace: str) -> None:
        """Remove the rules; the count stays."""
        run_in(namespace, ["nft", "flush table ip lab"])

    def taken(self, namespace: str) -> int:
        """Packets taken out in this namespace so far, as the kernel counted them."""
        listing = json.loads(run_in(namespace, ["nft", "--json", "list", "counter", "ip", "lab", "taken"]))
        return next(int(entry["counter"]["packets"]) for entry in listing["nftables"] if "counter" in entry)

    def kernel_count(self, namespace: str, name: str) -> int:
        """A counter of the namespace's own TCP stack, of /proc/net/snmp or netstat: "TCPKeepAlive", "OutRsts"..."""
        lines = run_in(namespace, ["cat", "/proc/net/snmp", "/proc/net/netstat"]).splitlines()
        for names, values in zip(lines[::2], lines[1::2], strict=True):
            counts = dict(zip(names.split(), values.split(), strict=True))
            if name in counts:
                return int(counts[name])
        raise LabError(f"this kernel does not count {name}")


def run(command: Sequence[str], text: str = "") -> str:
    """Standard output of a command that gets `text` as its input. Raises LabError when it fails."""
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{' '.join(command)}: exit status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def run_in(namespace: str, command: Sequence[str], text: str = "") -> str:
    """`run` inside a namespace."""
    return run(inside(namespace, command), text)


def inside(namespace: str, command: Sequence[str]) -> list[str]:
    """The command line that enters a namespace and becomes `command` there (same process)."""
    return ["ip", "netns", "exec", namespace, *command]


@contextmanager
def topology() -> Iterator[Topology]:
    """Make the namespaces, connect them, and remove them in the end, whatever happens inside. Raises LabError."""
    name = f"kalab-{int(time.time()):x}-{secrets.token_hex(3)}"
    net = Topology(f"{name}-client", f"{name}-router", f"{name}-server")
    with ExitStack() as stack:
        for namespace in (net.client, net.router, net.server):
            stack.callback(remove_namespace, namespace)
            run(["ip", "netns", "add", namespace])
        run(["ip", "-batch", "-"], LINKS.format(net=net))
        client_settings = END_SETTINGS.format(address=CLIENT_ADDRESS, gateway="10.99.1.1")
        server_settings = END_SETTINGS.format(address=SERVER_ADDRESS, gateway="10.99.2.1")
        run(["ip", "-n", net.client, "-batch", "-"], client_settings)
        run(["ip", "-n", net.router, "-batch", "-"], ROUTER_SETTINGS)
        run(["ip", "-n", net.server, "-batch", "-"], server_settings)
        run_in(net.router, ["sysctl", "-qw", "net.ipv4.ip_forward=1"])
        run_in(net.client, ["nft", "-f", "-"], RULESET)
        run_in(net.router, ["nft", "-f", "-"], RULESET)
        run_in(net.server, ["nft", "-f", "-"], RULESET)
        yield net


def lab_namespaces() -> list[str]:
    """Names of all namespaces that belong to this lab, of any run."""
    names = [line.split()[0] for line in run(["ip", "netns", "list"]).splitlines() if line]
    return [name for name in names if LAB_NAME.fullmatch(name)]


def remove_namespace(namespace: str) -> None:
    """Kill what runs in a namespace, then delete it. Does nothing when there is none of that name."""
    if namespace not in lab_namespaces():
        return
    for pid in run(["ip", "netns", "pids", namespace]).split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            continue
    run(["ip", "netns", "delete", namespace])


def sweep(now_s: float | None = None) -> list[str]:
    """Remove what a killed run left behind: namespaces of this lab made over an hour ago. Returns their names."""
    oldest = (time.time() if now_s is None else now_s) - STALE_AFTER_S
    stale = [name for name in lab_namespaces() if int(name.split("-")[1], 16) < oldest]
    for name in stale:
        remove_namespace(name)
    return stale


@contextmanager
def capture(namespace: str, path: Path) -> Iterator[None]:
    """Write the TCP packets at a namespace's eth0 to `path`, with nanoseconds, from entry to exit.

    Entered only when tcpdump listens. Raises LabError when it does not start or when packets were lost.
    """
    options = ["--immediate-mode", "--time-stamp-precision=nano", "-U", "-Z", "root", *ROOM]
    report = path.with_suffix(".tcpdump")
    with report.open("w") as stderr:
        command = inside(namespace, ["tcpdump", "-i", "eth0", *options, "-w", str(path), "tcp"])
        # A session of its own: Ctrl-C at the terminal is for the lab, which then stops the capture in order.
        process = subprocess.Popen(command, stderr=stderr, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait_until_listening(process, report)
        ignored = _uncaptured(process, report)
        yield
        _wait_until_written(process, report, ignored)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _wait_until_listening(process: subprocess.Popen[bytes], report: Path) -> None:
    deadline = time.monotonic() + TCPDUMP_START_S
    while "listening on" not in report.read_text():
        if process.poll() is not None or time.monotonic() > deadline:
            raise LabError(f"tcpdump does not start: {report.read_text().strip()}")
        time.sleep(0.02)


def _wait_until_written(process: subprocess.Popen[bytes], report: Path, ignored: int) -> None:
    """A packet that the filter let in lies in a ring until tcpdump reads it, which on a busy machine takes a while.

    `ignored` packets had come before the filter was there: they are counted, and never written.
    """
    deadline = time.monotonic() + TCPDUMP_DRAIN_S
    while time.monotonic() < deadline:
        if _uncaptured(process, report) == ignored:
            return
        time.sleep(0.05)
    raise LabError(f"tcpdump lost packets: {report.read_text().strip().splitlines()[-1]}")


def _uncaptured(process: subprocess.Popen[bytes], report: Path) -> int:
    """Packets that were received and are not written, or not yet. Raises LabError when tcpdump lost or says nothing."""
    asked = len(COUNTS.findall(report.read_text()))
    process.send_signal(signal.SIGUSR1)
    deadline = time.monotonic() + TCPDUMP_DRAIN_S
    while time.monotonic() < deadline:
        counts = COUNTS.findall(report.read_text())
        if len(counts) > asked:
            captured, received, dropped = map(int, counts[-1])
            if dropped:
                raise LabError(f"tcpdump lost {dropped} packets: {report.parent}")
            return received - captured
        time.sleep(0.02)
    raise LabError(f"tcpdump does not say what it captured: {report.parent}")
