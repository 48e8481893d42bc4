"""Probes and answers where Wireshark's rules see something else, and segments that are neither where it sees them.

Wireshark marks as keep-alive whatever has 0 or 1 byte at the sender's highest number - 1, and as its answer an empty
segment right behind it that changes nothing, the window included (packet-tcp.c, tcp_analyze_sequence_number).
"""

from __future__ import annotations

from tests.dissector.marked_case import Case
from tests.dissector.trace import OPEN

CASES = {
    "A: a probe and its answer": Case(
        "Both agree.",
        OPEN
        + """
        6.003  client probe : probe  | keep_alive
        6.004  server ACK   : answer | keep_alive_ack
        11.011 client probe : probe  | keep_alive
        11.012 server ACK   : answer | keep_alive_ack
        """,
    ),
    "A: the probe carries no byte, a zero byte, a random byte": Case(
        "Both agree: what the byte is does not matter, it lies below what the peer acknowledged.",
        OPEN
        + """
        6.003  client probe                 : probe  | keep_alive
        6.004  server ACK                   : answer | keep_alive_ack
        11.011 client probe len=1 octet=0   : probe  | keep_alive
        11.012 server ACK                   : answer | keep_alive_ack
        16.019 client probe len=1 octet=171 : probe  | keep_alive
        16.020 server ACK                   : answer | keep_alive_ack
        """,
    ),
    "B: the answer announces another window": Case(
        "Wireshark sees a window update, and a probe without an answer. It acknowledges the probed number: an answer.",
        OPEN
        + """
        6.003  client probe       : probe  | keep_alive
        6.004  server ACK win=501 : answer | window_update
        11.011 client probe       : probe  | keep_alive
        11.012 server ACK win=501 : answer | keep_alive_ack
        """,
    ),
    "B: the answer carries data": Case(
        "Wireshark has no answer at all. Data that acknowledges the probed number shows the peer just as much alive.",
        OPEN
        + """
        6.003 client probe   : probe  | keep_alive
        6.004 server len=100 : answer |
        6.005 client ACK
        """,
    ),
    "C: a one-byte write is sent again and again": Case(
        "Wireshark sees keep-alive. The byte is not acknowledged: these are the doubling gaps of a retransmission.",
        OPEN
        + """
        6.000  client len=1       |
        6.300  client len=1 seq-1 | keep_alive
        6.900  client len=1 seq-1 | keep_alive
        8.100  client len=1 seq-1 | keep_alive
        10.500 client len=1 seq-1 | keep_alive
        10.501 server ACK
        """,
    ),
    "C: a one-byte write is sent again because its acknowledgment was lost behind the point of capture": Case(
        "Wireshark sees keep-alive. All is acknowledged here, but the byte has PSH: somebody wrote it.",
        OPEN
        + """
        6.000 client len=1       |
        6.001 server ACK         |
        9.000 client len=1 seq-1 | keep_alive
        9.001 server ACK
        """,
    ),
    "G: nobody answers, and the prober gives up": Case(
        "Wireshark marks every probe alike. Each one that had its time and no answer is said, and what the RST means.",
        OPEN
        + """
        6.003  client probe : probe                  | keep_alive
        11.011 client probe : unanswered, probe      | keep_alive
        16.019 client probe : unanswered/Warn, probe | keep_alive
        21.027 client RST   : gave_up, unanswered/Warn |
        """,
    ),
    "H: both sides probe at once": Case(
        "Wireshark remembers one frame, so the second answer is a duplicate ACK to it. Each side has one of its own.",
        OPEN
        + """
        6.00300  client probe : probe  | keep_alive
        6.00301  server probe : probe  | keep_alive
        6.00310  server ACK   : answer | keep_alive_ack
        6.00311  client ACK   : answer | duplicate_ack
        11.01100 client probe : probe  | keep_alive
        11.01101 server probe : probe  | keep_alive
        11.01110 server ACK   : answer | keep_alive_ack
        11.01111 client ACK   : answer | duplicate_ack
        """,
    ),
    "H: both sides probe at once, but only one is answered": Case(
        "A probe is no answer to a probe, though it acknowledges all: it left before the other one came.",
        OPEN
        + """
        6.00300  client probe : probe             | keep_alive
        6.00301  server probe : probe             | keep_alive
        6.00310  client ACK   : answer            | keep_alive_ack
        11.01100 client probe : unanswered, probe | keep_alive
        11.01110 server ACK   : answer            | keep_alive_ack
        """,
    ),
    "L: the last data was never acknowledged": Case(
        "Wireshark sees keep-alive. No kernel probes while data is in flight: the capture lacks something, so nothing"
        " is said of this frame. The next one is a probe: all is acknowledged by then.",
        OPEN
        + """
        2.000  client len=10
        7.000  client probe           | keep_alive
        7.001  server ACK
        12.009 client probe  : probe  | keep_alive
        12.010 server ACK    : answer | keep_alive_ack
        """,
    ),
    "N: Wireshark's analysis of sequence numbers is switched off": Case(
        "Wireshark marks nothing. The plugin counts for itself.",
        OPEN
        + """
        6.003  client probe : probe  |
        6.004  server ACK   : answer |
        11.011 client probe : probe  |
        11.012 server ACK   : answer |
        """,
        options=("-o", "tcp.analyze_sequence_numbers:FALSE"),
    ),
    "an acknowledgment comes behind the sender's own FIN": Case(
        "Wireshark sees keep-alive, since the FIN counts as one. It breaks no silence: it left before the FIN, and was"
        " overtaken. The probe seconds later is one: in FIN-WAIT-2 the timer runs on.",
        OPEN
        + """
        2.000  client FIN       : fin
        2.001  client ACK seq-1 | keep_alive
        2.002  server ACK       : fin_ack
        10.003 client probe     : probe  | keep_alive
        10.004 server ACK       : answer | keep_alive_ack
        """,
    ),
    "the probed number is the last before the numbers wrap": Case(
        "Wireshark takes the next number, 0, for none seen yet and loses count: a good answer acknowledges something"
        " unseen, and the next probe is a duplicate ACK.",
        OPEN
        + """
        6.003  client probe : probe  | keep_alive
        6.004  server ACK   : answer | keep_alive_ack, ack_lost_segment
        11.011 client probe : probe  | duplicate_ack
        11.012 server ACK   : answer
        """,
        options=("-o", "tcp.relative_sequence_numbers:FALSE"),
        client_isn=2**32 - 11,
    ),
    "the probed number is the first after the wrap": Case(
        "Both agree.",
        OPEN
        + """
        6.003 client probe : probe  | keep_alive
        6.004 server ACK   : answer | keep_alive_ack
        """,
        options=("-o", "tcp.relative_sequence_numbers:FALSE"),
        client_isn=2**32 - 10,
    ),
    "an acknowledgment is overtaken by a write of one byte": Case(
        "Wireshark sees keep-alive in an old ACK that comes late. It breaks no silence: the peer was just heard.",
        OPEN
        + """
        6.000 client len=1            |
        6.001 server len=10
        6.002 client ACK seq-1 ack-10 | keep_alive
        6.003 client ACK
        """,
    ),
}
