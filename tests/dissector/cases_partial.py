"""Captures that lack something: the beginning, or one of the two directions."""

from __future__ import annotations

from tests.dissector.marked_case import Case

CASES = {
    "D: the capture starts in the middle of a silence": Case(
        "Wireshark never recovers: the first answer acknowledges something unseen, all else is duplicate ACKs. The"
        " answer tells what the first probe's number was; known from then on.",
        """
        0.000  client probe : => probe |
        0.001  server ACK   : answer   | ack_lost_segment
        5.008  client probe : probe    | duplicate_ack
        5.009  server ACK   : answer   | duplicate_ack
        10.016 client probe : probe    | duplicate_ack
        10.017 server ACK   : answer   | duplicate_ack
        """,
    ),
    "D: ... with probes that were not answered at first": Case(
        "Wireshark sees duplicate ACKs. The first answer proves all probes before it, and that they had none.",
        """
        0.000  client probe : => probe                  |
        5.008  client probe : => unanswered, probe      | duplicate_ack
        10.016 client probe : => unanswered/Warn, probe | duplicate_ack
        10.017 server ACK   : answer
        """,
    ),
    "D: ... with a garbage byte": Case(
        "Wireshark misses the first pair only. The byte might have been data, until the same number comes again after a"
        " silence: a write has PSH, and goes on.",
        """
        0.000  client probe len=1 : => probe  |
        0.001  server ACK         : => answer |
        10.000 client probe len=1 : probe     | keep_alive
        10.001 server ACK         : answer    | keep_alive_ack
        20.000 client probe len=1 : probe     | keep_alive
        20.001 server ACK         : answer    | keep_alive_ack
        """,
    ),
    "D: ... with a byte of data": Case(
        "Both agree. With PSH somebody wrote it: no probe.",
        """
        0.000  client len=1       |
        0.001  server ACK         |
        10.002 client probe len=1 : probe  | keep_alive
        10.003 server ACK         : answer | keep_alive_ack
        """,
    ),
    "D: ... with both sides probing in turn": Case(
        "Wireshark misses the first pair, and the second answer.",
        """
        0.000 client probe : => probe |
        0.001 server ACK   : answer   | ack_lost_segment
        2.000 server probe : probe    | keep_alive
        2.001 client ACK   : answer
        5.008 client probe : probe    | keep_alive
        5.009 server ACK   : answer   | keep_alive_ack
        7.008 server probe : probe    | keep_alive
        7.009 client ACK   : answer   | keep_alive_ack
        """,
    ),
    "D: ... with both sides probing at once": Case(
        "Wireshark sees lost segments. The server's probe acknowledges one more than the client was seen to send: this"
        " proves the client's; and the client's acknowledges one more than the server's number: this proves its own.",
        """
        0.0000 client probe : => probe |
        0.0001 server probe : probe    | ack_lost_segment
        0.0010 server ACK   : answer
        0.0011 client ACK   : answer
        5.0080 client probe : probe    | keep_alive
        5.0081 server probe : probe    | keep_alive
        5.0090 server ACK   : answer   | keep_alive_ack
        5.0091 client ACK   : answer   | duplicate_ack
        """,
    ),
    "I: the capture shows only what the prober sends": Case(
        "Wireshark marks the probes, and it looks like G. Where the peer is not seen, nothing is said to be missing.",
        """
        0.000  client len=10
        0.001  server ACK   lost
        5.001  client probe : probe | keep_alive
        5.002  server ACK   lost
        10.009 client probe : probe | keep_alive
        10.010 server ACK   lost
        15.017 client probe : probe | keep_alive
        15.018 server ACK   lost
        """,
    ),
    "I: ... and starts in the middle of a silence": Case(
        "Wireshark sees duplicate ACKs. It cannot be told: the answers to a peer's probes would look the same (J).",
        """
        0.000  client probe |
        5.008  client probe | duplicate_ack
        10.016 client probe | duplicate_ack
        """,
    ),
    "J: the capture shows only the answers": Case(
        "Wireshark sees duplicate ACKs. It cannot be told: probes mid-idle would look the same (I).",
        """
        0.000  client probe lost
        0.001  server ACK   |
        5.008  client probe lost
        5.009  server ACK   | duplicate_ack
        10.016 client probe lost
        10.017 server ACK   | duplicate_ack
        """,
    ),
    "J: ... and data of the answering side before": Case(
        "Wireshark sees duplicate ACKs. Nothing here is a probe, and an answer without its probe is not claimed.",
        """
        0.000  client len=10 lost
        0.001  server len=20  |
        0.002  client ACK     lost
        5.002  client probe   lost
        5.003  server ACK     | duplicate_ack
        10.010 client probe   lost
        10.011 server ACK     | duplicate_ack
        """,
    ),
}
