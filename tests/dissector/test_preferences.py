"""Each preference does what it says."""

from __future__ import annotations

from pathlib import Path

from tests.dissector.test_filters import frames
from tests.dissector.trace import OPEN, PROBED, Trace, check
from tests.support.plugin import run_tshark

ONE_PROBE = (
    OPEN
    + """
    6.003  client probe : probe
    6.004  server ACK   : answer
"""
)


def test_without_idle_and_interval_one_probe_teaches_no_cadence(tmp_path: Path) -> None:
    check(ONE_PROBE + "40.000 client len=10", tmp_path)


def test_idle_and_interval_replace_what_the_capture_does_not_teach(tmp_path: Path) -> None:
    settings = ("-o", "keepalive.idle:5000", "-o", "keepalive.interval:5000")
    check(ONE_PROBE + "7-39 others\n40.000 client len=10 : missed", tmp_path, *settings)


def test_interval_alone_says_when_the_probe_behind_an_unanswered_one_is_due(tmp_path: Path) -> None:
    unanswered = OPEN + "6.003 client probe : probe\n"
    check(unanswered + "7-19 others\n20.000 client probe : unanswered, probe", tmp_path)
    check(
        unanswered + "7-19 others\n20.000 client probe : missed, unanswered, probe",
        tmp_path,
        "-o",
        "keepalive.interval:5000",
    )


def test_the_smallest_gap_may_be_nothing(tmp_path: Path) -> None:
    """Segments of one moment are no two probes all the same: an interval of nothing would be missed without end."""
    at_once = "6.003 client probe : probe\n" + 2 * "6.003 client probe\n"
    later = "9.000 client probe : unanswered, probe\n10-29 others\n30.000 client len=10 : missed"
    check(OPEN + at_once + later, tmp_path, "-o", "keepalive.min_gap:0")


def test_a_long_idle_time_puts_the_first_probe_off(tmp_path: Path) -> None:
    """After a request the next probe is due 5 s later by what was learned, 60 s later by the setting."""
    request = PROBED + "17.000 client len=10\n17.001 server ACK\n"
    check(request + "18-39 others\n40.000 client len=10 : missed", tmp_path)
    check(request + "40.000 client len=10", tmp_path, "-o", "keepalive.idle:60000")


def test_slack_is_what_a_probe_may_be_late(tmp_path: Path) -> None:
    check(PROBED + "17-22 others\n23.000 client probe : late, probe", tmp_path)
    check(PROBED + "17-22 others\n23.000 client probe : probe", tmp_path, "-o", "keepalive.slack:2000")


def test_min_gap_is_the_shortest_silence_that_a_probe_breaks(tmp_path: Path) -> None:
    check(OPEN + "2.000 client probe : probe", tmp_path)
    check(OPEN + "2.000 client probe", tmp_path, "-o", "keepalive.min_gap:2000")


def test_quiet_takes_the_experts_of_healthy_probes_and_leaves_the_fields(tmp_path: Path) -> None:
    capture = Trace(PROBED + "36.000 client len=10").write(tmp_path / "trace.pcap")
    assert frames(capture, "keepalive.probe.expert || keepalive.answer.expert") == [8, 9, 10, 11, 12, 13]
    quiet = ("-o", "keepalive.quiet:TRUE")
    assert frames(capture, "keepalive.probe.expert || keepalive.answer.expert", *quiet) == []
    assert frames(capture, "keepalive.probe || keepalive.answer", *quiet) == [8, 9, 10, 11, 12, 13]
    assert frames(capture, "keepalive.missed.expert", *quiet) == [14], "by its IP identification"


# As the TCP-MIB counts them (RFC 4022).
STATES = {
    "SYN-SENT": 3, "SYN-RECEIVED": 4, "ESTABLISHED": 5, "FIN-WAIT-1": 6, "FIN-WAIT-2": 7, "CLOSE-WAIT": 8, "CLOSED": 1,
}  # fmt: skip


def test_show_state_puts_the_states_of_both_sides_on_every_segment(tmp_path: Path) -> None:
    text = OPEN + "61.002 server FIN\n61.003 client ACK\n90.000 client len=84\n90.001 server RST\n91.000 other"
    capture = Trace(text).write(tmp_path / "trace.pcap")
    assert frames(capture, "keepalive.state.src") == []
    fields = ["-T", "fields", "-e", "keepalive.state.src", "-e", "keepalive.state.dst"]
    shown = run_tshark(["-2", "-r", str(capture), "-o", "keepalive.show_state:TRUE", *fields])
    names = {str(number): name for name, number in STATES.items()}
    assert ["\t".join(names.get(cell, cell) for cell in line.split("\t")) for line in shown.split("\n")] == [
        "SYN-SENT\tSYN-RECEIVED",
        "SYN-RECEIVED\tESTABLISHED",
        "ESTABLISHED\tESTABLISHED",
        "ESTABLISHED\tESTABLISHED",
        "ESTABLISHED\tESTABLISHED",
        "ESTABLISHED\tESTABLISHED",
        "ESTABLISHED\tESTABLISHED",
        "FIN-WAIT-1\tCLOSE-WAIT",
        "CLOSE-WAIT\tFIN-WAIT-2",
        "CLOSE-WAIT\tFIN-WAIT-2",
        "CLOSED\tCLOSED",
        "\t",
        "",
    ]
    closing = frames(capture, 'keepalive.state.src == "FIN-WAIT-1"', "-o", "keepalive.show_state:TRUE")
    assert closing == [8]
