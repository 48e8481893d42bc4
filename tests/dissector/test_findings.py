"""Every finding on exactly its frame, in one pass and in two, through tshark."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dissector.trace import OPEN, PROBED, USUAL_LEVEL, check

STORIES = {
    "probes and their answers": PROBED,
    "a capture that starts in the middle of a silence": """
        0.000 client probe : => probe
        0.001 server ACK   : answer
        5.008 client probe : probe
        5.009 server ACK   : answer
    """,
    "an unanswered probe, then an answer": PROBED
    + """
        21.027 client probe : probe
        26.035 client probe : unanswered, probe
        26.036 server ACK   : answer
    """,
    "the peer vanished: two unanswered in a row, then the prober gives up": PROBED
    + """
        21.027 client probe : probe
        26.035 client probe : unanswered, probe
        31.043 client probe : unanswered/Warn, probe
        36.051 client RST   : gave_up, unanswered/Warn
    """,
    "the capture ends after the last probe had its time": PROBED
    + """
        21.027 client probe : probe => missed, unanswered, probe
        22-28 others
    """,
    "the capture ends before the answer can be missed": PROBED
    + """
        21.027 client probe : probe
        21.900 other
    """,
    "a late probe": PROBED
    + """
        17-23 others
        23.500 client probe : late, probe
        23.501 server ACK   : answer
    """,
    "missed intervals, ended by a request": PROBED
    + """
        17-35 others
        36.000 client len=10 : missed
        36.001 server ACK
    """,
    "missed intervals at the end of the capture": PROBED.replace(
        "16.020 server ACK   : answer", "16.020 server ACK : answer => missed, answer"
    )
    + "17-40 others",
    "a first gap that was too long": OPEN
    + """
        6.003  client probe : probe
        6.004  server ACK   : answer
        7-20 others
        21.027 client probe : probe => missed, probe
        21.028 server ACK   : answer
        26.035 client probe : probe
        26.036 server ACK   : answer
        31.043 client probe : probe
        31.044 server ACK   : answer
    """,
    "a hole in the capture, in which the client made packets": PROBED
    + """
        30.000 client ACK lost
        300.000 other        : capture_hole
        300.001 client probe : probe
        300.002 server ACK   : answer
    """,
    "a rest of the capture in which the client made no packet": PROBED
    + """
        51.075 client probe : missed, capture_hole, probe
        51.077 server ACK   : answer
    """,
    "a rest of the capture that the server's FIN ends, and of which the client's next packet tells": PROBED
    + """
        51.075 server FIN   : capture_hole, fin => missed, capture_hole, fin
        51.077 client ACK   : fin_ack
    """,
    "a setting that changed": PROBED
    + """
        17-31 others
        31.019 client probe : missed, probe => probe
        31.020 server ACK   : answer
        32-46 others
        46.019 client probe : setting_changed, probe
        46.020 server ACK   : answer
    """,
    "closed before the next probe was due, probed and reset after the FIN": PROBED
    + """
        20.928 server FIN   : fin, closed_before_due
        20.929 client ACK   : fin_ack
        25.930 client probe : post_fin_probe, probe
        25.931 server RST   : post_fin_reset
    """,
    "a write after the peer's FIN": OPEN
    + """
        61.002 server FIN    : fin
        61.003 client ACK    : fin_ack
        90.000 client len=84 : post_fin_write
        90.001 server RST    : post_fin_reset
    """,
    "a legal half-close": OPEN
    + """
        61.002 server FIN     : fin
        61.003 client ACK     : fin_ack
        62.000 client len=900 : post_fin_write => post_fin_write/Note
        62.001 server ACK
        62.002 client FIN
        62.003 server ACK
    """,
    "a TLS closing alert after the FIN": OPEN
    + """
        2.000 server FIN       : fin
        2.001 client ACK       : fin_ack
        2.002 client tls-alert : post_fin_write/Note
        2.003 server RST       : post_fin_reset/Note
    """,
    "the writer was closing, too, but the RST was faster than its FIN": OPEN
    + """
        2.000 server FIN    : fin
        2.001 client len=30 : post_fin_write, fin_ack => post_fin_write/Note, fin_ack
        2.002 server RST    : post_fin_reset => post_fin_reset/Note
        2.003 client FIN
    """,
    "data that crosses the FIN": OPEN
    + """
        2.000 server FIN          : fin
        2.001 client len=30 ack-1
        2.002 server RST          : reset/Note
    """,
    "data after the sender's own FIN": OPEN
    + """
        2.000 server FIN    : fin
        2.001 server len=30 : write_after_own_fin
    """,
    "a reset in the middle of a request": OPEN
    + """
        2.000 client len=30
        2.001 server RST    : reset
    """,
    "a request that crosses the FIN of an idle close is lost": OPEN
    + """
        61.000 server FIN          : fin
        61.001 client len=30 ack-1
        61.002 server RST no-ack   : reset
    """,
    "an answer on its way when the client closed": OPEN
    + """
        2.000 client len=6
        2.001 client FIN           : fin
        2.002 server len=20        : post_fin_write/Note, fin_ack
        2.003 client RST no-ack    : post_fin_reset/Note
    """,
    "an idle connection that its client resets": OPEN
    + """
        61.000 client RST : reset/Note
    """,
    "a TLS closing alert with the FIN of an idle close": OPEN
    + """
        61.000 server tls-alert
        61.000 server FIN        : fin
    """,
    "data that is sent again and again without an answer, and the RST that gives it up": OPEN
    + """
        2.000 client len=10
        2.200 client len=10 seq-10
        2.600 client len=10 seq-10
        3.400 client len=10 seq-10
        5.000 client RST           : retransmission_timeout, reset
    """,
    "a FIN that is sent again until the capture ends": OPEN
    + """
        2.000 client FIN           : fin
        2.200 client FIN seq-1
        2.600 client FIN seq-1
        3.400 client FIN seq-1     : => retransmission_timeout/Note
        9.000 other
    """,
    "a refused connection says nothing": """
        0.000 client SYN
        0.001 server RST
    """,
    "zero-window probes are no keep-alive": OPEN
    + """
        2.000 client len=30
        2.001 server ACK win=0
        4.000 client ACK seq-1
        4.001 server ACK win=0
        8.000 client ACK seq-1
        8.001 server ACK
    """,
    "a one-byte retransmission is no keep-alive": OPEN
    + """
        2.000 client len=1
        5.000 client len=1 seq-1
        5.001 server ACK
    """,
}


@pytest.mark.parametrize("text", STORIES.values(), ids=STORIES.keys())
def test_findings_are_on_their_frames(text: str, tmp_path: Path) -> None:
    check(text, tmp_path)


def test_the_stories_have_every_finding() -> None:
    told = " ".join(STORIES.values())
    in_another_place = {"refused_by"}  # test_icmp.py
    assert [name for name in USUAL_LEVEL if f" {name}" not in told] == sorted(in_another_place)
