"""Many connections and a busy log, for as long as its input is open. Runs inside a namespace.

    python load.py LOG ADDRESS PORT CONNECTIONS

Keeps so many connections open, asks on them at random, and opens one anew when the service has closed it, or by chance.
It logs each request, and each error in Go's words; every few thousand lines it renames its log and begins another.
It prints "ready" once all connections are open.
"""

from __future__ import annotations

import os
import random
import select
import socket
import sys
import time
from datetime import datetime
from pathlib import Path

REQUEST, ANSWER = b"x" * 40, 60
LINES_A_FILE = 3000
REQUESTS_A_SECOND = 400


class Log:
    """A log that is rotated by its own program."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("a")
        self.lines = 0

    def tell(self, text: str) -> None:
        """Write a line with the time."""
        print(datetime.now().astimezone().strftime("%Y/%m/%d %H:%M:%S.%f"), text, file=self.file, flush=True)
        self.lines += 1
        if self.lines % LINES_A_FILE == 0:
            self.path.replace(self.path.with_name(f"{self.path.name}.1"))
            self.file.close()
            self.file = self.path.open("a")


def ask(connection: socket.socket, log: Log) -> bool:
    """Send a request and read its answer; whether the connection is still good."""
    own, peer = connection.getsockname(), connection.getpeername()
    name = f"{own[0]}:{own[1]}->{peer[0]}:{peer[1]}"
    operation = "write"
    try:
        connection.sendall(REQUEST)
        operation = "read"
        answer = connection.recv(ANSWER, socket.MSG_WAITALL)
    except OSError as error:
        log.tell(f"{operation} tcp {name}: {operation}: {os.strerror(error.errno or 0).lower()}")
        return False
    log.tell(f"asked {name}, {len(answer)} bytes of answer" if answer else f"read tcp {name}: EOF")
    return len(answer) == ANSWER


def main(path: str, address: str, port: str, count: str) -> None:
    """See the module's description."""
    log = Log(Path(path))
    dice = random.Random(1)
    connections = [socket.create_connection((address, int(port))) for _ in range(int(count))]
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        number = dice.randrange(len(connections))
        if not ask(connections[number], log) or dice.random() < 0.05:
            connections[number].close()
            connections[number] = socket.create_connection((address, int(port)))
        time.sleep(1 / REQUESTS_A_SECOND)


if __name__ == "__main__":
    main(*sys.argv[1:])
