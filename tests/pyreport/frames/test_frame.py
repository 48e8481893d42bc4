"""Rows of tshark become frames and findings with real types, or an error."""

from __future__ import annotations

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError, ToolError
from pyreport.capture.tshark import AGGREGATOR
from pyreport.frames.capture_hints import NO_MARKS, Marks
from pyreport.frames.columns import FIELDS
from pyreport.frames.finding import Level
from pyreport.frames.findings import Answer, Fin, Missed, MissedEndedBy, Probe
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, CaptureSpan, Frame, parse_rows
from pyreport.frames.row import row_of_text

START = 1_664_467_200_000_000_000
SEGMENT = {
    "frame.number": "7",
    "frame.time_epoch": "1664467201.376174001",
    "tcp.stream": "3",
    "ip.src": "10.0.0.1",
    "ip.dst": "10.0.9.9",
    "tcp.srcport": "40000",
    "tcp.dstport": "9092",
    "tcp.seq_raw": "4294967295",
    "tcp.ack_raw": "17",
    "tcp.len": "5",
    "tcp.flags": "0x0011",
    "ip.ttl": "64",
}


def row(**changes: str) -> list[str]:
    values = {**SEGMENT, **{name.replace("__", "."): text for name, text in changes.items()}}
    assert set(values) <= set(FIELDS)
    return [values.get(name, "") for name in FIELDS]


def parse(*rows: list[str]) -> tuple[list[Frame], CaptureSpan]:
    span = CaptureSpan()
    return list(parse_rows(map(row_of_text, rows), span)), span


def test_a_segment() -> None:
    (frame,), span = parse(row())
    client, server = Endpoint("10.0.0.1:40000"), Endpoint("10.0.9.9:9092")
    assert frame == Frame(7, START + 1_376_174_001, 3, client, server, 4294967295, 17, 5, 0x11, 64)
    assert frame.has(FLAG_FIN)
    assert frame.has(FLAG_ACK)
    assert (span.frames, span.tcp_frames) == (7, 1)


def test_ipv6_stands_in_brackets() -> None:
    none = {"ip__src": "", "ip__dst": "", "ip__ttl": ""}
    (frame,), _ = parse(row(**none, ipv6__src="2001:db8::1", ipv6__dst="2001:db8::2", ipv6__hlim="57"))
    assert (frame.source, frame.destination, frame.ttl) == ("[2001:db8::1]:40000", "[2001:db8::2]:9092", 57)


def test_in_a_tunnel_the_inner_addresses_and_the_outermost_tcp_count() -> None:
    def both(outer: str, inner: str) -> str:
        return f"{outer}{AGGREGATOR}{inner}"

    (frame,), _ = parse(
        row(ip__src=both("192.0.2.1", "10.0.0.1"), ip__ttl=both("255", "64"), tcp__srcport=both("40000", "1"))
    )
    assert (frame.source, frame.ttl) == ("10.0.0.1:40000", 64)


def test_what_is_no_live_segment_is_left_out_and_still_counted() -> None:
    no_tcp = row(frame__number="8", frame__time_epoch="1664467209.5", tcp__stream="")
    quoted = row(frame__number="9", icmp__type="3")
    quoted_6 = row(frame__number="10", icmpv6__type="1")
    cut_before_flags = row(frame__number="11", tcp__flags="", tcp__len="")
    cut_before_numbers = row(frame__number="12", tcp__seq_raw="", tcp__ack_raw="", tcp__flags="", tcp__len="")
    longer_than_its_packet = row(frame__number="13", tcp__len="")
    frames, span = parse(no_tcp, quoted, quoted_6, cut_before_flags, cut_before_numbers, longer_than_its_packet)
    assert frames == []
    assert (span.frames, span.tcp_frames) == (13, 0)
    assert (span.first_time_ns, span.last_time_ns) == (START + 1_376_174_001, START + 9_500_000_000)


def test_findings_come_with_their_data_and_moments_as_times() -> None:
    first = row(frame__number="1", frame__time_epoch="1664467200.000000000")
    by = "by=10.0.0.1:40000|ended_by=probe"
    records = [
        f"missed|Warn|{by}|intervals=3|due_at_ns=500000000|overdue_ns=-7|interval_ns=5|last_probe_frame=2",
        "probe|Chat|number=1",
    ]
    second = row(keepalive__record=AGGREGATOR.join(records), keepalive__summary=AGGREGATOR.join(["one", "two"]))
    frame = parse(first, second)[0][1]
    missed = Missed(
        frame=7,
        time_ns=frame.time_ns,
        source=frame.source,
        level=Level.WARN,
        summary="one",
        by=Endpoint("10.0.0.1:40000"),
        intervals=3,
        due_at_ns=START + 500_000_000,
        overdue_ns=-7,
        interval_ns=5,
        last_probe_frame=2,
        gap_ns=None,
        ended_by=MissedEndedBy.PROBE,
    )
    probe = Probe(frame=7, time_ns=frame.time_ns, source=frame.source, level=Level.CHAT, summary="two", number=1)
    assert frame.findings == (missed, probe)
    assert (frame.found(Missed), frame.found(Probe), frame.found(Answer)) == (missed, probe, None)
    assert type(missed.by) is type(frame.findings[0].source) is Endpoint


