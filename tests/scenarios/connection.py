"""A TCP connection: two endpoints and the path between them.

Applications are written as actions on a Simulation: `connection.client.connect(then)`, `connection.exchange(...)`,
`connection.server.close()`. The kernels do the rest.
"""

from __future__ import annotations

from random import Random

from tests.scenarios.endpoint import Endpoint
from tests.scenarios.hosts import Host
from tests.scenarios.packets import Address
from tests.scenarios.path import Path
from tests.scenarios.simulation import Action, Simulation


class Connection:
    """A client's and a server's endpoint and the path between them; `chance` picks sequence numbers and IP-IDs."""

    def __init__(
        self, simulation: Simulation, path: Path, client: tuple[Host, int], server: tuple[Host, int], chance: Random
    ) -> None:
        """`client` and `server` are a host and a port each."""
        client_address, server_address = Address(client[0].ip, client[1]), Address(server[0].ip, server[1])

        def number(bits: int) -> int:
            return int(chance.random() * (1 << bits))

        self.simulation = simulation
        self.client = Endpoint(
            simulation, path, client[0], client_address, server_address, number(32), number(16), windows=(29200, 229)
        )
        self.server = Endpoint(
            simulation, path, server[0], server_address, client_address, number(32), number(16), windows=(28960, 227)
        )
        self.client.peer, self.server.peer = self.server, self.client

    def exchange(self, request: bytes, response: bytes, think_ns: int, then: Action = lambda: None) -> None:
        """The client writes a request now, the server answers `think_ns` after receiving it, then `then` runs."""

        def answer() -> None:
            self.simulation.after(think_ns, lambda: self.server.write(response))

        self.server.on_payload.append(answer)
        self.client.on_payload.append(then)
        self.client.write(request)
