"""Run scenarios: programs, captures and network together, and hand back what really happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.lab.program import Call, program
from tests.lab.scenarios import PORT, Scenario, Taking
from tests.lab.topology import CLIENT_ADDRESS, SERVER_ADDRESS, LabError, Topology, capture, sweep, topology

SIDES = ("client", "server")
POLL_S = 0.1
TIMEOUT_S = 60
NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What really happened, by those who must know.

    `taken`: packets that the network took out, counted by nftables. `probes_sent` and `resets_sent`: by side, counted
    by the kernel of that end, all connections together, with what never reached the interface. `logs`: socket calls
    by side and port.
    """

    captures: dict[str, Path]
    taken: int
    probes_sent: dict[str, int]
    resets_sent: dict[str, int]
    logs: dict[tuple[str, int], list[Call]]

    def calls(self, side: str, name: str, port: int = PORT) -> list[Call]:
        """The calls of that name by one end of one connection, in order."""
        return [call for call in self.logs[side, port] if call.call == name]

    def endpoint(self, side: str, port: int = PORT) -> str:
        """The "addr:port" of one end of a connection."""
        address = CLIENT_ADDRESS if side == "client" else SERVER_ADDRESS
        return f"{address}:{self.calls(side, 'local_port', port)[0].result}"


def run_all(scenarios: Sequence[Scenario], folder: Path) -> dict[str, Future[Outcome]]:
    """Run all scenarios at once, each in namespaces of its own; files go to folder/<name>/.

    All is over and torn down when this returns or raises, also on KeyboardInterrupt. A scenario that failed raises
    from its Future.
    """
    sweep()
    stop = threading.Event()
    with ThreadPoolExecutor(len(scenarios)) as pool:
        try:
            runs = {scenario.name: pool.submit(run_scenario, scenario, folder, stop) for scenario in scenarios}
            for run in runs.values():
                run.exception()
        finally:
            stop.set()
    return runs


def run_scenario(scenario: Scenario, folder: Path, stop: threading.Event) -> Outcome:
    """Run one scenario to its end. Raises LabError when something of the lab fails, and soon after `stop` is set."""
    place = folder / scenario.name
    place.mkdir(parents=True)
    captures = {side: place / f"{side}.pcap" for side in SIDES}
    taking = scenario.taking
    with topology() as net, ExitStack() as programs:
        ends = {}
        with capture(net.client, captures["client"]), capture(net.server, captures["server"]):
            for side in ("server", "client"):  # a server listens once it has started
                for connection in scenario.connections:
                    port, steps = connection.port, getattr(connection, side)
                    ends[side, port] = programs.enter_context(program(getattr(net, side), side, port, steps, place))
            zero_ns = time.time_ns() + NS_PER_S // 10
            for end in ends.values():
                end.begin(zero_ns)
            if taking:
                _take(net, taking, zero_ns, stop)
            _wait(stop, lambda: all(end.has_said("done") for end in ends.values()))
            _sleep(stop, 0.2)  # for packets on their way
        # The captures are closed before the programs are killed, which would close their sockets.
        return Outcome(
            captures=captures,
            taken=net.taken(getattr(net, taking.place)) if taking else 0,
            probes_sent={side: net.kernel_count(getattr(net, side), "TCPKeepAlive") for side in SIDES},
            resets_sent={side: net.kernel_count(getattr(net, side), "OutRsts") for side in SIDES},
            logs={key: end.calls() for key, end in ends.items()},
        )


def _take(net: Topology, taking: Taking, zero_ns: int, stop: threading.Event) -> None:
    namespace = getattr(net, taking.place)
    _sleep(stop, taking.begin_s - (time.time_ns() - zero_ns) / NS_PER_S)
    net.take(namespace, taking.chain, taking.match, taking.verdict)
    wanted = taking.until_count
    if wanted is not None:
        _wait(stop, lambda: net.taken(namespace) >= wanted)
        net.pass_all(namespace)


def _wait(stop: threading.Event, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise LabError(f"the scenario is not over after {TIMEOUT_S} s")
        _sleep(stop, POLL_S)


def _sleep(stop: threading.Event, seconds: float) -> None:
    if stop.wait(max(0.0, seconds)):
        raise LabError("stopped before the scenario was over")
