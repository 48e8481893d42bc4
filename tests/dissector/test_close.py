"""How connections end, through tshark: FIN, what is written after it, which RST counts; in one pass and in two."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dissector.trace import OPEN, PROBED, Trace, check, check_trace
from tests.support.plugin import FindingOnFrame, run_findings

HALF_CLOSED = (
    OPEN
    + """
    61.002 server FIN : fin
    61.003 client ACK : fin_ack
"""
)
"""The server closes, the client's kernel acknowledges, its application does not notice: frames 8 and 9."""

STORIES = {
    "a FIN is sent again, with data": OPEN
    + """
        5.000 server FIN len=30        : fin
        5.300 server FIN len=30 seq-31
        5.900 server FIN seq-1
        5.901 client ACK               : fin_ack
    """,
    "both close at the same time": OPEN
    + """
        5.000 client FIN       : fin
        5.001 server FIN ack-1
        5.002 client ACK
        5.003 server ACK       : fin_ack
    """,
    "both close, then a stray RST": OPEN
    + """
        5.000 client FIN : fin
        5.001 server FIN : fin_ack
        5.002 client ACK
        5.003 server RST
    """,
    "data in flight when the FIN arrives, sent again with a newer ACK": OPEN
    + """
        5.000 server FIN           : fin
        5.001 client len=10 ack-1
        5.002 client ACK           : fin_ack
        5.300 client len=10 seq-10
        5.301 server RST no-ack    : reset
    """,
    "RST and FIN cross": OPEN
    + """
        5.000 client len=10
        5.001 server RST    : reset => reset/Note
        5.002 client FIN
    """,
    "one RST for each write after the FIN": HALF_CLOSED
    + """
        70.000 client len=100    : post_fin_write
        70.001 client len=100    : post_fin_write
        70.050 server RST no-ack : post_fin_reset
        70.051 server RST no-ack
    """,
    "a write after the FIN that nobody answers": HALF_CLOSED
    + """
        70.000 client len=100         : post_fin_write
        70.300 client len=100 seq-100
    """,
    "a TLS 1.3 alert after the FIN": HALF_CLOSED
    + """
        61.010 client tls13-alert : post_fin_write/Note
        61.011 server RST no-ack  : post_fin_reset/Note
    """,
    "an RST with an old number ends nothing": OPEN
    + """
        5.000 server RST seq-10
        6.000 client len=10
        6.001 server ACK
        9.000 client FIN        : fin
    """,
    "an RST after which both go on talking": PROBED
    + """
        17.000 server RST   : reset/Note, closed_before_due =>
        21.027 client probe : => probe
        21.028 server ACK   : answer
        22.000 server FIN   : fin, closed_before_due
    """,
    "an RST that is challenged": OPEN
    + """
        5.000 server RST seq+100 : reset =>
        5.001 client ACK ack-100
    """,
    "a FIN that the capture lost": OPEN
    + """
        5.000 server FIN lost
        5.001 client ACK
        9.000 client len=10
        9.001 server RST    : reset
    """,
    "a connection that is opened only to be reset": """
        0.000 client SYN
        0.001 server SYN
        0.002 client ACK
        0.003 client RST
    """,
    "a scan with a FIN alone": """
        0.000 client FIN no-ack
        0.001 server RST
    """,
    "a SYN on the ports of a half-closed connection that is challenged, refused and accepted": HALF_CLOSED
    + """
        70.000 client SYN no-ack seq+9000
        70.001 server ACK ack-9001
        70.002 client RST no-ack seq-9001
        71.000 client SYN no-ack seq-1
        71.001 server SYN seq+777
        71.002 client ACK
        71.003 client FIN                 : fin
    """,
}


@pytest.mark.parametrize("text", STORIES.values(), ids=STORIES.keys())
def test_findings_are_on_their_frames(text: str, tmp_path: Path) -> None:
    check(text, tmp_path)


@pytest.mark.parametrize("story", ["one RST for each write after the FIN", "an RST with an old number ends nothing"])
def test_sequence_numbers_may_wrap_during_the_close(story: str, tmp_path: Path) -> None:
    for isn in (2**32 - 1, 2**32 - 31, 2**32 - 115):
        check_trace(Trace(STORIES[story], client_isn=isn, server_isn=isn), tmp_path / f"{isn}.pcap")


def only(identifier: str, findings: list[FindingOnFrame]) -> FindingOnFrame:
    """The only finding of this kind."""
    (finding,) = (finding for finding in findings if finding.id == identifier)
    return finding


def test_who_closed_first_is_doubted_when_the_other_fin_may_not_be_in_the_capture(tmp_path: Path) -> None:
    story = "5.000 server FIN lost\n 5.001 client ACK\n 5.002 client FIN : fin\n 5.003 server ACK : fin_ack"
    doubted = only("fin", run_findings(check(OPEN + story, tmp_path)))
    assert "may have been among them" in str(doubted.data["doubt"])
    sure = only("fin", run_findings(check(OPEN + story.replace("server FIN lost", "server ACK"), tmp_path)))
    assert "doubt" not in sure.data


def test_an_rst_without_ack_answers_the_segment_before_it(tmp_path: Path) -> None:
    capture = check("0.000 client ACK\n 0.100 server RST no-ack : reset/Note", tmp_path)
    reset = only("reset", run_findings(capture))
    assert (reset.data["followed"], reset.data["cause"]) == ("ACK", 1)
