"""The peer's window is closed: what asks it to open is a zero-window probe, and its answers are no keep-alive answers.

Wireshark's rule for zero-window probes wants one byte at the next number, as BSD sends it. Linux's have no byte and the
number before it (net/ipv4/tcp_output.c, tcp_write_wakeup), the very shape of its keep-alive probes.
"""

from __future__ import annotations

from tests.dissector.marked_case import Case
from tests.dissector.trace import OPEN

CASES = {
    "F: Linux asks a closed window": Case(
        "Wireshark sees keep-alive, and no answers. The window is 0, the gaps double: the timer for closed windows,"
        " not the idle clock. With the window open again, and after a silence, there is a keep-alive probe.",
        OPEN
        + """
        2.000 client len=30
        2.001 server ACK win=0        | zero_window
        2.201 client ACK seq-1        | keep_alive
        2.202 server ACK win=0        | zero_window
        4.602 client ACK seq-1        | keep_alive
        4.603 server ACK win=0        | zero_window
        9.402 client ACK seq-1        | keep_alive
        9.403 server ACK              | window_update
        9.404 client len=30           |
        9.405 server ACK
        14.41 client probe   : probe  | keep_alive
        14.42 server ACK     : answer | keep_alive_ack
        """,
    ),
    "F: Linux asks a closed window, and nobody answers": Case(
        "Wireshark sees keep-alive. What goes unanswered here is a zero-window probe: not claimed as a keep-alive.",
        OPEN
        + """
        2.000 client len=30
        2.001 server ACK win=0        | zero_window
        2.201 client ACK seq-1        | keep_alive
        4.602 client ACK seq-1        | keep_alive
        9.402 client ACK seq-1        | keep_alive
        """,
    ),
    "F: a capture that starts while the window is closed": Case(
        "Wireshark sees duplicate ACKs. A keep-alive mid-idle has the same numbers, but these answers say: window 0.",
        """
        0.000 client probe            |
        0.001 server ACK win=0        | ack_lost_segment, zero_window
        2.400 client probe            | duplicate_ack
        2.401 server ACK win=0        | zero_window
        7.200 client probe            | duplicate_ack
        7.201 server ACK              | window_update
        7.202 client len=30
        7.203 server ACK
        12.21 client probe   : probe  | keep_alive
        12.22 server ACK     : answer | keep_alive_ack
        """,
    ),
    "F2: others ask a closed window with a byte of data": Case(
        "Both agree: zero-window probes. Here they stay so after the window opened, too.",
        OPEN
        + """
        2.000  client len=30
        2.001  server ACK win=0       | zero_window
        4.000  client len=1           | zero_window_probe
        4.001  server ACK win=0 ack-1 | zero_window, zero_window_probe_ack
        9.000  client len=1 seq-1     | zero_window_probe
        9.001  server ACK win=0 ack-1 | zero_window, zero_window_probe_ack
        19.000 client len=1 seq-1     | zero_window_probe
        19.001 server ACK
        19.002 client len=100
        19.003 server ACK
        """,
    ),
    "the window is small, and its scale is known": Case(
        "Both agree: 1 in the header is 512 bytes here, and not closed.",
        """
        0.000 client SYN scale=7
        0.001 server SYN scale=9
        0.002 client ACK
        1.000 client len=10
        1.001 server ACK win=1
        6.003 client probe     : probe  | keep_alive
        6.004 server ACK win=1 : answer | keep_alive_ack
        11.01 client probe     : probe  | keep_alive
        11.02 server ACK win=2 : answer | window_update
        """,
    ),
    "the window is small, and its scale is unknown": Case(
        "Both agree: 1 is not closed whatever the scale, and 0 is closed on any (RFC 7323 section 2.2).",
        """
        1.000 client len=10
        1.001 server ACK win=1
        6.003 client probe     : probe  | keep_alive
        6.004 server ACK win=1 : answer | keep_alive_ack
        7.000 client len=10
        7.001 server ACK win=0          | zero_window
        12.01 client ACK seq-1          | keep_alive
        12.02 server ACK win=0          | zero_window
        """,
    ),
}
