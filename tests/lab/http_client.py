"""An HTTP client that keeps its connection: one GET a line of its input. Runs inside a namespace.

    python http_client.py ADDRESS PORT

It prints the status of each answer, or the error that Python's own http.client raises.
"""

from __future__ import annotations

import http.client
import sys


def main(address: str, port: str) -> None:
    """See the module's description."""
    connection = http.client.HTTPConnection(address, int(port))
    connection.connect()
    connection.auto_open = 0  # a connection that the server closed is not opened again in silence
    for line in sys.stdin:
        try:
            connection.request("GET", line.strip())
            answer = connection.getresponse()
            answer.read()
            print(answer.status, flush=True)
        except (OSError, http.client.HTTPException) as error:
            print(f"{type(error).__module__}.{type(error).__qualname__}: {error}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
