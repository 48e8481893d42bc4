"""One end of a TCP connection: follows a list of steps and writes down every socket call. Runs inside a namespace.

    python sockets.py LOG client|server ADDRESS PORT STEPS

The log has one JSON object a line: call, arguments, begin_ns and end_ns (time.time_ns() around the call), result (a
number, or null), and errno (its name, or null). It is what really happened, whatever a capture shows.

STEPS is a JSON list of [verb, arguments...]; the verbs are methods of `End`. Over the standard streams it prints
"ready" (a server listens by then), reads a line with the time of zero in nanoseconds, connects or accepts, follows the
steps, prints "done", and keeps its socket open until its input ends, so that leaving adds no packets.
"""

from __future__ import annotations

import errno
import functools
import json
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TextIO, TypeVar

Result = TypeVar("Result")


class End:
    """One end of one connection; its methods from `at` on are the verbs of the steps."""

    def __init__(self, log: TextIO) -> None:
        self._log = log
        self._zero_ns = 0
        self._server = ("", 0)
        self._listener: socket.socket | None = None
        self._socket = socket.socket()

    def prepare_server(self, address: str, port: int) -> None:
        """Bind and listen, so that a client finds the port open."""
        self._listener = self._socket
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._call("bind", [address, port], lambda: self._socket.bind((address, port)))
        self._call("listen", [], self._socket.listen)

    def open(self, zero_ns: int, address: str, port: int) -> None:
        """Wait for the time of zero, then connect; a server accepts."""
        self._zero_ns = zero_ns
        self._server = (address, port)
        self.at(0)
        if self._listener:
            listener = self._listener
            accepted = self._call("accept", [], lambda: listener.accept()[0])
            if accepted:
                self._socket = accepted
        else:
            self._connect()
        self._call("local_port", [], lambda: int(self._socket.getsockname()[1]))

    def at(self, seconds: float) -> None:
        """Sleep until this many seconds after zero."""
        time.sleep(max(0.0, seconds - (time.time_ns() - self._zero_ns) / 1e9))

    def keep_alive(self, idle: int, interval: int, probes: int) -> None:
        """Let this end's kernel send keep-alive probes; idle time and interval in seconds."""
        self._set_option(socket.IPPROTO_TCP, "TCP_KEEPIDLE", idle)
        self._set_option(socket.IPPROTO_TCP, "TCP_KEEPINTVL", interval)
        self._set_option(socket.IPPROTO_TCP, "TCP_KEEPCNT", probes)
        self._set_option(socket.SOL_SOCKET, "SO_KEEPALIVE", 1)

    def connect_again(self) -> None:
        """Connect once more, with a new socket; the old one stays as it is."""
        self._socket = socket.socket()
        self._connect()

    def user_timeout(self, seconds: int) -> None:
        """How long what was sent may stay unacknowledged (TCP_USER_TIMEOUT, tcp(7))."""
        self._set_option(socket.IPPROTO_TCP, "TCP_USER_TIMEOUT", seconds * 1000)

    def receive_buffer(self, count: int) -> None:
        """How much the kernel takes before the program reads it, in bytes (SO_RCVBUF, socket(7))."""
        self._set_option(socket.SOL_SOCKET, "SO_RCVBUF", count)

    def wait_at_most(self, seconds: float) -> None:
        """Let later calls fail ("timed out", no errno) when they take longer."""
        self._call("settimeout", [str(seconds)], lambda: self._socket.settimeout(seconds))

    def fin_wait2_lasts(self, seconds: int) -> None:
        """How long the kernel remembers this connection after close() (TCP_LINGER2, tcp(7))."""
        self._set_option(socket.IPPROTO_TCP, "TCP_LINGER2", seconds)

    def close_with_reset(self) -> None:
        """close() with SO_LINGER 0: a RST instead of a FIN (socket(7))."""
        value = struct.pack("ii", 1, 0)
        change = functools.partial(self._socket.setsockopt, socket.SOL_SOCKET, socket.SO_LINGER, value)
        self._call("setsockopt", ["SO_LINGER", 1, 0], change)
        self.close()

    def send(self, count: int) -> None:
        """Write `count` bytes in one call."""
        self._call("send", [count], lambda: self._socket.send(b"x" * count))

    def receive(self, count: int) -> None:
        """Read until `count` bytes came, or the end of the stream (result 0), or an error; one log line a call."""
        while count > 0:
            received = self._call("recv", [count], functools.partial(self._receive_once, count))
            if not received:
                return
            count -= received

    def shutdown_write(self) -> None:
        """shutdown(SHUT_WR): a FIN, while this end can still read."""
        self._call("shutdown", ["SHUT_WR"], lambda: self._socket.shutdown(socket.SHUT_WR))

    def close(self) -> None:
        """A FIN, or a RST when SO_LINGER is 0 or bytes were left unread."""
        self._call("close", [], self._socket.close)

    def _connect(self) -> None:
        self._call("connect", list(self._server), lambda: self._socket.connect(self._server))

    def _receive_once(self, count: int) -> int:
        return len(self._socket.recv(count))

    def _set_option(self, level: int, name: str, value: int) -> None:
        self._call("setsockopt", [name, value], lambda: self._socket.setsockopt(level, getattr(socket, name), value))

    def _call(self, name: str, arguments: list[str | int], action: Callable[[], Result]) -> Result | None:
        result, error = None, None
        begin_ns = time.time_ns()
        try:
            result = action()
        except OSError as failure:
            error = errno.errorcode.get(failure.errno or 0, str(failure))
        end_ns = time.time_ns()
        entry = {"call": name, "arguments": arguments, "begin_ns": begin_ns, "end_ns": end_ns, "errno": error}
        entry["result"] = result if isinstance(result, int) else None
        print(json.dumps(entry), file=self._log, flush=True)
        return result


def main(log_path: str, role: str, address: str, port: str, steps: str) -> None:
    """See the module's description."""
    with Path(log_path).open("w") as log:
        end = End(log)
        if role == "server":
            end.prepare_server(address, int(port))
        print("ready", flush=True)
        end.open(int(sys.stdin.readline()), address, int(port))
        for verb, *arguments in json.loads(steps):
            getattr(end, verb)(*arguments)
        print("done", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
