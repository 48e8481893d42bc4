"""A server process: answers every request on any number of connections at once. Runs inside a namespace.

    python service.py ADDRESS PORT REQUEST RESPONSE IDLE_LIMIT RESET_ON_EXIT

REQUEST and RESPONSE are bytes. It closes a connection on which no byte came for IDLE_LIMIT seconds (0: never). With
RESET_ON_EXIT 1 its sockets have SO_LINGER 0, so that its end resets connections instead of closing them. It prints
"ready" when it listens, and ends when its input ends.
"""

from __future__ import annotations

import socket
import struct
import sys
import threading


def serve(connection: socket.socket, request: int, response: int, idle_limit: float) -> None:
    """Answer requests until the client closes or is idle for too long."""
    connection.settimeout(idle_limit or None)
    with connection:
        try:
            while connection.recv(request, socket.MSG_WAITALL):
                connection.sendall(b"y" * response)
        except OSError:  # idle for too long, or reset by the client: closing is all there is to do
            return


def accept(listener: socket.socket, request: int, response: int, idle_limit: float) -> None:
    """Give each connection a thread of its own."""
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, request, response, idle_limit), daemon=True).start()


def main(address: str, port: str, request: str, response: str, idle_limit: str, reset_on_exit: str) -> None:
    """See the module's description."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if int(reset_on_exit):  # accepted sockets inherit it
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    listener.bind((address, int(port)))
    listener.listen()
    print("ready", flush=True)
    arguments = (listener, int(request), int(response), float(idle_limit))
    threading.Thread(target=accept, args=arguments, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
