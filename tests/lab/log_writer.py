"""A program with connections, and a log of what breaks them. Runs inside a namespace.

    python log_writer.py LOG

It reads commands, a line each, and answers each with "ok", or with the port of its end of a new connection:

    open ADDRESS PORT     connect
    ask PORT              send a request on the connection from this port, and read the answer
    write PORT            write until that fails, and log the error
    read PORT             read until that fails or ends, and log it
    log TEXT              log a line
    reopen                open the log anew, as a program does that is told to (SIGHUP)

Its lines are those of Go's package log, its errors those of the kernel.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TextIO

REQUEST, ANSWER = b"x" * 40, 60


def ends(connection: socket.socket) -> str:
    """The two ends as Go writes them."""
    return "->".join(f"{host}:{port}" for host, port in (connection.getsockname(), connection.getpeername()))


def tell(log: TextIO, text: str) -> None:
    """Write a line with the time."""
    print(datetime.now().astimezone().strftime("%Y/%m/%d %H:%M:%S.%f"), text, file=log, flush=True)


def write(connection: socket.socket, log: TextIO, name: str) -> None:
    """Write until that fails."""
    while True:
        try:
            connection.sendall(REQUEST)
        except OSError as error:
            tell(log, f"write tcp {name}: write: {os.strerror(error.errno or 0).lower()}")
            return
        time.sleep(0.3)


def read(connection: socket.socket, log: TextIO, name: str) -> None:
    """Read until that fails or ends."""
    try:
        while connection.recv(1 << 16):
            continue
        tell(log, f"read tcp {name}: EOF")
    except OSError as error:
        tell(log, f"read tcp {name}: read: {os.strerror(error.errno or 0).lower()}")


def main(path: str) -> None:
    """See the module's description."""
    log = Path(path).open("a")  # noqa: SIM115 - opened anew below
    connections: dict[str, tuple[socket.socket, str]] = {}
    for line in sys.stdin:
        verb, _, rest = line.strip().partition(" ")
        answer = "ok"
        if verb == "open":
            address, port = rest.split()
            connection = socket.create_connection((address, int(port)))
            answer = str(connection.getsockname()[1])
            connections[answer] = connection, ends(connection)
        elif verb == "ask":
            connection, _ = connections[rest]
            connection.sendall(REQUEST)
            connection.recv(ANSWER, socket.MSG_WAITALL)
        elif verb in ("write", "read"):
            connection, name = connections[rest]
            (write if verb == "write" else read)(connection, log, name)
        elif verb == "log":
            tell(log, rest)
        else:
            log.close()
            log = Path(path).open("a")  # noqa: SIM115
        print(answer, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
