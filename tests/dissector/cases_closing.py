"""What follows a FIN. Wireshark marks the FIN and the RST, but not that one has to do with the other."""

from __future__ import annotations

from tests.dissector.marked_case import Case
from tests.dissector.trace import OPEN

CLOSED_WHILE_PROBED = (
    OPEN
    + """
    6.003 client probe : probe  | keep_alive
    6.004 server ACK   : answer | keep_alive_ack
    8.000 server FIN   : fin, closed_before_due |
    8.001 client ACK   : fin_ack |
"""
)

CASES = {
    "E: a write after the FIN draws a RST": Case(
        "Wireshark marks nothing on the write. It is the fault: the writer's kernel had acknowledged the FIN.",
        CLOSED_WHILE_PROBED
        + """
        9.000 client len=100 : post_fin_write |
        9.001 server RST     : post_fin_reset |
        """,
    ),
    "E: a write after the FIN is acknowledged": Case(
        "The same write, but the peer takes it: a legal half-close, known once the acknowledgment is there.",
        CLOSED_WHILE_PROBED
        + """
        9.000 client len=100 : post_fin_write => post_fin_write/Note |
        9.001 server ACK     |
        """,
    ),
    "E: the FIN has the last number before the wrap": Case(
        "Wireshark loses count as in the case of the probed number. The FIN's number is 2^32-1, its acknowledgment 0;"
        " the probes of the side that closed carry the FIN's number.",
        OPEN
        + """
        2.000 client FIN   : fin
        2.001 server ACK   : fin_ack
        7.002 client probe : probe  | keep_alive
        7.003 server ACK   : answer
        """,
        options=("-o", "tcp.relative_sequence_numbers:FALSE"),
        client_isn=2**32 - 12,
    ),
    "E2: a probe after the FIN draws a RST": Case(
        "Wireshark sees a keep-alive and a RST. The RST answers the probe: the peer's socket is gone, and the"
        " application's next write fails without a packet.",
        CLOSED_WHILE_PROBED
        + """
        11.011 client probe : post_fin_probe, probe | keep_alive
        11.012 server RST   : post_fin_reset        |
        """,
    ),
    "E2: probes after the FIN are answered first": Case(
        "Wireshark sees healthy keep-alive. The kernel answers for a socket that nobody holds any more.",
        CLOSED_WHILE_PROBED
        + """
        11.011 client probe : post_fin_probe, probe | keep_alive
        11.012 server ACK   : answer                | keep_alive_ack
        16.019 client probe : post_fin_probe, probe | keep_alive
        16.020 server ACK   : answer                | keep_alive_ack
        21.027 client probe : post_fin_probe, probe | keep_alive
        21.028 server RST   : post_fin_reset        |
        """,
    ),
}
