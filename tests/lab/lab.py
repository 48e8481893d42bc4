"""Run scenarios: programs, captures and network together, and hand back what really happened."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tests.lab.program import Call, Program, program, service
from tests.lab.scenarios import PORT, Scenario, Step, Taking
from tests.lab.topology import CLIENT_ADDRESS, SERVER_ADDRESS, LabError, Topology, capture, sweep, topology

SIDES = ("client", "server")
POLL_S = 0.1
TIMEOUT_S = 60
# They mostly sleep; more than that would make the machine too busy for probes on time.
AT_ONCE = 20
NS_PER_S = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What really happened, by those who must know.

    `taken`: packets that the network took out, counted by nftables. `probes_sent` and `resets_sent`: by side, counted
    by the kernel of that end, all connections together, with what never reached the interface. `logs`: socket calls
    by side and number: the connection's port, or the client's number for a client of the service.
    """

    captures: dict[str, Path]
    taken: int
    probes_sent: dict[str, int]
    resets_sent: dict[str, int]
    logs: dict[tuple[str, int], list[Call]]

    def calls(self, side: str, name: str, number: int = PORT) -> list[Call]:
        """The calls of that name by one end of one connection, in order."""
        return [call for call in self.logs[side, number] if call.call == name]

    def endpoint(self, side: str, number: int = PORT) -> str:
        """The "addr:port" of one end of a connection."""
        if side == "server" and (side, number) not in self.logs:
            return f"{SERVER_ADDRESS}:{PORT}"  # the service
        address = CLIENT_ADDRESS if side == "client" else SERVER_ADDRESS
        return f"{address}:{self.calls(side, 'local_port', number)[0].result}"


def run_all(scenarios: Sequence[Scenario], folder: Path) -> dict[str, Future[Outcome]]:
    """Run all scenarios, some at once, each in namespaces of its own; files go to folder/<name>/.

    All is over and torn down when this returns or raises, also on KeyboardInterrupt. A scenario that failed raises
    from its Future.
    """
    sweep()
    stop = threading.Event()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            runs = {scenario.name: pool.submit(run_scenario, scenario, folder, stop) for scenario in scenarios}
            for run in runs.values():
                run.exception()
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
    return runs


def run_scenario(scenario: Scenario, folder: Path, stop: threading.Event) -> Outcome:
    """Run one scenario to its end. Raises LabError when something of the lab fails, and soon after `stop` is set."""
    place = folder / scenario.name
    place.mkdir(parents=True)
    captures = {side: place / f"{side}.pcap" for side in SIDES}
    taking = scenario.taking
    with topology() as net, ExitStack() as programs:
        serving = programs.enter_context(ExitStack())
        with capture(net.client, captures["client"]), capture(net.server, captures["server"]):
            if scenario.service:
                serving.enter_context(service(net.server, scenario.service, place, 1))
            ends = _start(net, scenario, place, programs)
            zero_ns = time.time_ns() + NS_PER_S // 10
            for end in ends.values():
                end.begin(zero_ns)
            with ThreadPoolExecutor(1) as network:
                took = network.submit(_take, net, taking, zero_ns, stop) if taking else None
                if scenario.service and scenario.service.killed_at_s is not None:
                    _sleep(stop, _until(scenario.service.killed_at_s, zero_ns))
                    serving.close()
                    _sleep(stop, _until(scenario.service.back_at_s, zero_ns))
                    serving.enter_context(service(net.server, scenario.service, place, 2))
                _wait(stop, lambda: all(end.has_said("done") for end in ends.values()))
            if took:
                took.result()
            _sleep(stop, 0.2)  # for packets on their way
        # The captures are closed before the programs are killed, which would close their sockets.
        return Outcome(
            captures=captures,
            taken=net.taken(getattr(net, taking.place)) if taking else 0,
            probes_sent={side: net.kernel_count(getattr(net, side), "TCPKeepAlive") for side in SIDES},
            resets_sent={side: net.kernel_count(getattr(net, side), "OutRsts") for side in SIDES},
            logs={key: end.calls() for key, end in ends.items()},
        )


def _start(net: Topology, scenario: Scenario, place: Path, programs: ExitStack) -> dict[tuple[str, int], Program]:
    """Start all programs but the service; a server listens once it has started."""
    wanted = [("client", number, PORT, steps) for number, steps in enumerate(_clients(scenario), 1)]
    for side in ("server", "client"):
        wanted += [(side, end.port, end.port, getattr(end, side)) for end in scenario.connections]
    return {
        (side, number): programs.enter_context(program(getattr(net, side), side, number, port, steps, place))
        for side, number, port, steps in wanted
    }


def _clients(scenario: Scenario) -> Sequence[Sequence[Step]]:
    return scenario.service.clients if scenario.service else ()


def _take(net: Topology, taking: Taking, zero_ns: int, stop: threading.Event) -> None:
    namespace = getattr(net, taking.place)
    _sleep(stop, _until(taking.begin_s, zero_ns))
    net.take(namespace, taking.chain, taking.match, taking.verdict)
    wanted = taking.until_count
    if wanted is not None:
        _wait(stop, lambda: net.taken(namespace) >= wanted)
        net.pass_all(namespace)


def _until(seconds: float, zero_ns: int) -> float:
    """Seconds from now until so many seconds after zero; negative when it is over."""
    return seconds - (time.time_ns() - zero_ns) / NS_PER_S


def _wait(stop: threading.Event, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + TIMEOUT_S
    while not condition():
        if time.monotonic() > deadline:
            raise LabError(f"the scenario is not over after {TIMEOUT_S} s")
        _sleep(stop, POLL_S)


def _sleep(stop: threading.Event, seconds: float) -> None:
    if stop.wait(max(0.0, seconds)):
        raise LabError("stopped before the scenario was over")
