"""Every packet is captured twice, microseconds apart: on a mirror port that sees both directions, or on `-i any`.

The copy is the same IP packet, with the same identification; its link header may be another one. Of each thing that
happened once, there is one finding.
"""

from __future__ import annotations

from tests.dissector.marked_case import Case
from tests.dissector.trace import OPEN

PROBED_TWICE = (
    OPEN
    + """
    6.00300  client probe : probe  | keep_alive
    6.00301  client copy           | keep_alive
    6.00400  server ACK   : answer | keep_alive_ack
    6.00401  server copy           | keep_alive_ack
    11.01100 client probe : probe  | keep_alive
    11.01101 client copy           | keep_alive
    11.01200 server ACK   : answer | keep_alive_ack
    11.01201 server copy           | keep_alive_ack
"""
)

CASES = {
    "K: probes and answers": Case(
        "Wireshark counts twice as many probes, 10 us and 5 s apart. A probe breaks a silence, a copy does not.",
        PROBED_TWICE,
    ),
    "K: the copies carry another link header": Case(
        "As before: what lies below IP makes no difference.",
        OPEN
        + """
        6.00300  client probe : probe  | keep_alive
        6.00301  client copy tagged    | keep_alive
        6.00400  server ACK tagged : answer | keep_alive_ack
        6.00401  server copy           | keep_alive_ack
        11.01100 client probe : probe  | keep_alive
        11.01101 client copy tagged    | keep_alive
        11.01200 server ACK tagged : answer | keep_alive_ack
        11.01201 server copy           | keep_alive_ack
        """,
    ),
    "K: the copies come a round trip later": Case(
        "On the far side of a router the copy of the probe comes behind the answer.",
        OPEN
        + """
        6.003  client probe            : probe  | keep_alive
        6.013  server ACK              : answer | keep_alive_ack
        6.023  client copy                      | keep_alive
        6.033  server copy
        11.011 client probe            : probe  | keep_alive
        11.021 server ACK              : answer | keep_alive_ack
        11.031 client copy                      | keep_alive
        11.041 server copy
        """,
    ),
    "K: unanswered probes": Case(
        "A copy answers nothing, and is no second unanswered probe.",
        OPEN
        + """
        6.00300  client probe : probe                  | keep_alive
        6.00301  client copy                           | keep_alive
        11.01100 client probe : unanswered, probe      | keep_alive
        11.01101 client copy                           | keep_alive
        16.01900 client probe : unanswered/Warn, probe | keep_alive
        16.01901 client copy                           | keep_alive
        21.02700 client RST   : gave_up, unanswered/Warn
        21.02701 client copy
        """,
    ),
    "K: both sides probe at once": Case(
        "The copy of the server's probe acknowledges all the client sent, and is still no answer to the client's.",
        OPEN
        + """
        6.00300 client probe : probe  | keep_alive
        6.00301 client copy           | keep_alive
        6.00302 server probe : probe  | keep_alive
        6.00303 server copy           | keep_alive
        6.00400 server ACK   : answer | keep_alive_ack
        6.00401 server copy
        6.00402 client ACK   : answer | duplicate_ack
        6.00403 client copy           | duplicate_ack
        """,
    ),
    "K: both sides probe at once with a garbage byte": Case(
        "The copies of the bytes are no sign of life, either.",
        OPEN
        + """
        6.00300 client probe len=1 : probe  | keep_alive
        6.00301 client copy                 | keep_alive
        6.00302 server probe len=1 : probe  | keep_alive
        6.00303 server copy                 | keep_alive
        6.00400 server ACK         : answer | keep_alive_ack
        6.00401 server copy
        6.00402 client ACK         : answer | duplicate_ack
        6.00403 client copy                 | duplicate_ack
        """,
    ),
    "K: the capture starts in the middle of a silence": Case(
        "Wireshark sees duplicate ACKs only. The copy of a probe is no probe when it is written back, either.",
        """
        0.00000 client probe : => probe |
        0.00001 client copy             | duplicate_ack
        0.00100 server ACK   : answer
        0.00101 server copy             | duplicate_ack
        5.00800 client probe : probe    | duplicate_ack
        5.00801 client copy             | duplicate_ack
        5.00900 server ACK   : answer   | duplicate_ack
        5.00901 server copy             | duplicate_ack
        """,
    ),
    "K: a one-byte write": Case(
        "Wireshark sees keep-alive in the copy. The byte is on its way.",
        OPEN
        + """
        6.00000 client len=1 |
        6.00001 client copy  | keep_alive
        6.00100 server ACK
        6.00101 server copy
        """,
    ),
    "K: FIN, write and RST": Case(
        "Wireshark sees retransmissions. One FIN, one write after it, one RST.",
        PROBED_TWICE
        + """
        14.00000 server FIN    : fin, closed_before_due
        14.00001 server copy
        14.00100 client ACK    : fin_ack
        14.00101 client copy            | duplicate_ack
        15.00000 client len=50 : post_fin_write |
        15.00001 client copy
        15.00100 server RST    : post_fin_reset
        15.00101 server copy
        """,
    ),
    "K: a probe after the FIN": Case(
        "One probe, one RST that answers it.",
        PROBED_TWICE
        + """
        14.00000 server FIN   : fin, closed_before_due
        14.00001 server copy
        14.00100 client ACK   : fin_ack
        14.00101 client copy
        19.00200 client probe : post_fin_probe, probe | keep_alive
        19.00201 client copy                          | keep_alive
        19.00300 server RST   : post_fin_reset
        19.00301 server copy
        """,
    ),
}