def test_what_a_record_encodes_of_a_text_is_undone() -> None:
    """As lua/keepalive_record.lua encodes it: its spec has the other side."""
    frame = row(keepalive__record="fin|Note|by=a%7Cb%257C%0A=c|packet_idle_ns=1", keepalive__summary="one")
    finding = parse(frame)[0][0].found(Fin)
    assert finding is not None
    assert (finding.by, finding.packet_idle_ns) == ("a|b%7C\n=c", 1)


@pytest.mark.parametrize(
    "broken",
    [
        {"frame__number": "x"},
        {"frame__time_epoch": "yesterday"},
        {"tcp__flags": "SYN"},
        {"tcp__seq_raw": "one"},
        {"keepalive__record": "probe|Loud|number=1", "keepalive__summary": "one"},
        {"keepalive__record": f"probe|Chat{AGGREGATOR}answer|Chat", "keepalive__summary": "only one"},
    ],
)
def test_a_row_that_cannot_be_understood_is_an_error_of_the_tool(broken: dict[str, str]) -> None:
    with pytest.raises(ToolError, match="cannot be understood"):
        parse(row(**broken))


def test_the_marks_of_the_place_of_capture() -> None:
    (frame,), _ = parse(
        row(
            frame__len="59", tcp__hdr_len="20", ip__id="0x1f2e", tcp__checksum="0x1e1e", tcp__options__mss_val="1460",
            sll__pkttype="4",
        )
    )  # fmt: skip
    assert frame.marks == Marks(ip_id=0x1F2E, padded=None, unfinished_checksum=False, mss=1460, packet_type=4)
    (frame,), _ = parse(row(frame__len="59", tcp__hdr_len="20", ip__id="0x0001", tcp__checksum="0x1d29"))
    # 0a00 + 0001 + 0a00 + 0909 + protocol 6 + 25 octets of TCP
    assert frame.marks == Marks(ip_id=1, padded=False, unfinished_checksum=True)


def test_a_frame_with_two_headers_has_no_marks() -> None:
    (frame,), _ = parse(row(ip__src=f"192.0.2.1{AGGREGATOR}10.0.0.1", ip__id=f"0x0001{AGGREGATOR}0x0002"))
    assert frame.marks == NO_MARKS


def test_timestamps_are_told_also_of_a_segment_in_a_tunnel() -> None:
    option = {"tcp__options__timestamp__tsval": "7", "tcp__options__timestamp__tsecr": "0"}
    for source in ("10.0.0.1", f"192.0.2.1{AGGREGATOR}10.0.0.1"):
        (frame,), _ = parse(row(ip__src=source, **option))
        assert (frame.marks.timestamp, frame.marks.timestamp_echo) == (7, 0)


def test_a_row_of_another_length_is_an_error_of_the_tool() -> None:
    with pytest.raises(ToolError, match="cannot be understood"):
        parse(row()[:-1])


def test_what_is_wrong_with_the_capture_as_a_whole() -> None:
    """Frames of any kind count: one that goes back in time, and one that was cut."""
    early = row(frame__number="8", frame__time_epoch="1664467201.300000000", tcp__stream="")
    cut = row(frame__number="9", frame__time_epoch="1664467202.0", frame__len="1514", frame__cap_len="96")
    whole = row(frame__number="10", frame__time_epoch="1664467203.0", frame__len="60", frame__cap_len="60")
    _, span = parse(row(), early, cut, whole)
    assert (span.steps_back, span.largest_step_ns, span.largest_step_frame) == (1, 76_174_001, 8)
    assert (span.cut_frames, span.cut_to) == (1, 96)


def test_a_frame_without_a_time_is_an_error_of_the_input() -> None:
    """A few octets that tshark takes for one frame of some other kind, or a Simple Packet Block of pcapng."""
    with pytest.raises(InputError, match="Frame 7 of the file has no time stamp"):
        parse(row(frame__time_epoch=""))
