"""Captures rebuilt from public threads in which what looks alike has another cause, and the frames tell which.

As in test_threads.py: each function has the thread's address and what was taken from it. Beside each stands its twin.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from msgspec.structs import replace

from pyreport.application.farewells import Said
from pyreport.application.parting import parting_in
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark
from pyreport.choice.loss import level_of
from pyreport.choice.plainly_well import judge_all, to_judge
from pyreport.choice.worth_telling import rows_of
from pyreport.connections.reading import read_capture
from pyreport.diagnosis import diagnose
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Confidence, ExplanationId, Kind, Status, Verdict
from pyreport.frames.finding import Level
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.cause import cause
from pyreport.narrative.model import Standing, Subject
from pyreport.narrative.walkthrough import walk
from tests.pyreport.application.test_goaway import CALM, PING, goaway, http2
from tests.pyreport.end_to_end.test_threads import APPLICATION, PATH, PEER, Thread, hold, judge, start, tshark_of_all
from tests.pyreport.told import ids
from tests.scenarios.packets import ACK, RST, SYN
from tests.scenarios.wire import CLIENT, MIDDLE, SERVER, Wire, address, beside, save
from tests.support.leftovers import ending_its_readers

__all__ = ["tshark_of_all"]  # the fixture


def told_with(said: bytes, wire: Wire, tshark: Tshark, folder: Path) -> tuple[Case, dict[Subject, Standing], Verdict]:
    """What is concluded of a connection that nothing was named of, when the server's last payload says this."""
    case = judge(tshark, folder, Thread(wire, (), (), 90.0)).case
    first = case.ending.first
    assert first is not None
    last, parting = case.connection.last_data_before(first.time_ns), parting_in(said, is_http2=True, port=179)
    assert last is not None
    assert parting is not None
    case = replace(case, said=Said(last.number, last.source, parting))
    explanations, verdict = diagnose(case)
    standing = {answer.subject: answer.standing for answer in answer_the_question(case, explanations, verdict)}
    return case, standing, verdict


def pinging(said: bytes) -> Wire:
    """https://github.com/grpc/grpc-java/issues/12417: no call is open, and the client pings every 10 s. The server
    takes that for too many and closes behind its GOAWAY.
    """
    wire = Wire(start("2025-10-15T09:00:00"), "10.1.0.5:50100", "10.2.0.9:50051", far=63).open()
    for at in (10.0, 20.0, 30.0):
        wire.say(at, CLIENT, http2(PING, bytes(8))).say(at + 0.0007, SERVER, http2(PING, bytes(8), flags=1))
        wire.send(at + 0.0008, CLIENT)
    wire.say(40.0, CLIENT, http2(PING, bytes(8))).say(40.0008, SERVER, said).send(40.00084, CLIENT)
    return wire.fin(40.001, SERVER).send(40.00104, CLIENT).fin(40.0015, CLIENT).send(40.0021, SERVER)


@pytest.mark.parametrize(("error", "words", "of_pings"), [(CALM, b"too_many_pings", True), (CALM, b"", False)])
def test_pings_that_were_too_many_are_those_of_the_program_that_sent_them(
    error: int, words: bytes, of_pings: bool, tshark: Tshark, tmp_path: Path
) -> None:
    said = goaway(error, words)
    _, standing, verdict = told_with(said, pinging(said), tshark, tmp_path)
    assert verdict.kind is Kind.PEER_CLOSED
    assert (APPLICATION in verdict.attribution) is of_pings
    assert (standing[Subject.APPLICATION] is Standing.INVOLVED) is of_pings


def message(kind: int, body: bytes = b"") -> bytes:
    """A message of BGP (RFC 4271 section 4.1)."""
    return b"\xff" * 16 + struct.pack("!HB", 19 + len(body), kind) + body


def holding(said: bytes, *, keeps_silent: bool) -> Wire:
    """https://github.com/Exa-Networks/exabgp/issues/934: the client does not send its KEEPALIVE, its kernel
    acknowledges those of the router. The router's hold time runs out, and it says so.
    """
    wire = Wire(start("2019-11-18T06:58:00"), "10.0.0.5:40100", "10.0.0.1:179", round_trip=0.0008, far=255).open()
    for turn in range(1, 9):
        if turn <= 5 or not keeps_silent:
            wire.say(8.0 * turn, CLIENT, message(4)).send(8.0 * turn + 0.0008, SERVER)
        wire.say(8.0 * turn + 0.5, SERVER, message(4)).send(8.0 * turn + 0.5001, CLIENT)
    wire.say(64.8, SERVER, said).fin(64.8002, SERVER).send(64.80025, CLIENT).fin(64.81, CLIENT)
    return wire.send(64.8108, SERVER)


@pytest.mark.parametrize(("code", "keeps_silent"), [(b"\x04\x00", True), (b"\x04\x00", False), (b"\x06\x02", True)])
def test_who_says_that_it_was_not_heard_and_was_not_blames_a_program(
    code: bytes, keeps_silent: bool, tshark: Tshark, tmp_path: Path
) -> None:
    """One that was heard a moment before, and one that was shut down, close for another reason."""
    said = message(3, code)
    case, standing, verdict = told_with(said, holding(said, keeps_silent=keeps_silent), tshark, tmp_path)
    blames = code == b"\x04\x00" and keeps_silent
    assert (APPLICATION in verdict.attribution) is blames
    assert (standing[Subject.APPLICATION] is Standing.INVOLVED) is blames
    told = cause(case, verdict)
    assert told is not None
    assert told.id == "cause-peer-said"


def shut(answers: int) -> Wire:
    """https://github.com/google/gvisor/issues/10243: the receiver closes its window, and what asks whether it is open
    again gets no answer. https://github.com/smoltcp-rs/smoltcp/issues/199: each gets one, and the window stays closed.
    """
    wire = Wire(start("2024-04-05T10:00:00"), "10.1.0.5:50100", "10.1.0.9:8080", round_trip=0.0004, far=64).open()
    for segment in range(12):
        at = 1 + segment * 0.001
        wire.send(at, CLIENT, ACK, 1448).send(at + 0.0004, SERVER, window=max(0, 200 - segment * 20))
    at, wait = 1.2, 0.2
    for turn in range(9):
        wire.send(at, CLIENT, seq=wire.next[CLIENT] - 1)
        if turn < answers:
            wire.send(at + 0.0004, SERVER, window=0)
        wait *= 2
        at += wait
    return wire


@pytest.mark.parametrize(("answers", "kind"), [(0, Kind.PATH_LOST), (3, Kind.PATH_LOST), (9, Kind.PEER_STALLED)])
def test_a_kernel_that_answers_no_window_probe_did_not_take_part(
    answers: int, kind: Kind, tshark: Tshark, tmp_path: Path
) -> None:
    verdict = judge(tshark, tmp_path, Thread(shut(answers), (), (), 120.0)).verdict
    assert verdict.kind is kind
    assert (PATH in verdict.attribution) is (kind is Kind.PATH_LOST)
    assert PEER in verdict.attribution


def refused(*at: float, opens: float | None = None) -> Thread:
    """https://github.com/cesanta/mongoose/issues/3402: a SYN that asks for ECN is refused by a service that accepts
    others. https://github.com/tass-belgium/picotcp/issues/148: the copy of a SYN is refused.
    https://github.com/aws/amazon-vpc-cni-k8s/issues/3634: SYNs to a pod that is gone get no answer, until another pod
    has its address and refuses them.
    """
    wire = Wire(start("2026-01-10T14:01:55"), "10.10.10.159:60939", "10.10.20.176:80", round_trip=0.036, far=63)
    for moment in at:
        wire.send(moment, CLIENT, SYN, seq=1_000)
    wire.send(at[-1] + 0.036, SERVER, RST | ACK, seq=0, ack=1_001, bare=True)
    others: tuple[Wire, ...] = ()
    if opens is not None:
        other = Wire(wire.start_ns, "10.10.10.159:60950", wire.server, round_trip=0.036, far=63)
        others = (other.open(opens).ask(opens + 0.1, 100, 300),)
    return Thread(wire, (Kind.NEVER_OPENED,), (PEER,), 60.0, claims=("opening-nobody-listens",), others=others)


@pytest.mark.parametrize(
    ("told", "claims"),
    [
        (refused(0.8), set()),
        (refused(0.8, opens=2.0), {"opening-other-accepted"}),
        (refused(0.0, 1.02, 3.06, 7.1, 15.3, 31.5), {"opening-unanswered-before"}),
    ],
    ids=["alone", "another is accepted", "unanswered before"],
)
def test_what_a_refusal_came_after_and_whom_it_did_not_meet(
    told: Thread, claims: set[str], tshark: Tshark, tmp_path: Path
) -> None:
    found = ids(judge(tshark, tmp_path, told).verdict.claims)
    assert claims == set(found) & {"opening-other-accepted", "opening-unanswered-before"}


def answered_by_another(off: int = 0, *, at: str = MIDDLE, taken: bool = False) -> Thread:
    """https://github.com/kubernetes/kubernetes/issues/122174: the SYN-ACK of a pod goes back under the pod's address,
    not under that of the service, and the client refuses it.
    """
    wire = Wire(start("2023-12-06T03:26:08"), "10.244.1.192:38530", "10.103.175.29:7800", at=at, round_trip=0.0003)
    pod = Wire(wire.start_ns, wire.client, "10.244.1.189:7800", at=at, round_trip=0.0003)
    for moment in (0.83, 1.85, 3.9, 8.0):
        wire.send(moment, CLIENT, SYN, seq=1_000)
        if at == MIDDLE:
            pod.send(moment + 0.0001, CLIENT, SYN, seq=1_000 + off, ttl=63)
        pod.send(moment + 0.0002, SERVER, SYN | ACK, seq=500_000, ack=1_001 + off)
        if taken:
            pod.send(moment + 0.0003, CLIENT, seq=1_001 + off, ack=500_001)
        else:
            pod.send(moment + 0.0003, CLIENT, RST, seq=1_001 + off, bare=True)
    return Thread(wire, (Kind.NEVER_OPENED,), (PATH,), 40.0, others=(pod,))


@pytest.mark.parametrize(
    ("told", "strays"),
    [
        (answered_by_another(), True),
        (answered_by_another(at=CLIENT), True),
        (answered_by_another(off=77), False),
        (answered_by_another(taken=True), False),
    ],
    ids=["halfway", "at the client", "another SYN's", "not refused"],
)
def test_an_answer_under_another_address_is_the_translators(
    told: Thread, strays: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdict = judge(tshark, tmp_path, told).verdict
    assert (verdict.told("opening-untranslated") is not None) is strays
    assert (PEER in verdict.attribution) is not strays
    assert verdict.confidence is (Confidence.LIKELY if strays else Confidence.POSSIBLE)


def test_an_answer_that_nobody_takes_is_not_called_none(tshark: Tshark, tmp_path: Path) -> None:
    """https://github.com/metallb/metallb/issues/297, at the server: a gateway drops what the client acknowledges."""
    wire = Wire(start("2018-08-08T10:00:00"), "10.1.0.5:50100", "10.2.0.9:80", at=SERVER, round_trip=0.0008, far=64)
    wire.send(0.0, CLIENT, SYN)
    for moment in (0.00002, 1.03, 3.05, 7.2, 15.4):
        wire.send(moment, SERVER, SYN | ACK, seq=500_000)
    diagnosis = judge(tshark, tmp_path, Thread(wire, (), (), 60.0))
    told = cause(diagnosis.case, diagnosis.verdict)
    assert told is not None
    assert told.id == "cause-never-completed"


def heartbeats(*sizes: int, every: float = 30.0) -> Wire:
    """https://github.com/datastax/csharp-driver/issues/630: a heartbeat every 30 s, each acknowledged; after the fifth
    none is answered, and the driver goes on. https://github.com/StackExchange/StackExchange.Redis/issues/1670: as
    little is answered by a server in a container that is paused.
    """
    wire = Wire(start("2026-07-13T10:00:00"), "10.1.0.5:50100", "10.2.0.9:9042", round_trip=0.0008).open()
    for turn in range(5):
        wire.ask(0.1 + turn * every, 9, 40)
    for turn, octets in enumerate(sizes, start=5):
        wire.say(0.1 + turn * every, CLIENT, octets).send(0.101 + turn * every, SERVER)
    return wire


@pytest.mark.parametrize("every", [30.0, 1.0])
@pytest.mark.parametrize(
    ("sizes", "stopped"), [((9,) * 6, True), ((9,), False), ((120,) * 6, False)], ids=["six", "one", "of another kind"]
)
def test_a_replier_that_stopped_is_told_from_the_first_request_without_a_reply(
    sizes: tuple[int, ...], stopped: bool, every: float, tshark: Tshark, tmp_path: Path
) -> None:
    """One may be answered yet, and what had no reply before needs none now."""
    told = Thread(heartbeats(*sizes, every=every), (), (), every * (5.2 + len(sizes)))
    verdict = judge(tshark, tmp_path, told).verdict
    assert (verdict.kind is Kind.PEER_STALLED) is stopped
    assert (verdict.told("peer-stalled-asked-again") is not None) is stopped


def swarm(lives: int) -> Thread:
    """https://github.com/cloudius-systems/osv/issues/283: of many connections at once, those for which the queue has no
    room are accepted, and refused with their first data. The others are served.
    """
    begun = start("2014-04-30T10:00:00")
    served = [Wire(begun, f"10.1.0.5:{50200 + one}", "10.1.0.9:8080", round_trip=0.0005).open() for one in range(lives)]
    for wire in served:
        wire.ask(0.01, 120, 600)
    dropped = []
    for one in range(4):
        wire = Wire(begun, f"10.1.0.5:{50300 + one}", "10.1.0.9:8080", round_trip=0.0005).open(0.001 + 0.0001 * one)
        dropped.append(wire.say(0.002 + 0.0002 * one, CLIENT, 120).refuse(0.0025 + 0.0002 * one, SERVER))
    first, *others = dropped
    return Thread(first, (Kind.PEER_RESET,), (PEER,), 20.0, others=(*others, *served))


@pytest.mark.parametrize(("lives", "told"), [(6, "reset-others-not-all"), (0, "reset-others-too")])
def test_a_host_that_serves_others_meanwhile_did_not_restart(
    lives: int, told: str, tshark: Tshark, tmp_path: Path
) -> None:
    found = ids(judge(tshark, tmp_path, swarm(lives)).verdict.claims)
    assert [name for name in found if name.startswith("reset-others")] == [told]


def moved(servers: int = 3, *, apart: float = 0.7, by_socket: bool = False) -> Thread:
    """https://github.com/lstein/Net-ISP-Balance/issues/35: a router fails over to another line, with another address.
    Each server refuses what comes next on its connection.
    """
    wires = []
    for one in range(servers):
        wire = Wire(start("2021-07-26T10:00:00"), f"192.168.1.5:{50100 + one}", f"198.51.{one}.7:443", round_trip=0.02)
        wire.open()
        for turn in range(12):
            wire.ask(0.3 + turn * 5 + one, 120, 300)
        at = 62 + one * apart
        wire.say(at, CLIENT, 120)
        wires.append(wire.abort(at + 0.02, SERVER) if by_socket else wire.refuse(at + 0.02, SERVER))
    first, *others = wires
    return Thread(first, (Kind.PEER_RESET,), (PATH,), 100.0, others=tuple(others))


@pytest.mark.parametrize(
    ("thread", "is_told"),
    [(moved(), True), (moved(2), False), (moved(apart=12.0), False), (moved(by_socket=True), False)],
    ids=["three", "two", "far apart", "of sockets"],
)
def test_several_hosts_that_refuse_at_once_have_the_near_side_in_common(
    thread: Thread, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    verdict = judge(tshark, tmp_path, thread).verdict
    assert (verdict.told("reset-elsewhere-too") is not None) is is_told


def unheard_end_of_a_handshake(again: int) -> Thread:
    """https://github.com/metallb/metallb/issues/297, at the client: the SYN passes a gateway, its answer comes by
    another way, and the gateway drops what the client sends then. The server sends its SYN-ACK again.
    """
    wire = Wire(start("2018-08-08T10:00:00"), "10.1.0.5:50100", "10.2.0.9:80", round_trip=0.0008, far=64).open()
    for moment in (1.03, 3.05, 7.2, 15.4)[:again]:
        wire.send(moment, SERVER, SYN | ACK, seq=500_000, ack=1_001)
        wire.next[SERVER] = 500_001
        wire.send(moment + 0.00003, CLIENT, seq=1_001)
    wire.again(0.001, CLIENT, 90, 7).fin(30.001, CLIENT)
    return Thread(wire, (Kind.PATH_LOST,), (PATH, PEER), 60.0, surest=Confidence.POSSIBLE)


@pytest.mark.parametrize("again", [4, 0])
def test_a_host_that_asks_for_the_end_of_the_handshake_is_alive_and_not_cleared(
    again: int, tshark: Tshark, tmp_path: Path
) -> None:
    thread = unheard_end_of_a_handshake(again)
    hold(thread, tshark, tmp_path)
    diagnosis = judge(tshark, tmp_path, thread)
    told = cause(diagnosis.case, diagnosis.verdict)
    assert told is not None
    assert told.id == ("cause-not-accepted" if again else "cause-silence")
    steps = [name for step in walk(diagnosis.case) for name in ids(step.claims)]
    assert "walk-end-of-handshake" not in steps
    assert steps.count("walk-syn-ack-again") == again


def one_way(copies: int, *, both: bool = False) -> Thread:
    """https://github.com/opnsense/core/issues/7201: none of the server's acknowledgments passes the tunnel, and a
    capture there has the client's frames only. It sends its TLS greeting again and again, and resets.
    """
    wire = Wire(start("2024-02-04T10:00:00"), "10.8.0.2:50100", "192.168.1.9:443", at=MIDDLE, round_trip=0.03, far=63)
    wire.open().again(0.031, CLIENT, 517, copies)
    if both:
        wire.send(29.0, SERVER)
    wire.abort(30.0, CLIENT)
    if not both:
        client = address(wire.client).ip.packed
        wire.frames = [frame for frame in wire.frames if frame.octets[26:30] == client]
    return Thread(wire, (), (), 60.0)


def test_a_timer_that_backs_off_tells_in_one_direction_too(tshark: Tshark, tmp_path: Path) -> None:
    """A client that sends more than its SYN had its SYN acknowledged, so the data are what waits."""
    verdict = judge(tshark, tmp_path, one_way(6)).verdict
    assert (verdict.kind, verdict.confidence) == (Kind.PATH_LOST, Confidence.POSSIBLE)
    assert {PATH, PEER} == set(verdict.attribution)
    assert judge(tshark, tmp_path, one_way(6, both=True)).verdict.kind is not Kind.PATH_LOST


@pytest.mark.parametrize("both", [True, False])
def test_of_an_end_that_was_not_captured_nothing_is_cleared(both: bool, tshark: Tshark, tmp_path: Path) -> None:
    diagnosis = judge(tshark, tmp_path, one_way(0, both=both))
    verdict, told = diagnosis.verdict, cause(diagnosis.case, diagnosis.verdict)
    assert verdict.kind is Kind.LOCAL_CLOSED
    assert told is not None
    assert told.values["alone"] is both
    service, *_ = answer_the_question(diagnosis.case, diagnosis.explanations, verdict)
    assert service.standing is (Standing.CLEARED if both else Standing.UNKNOWN)


@pytest.mark.parametrize(("tries", "is_late"), [((0, 1.0, 3.0, 7.01, 15.03, 31.07), True), ((0, 1.0), False)])
def test_what_opened_late_is_told_although_nothing_broke(
    tries: tuple[float, ...], is_late: bool, tshark: Tshark, tmp_path: Path
) -> None:
    """https://github.com/projectcalico/calico/issues/3145: wrong checksums of a tunnel take the SYNs of a minute."""
    client, server = "10.244.90.192:39274", "10.244.143.193:80"
    wire = Wire(start("2020-01-31T11:51:31"), client, server, round_trip=0.0008, far=63)
    for at in tries:
        wire.send(at, CLIENT, SYN, seq=1_000)
    wire.open(63.2).ask(63.21, 90, 800).fin(63.3, CLIENT).fin(63.301, SERVER).send(63.30104, CLIENT)
    capture = save(tmp_path / "thread.pcap", wire, beside(wire, 90.0))
    with ending_its_readers(tshark) as opened:
        reading = read_capture(opened, open_capture(str(capture)))
        judged = judge_all(reading, to_judge(reading))
        told = [verdict for _, verdict in rows_of(judged)]
    assert [verdict.claims[0].id for verdict in told] == ["opening-late"] * is_late
    assert all(verdict.kind is Kind.HEALTHY for verdict in told)


def greeting(*, answers: bool) -> Thread:
    """https://github.com/Start9Labs/start-technologies/issues/3261: a TLS greeting in two segments. The full one never
    passes the tunnel; the small one behind it draws an acknowledgment of nothing new. The server closes after 60 s.
    """
    client, server = "192.168.1.20:50100", "203.0.113.80:443"
    wire = Wire(start("2026-05-25T10:00:00"), client, server, round_trip=0.03, far=50).open()
    first = wire.next[CLIENT]
    wire.send(0.031, CLIENT, ACK, 1448).say(0.03101, CLIENT, 352)
    if answers:
        wire.send(0.062, SERVER, ack=first)
    at, wait = 0.031, 0.24
    for _ in range(7):
        at, wait = at + wait, wait * 2
        wire.send(at, CLIENT, ACK, 1448, seq=first)
    wire.fin(60.1, SERVER, ack=first).send(60.1001, CLIENT)
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 90.0)


@pytest.mark.parametrize("answers", [True, False])
def test_of_a_path_that_let_a_small_segment_through_it_is_not_said_that_it_let_nothing_through(
    answers: bool, tshark: Tshark, tmp_path: Path
) -> None:
    diagnosis = judge(tshark, tmp_path, greeting(answers=answers))
    told = cause(diagnosis.case, diagnosis.verdict)
    assert told is not None
    assert told.id == ("cause-size" if answers else "cause-silence")
    weighed = {found.id: found.status for found in diagnosis.explanations}
    assert (weighed[ExplanationId.MTU_BLACK_HOLE] is Status.POSSIBLE) is answers


def given_up_on(*, by: str = "client") -> Thread:
    """https://github.com/StackExchange/StackExchange.Redis/issues/1670, at the server, whose container is paused: its
    kernel acknowledges a request, and the client resets after 30 s.
    """
    client, server = "172.18.0.5:50100", "172.18.0.9:6379"
    wire = Wire(start("2021-01-18T10:00:00"), client, server, at=SERVER, round_trip=0.0003, far=64).open()
    for turn in range(20):
        wire.ask(0.1 + turn * 0.5, 30, 5)
    if by == "client":
        wire.say(10.2, CLIENT, 30).send(10.20002, SERVER)
    wire.abort(40.2, CLIENT)
    wire.client, wire.server = wire.server, wire.client  # the server's report
    return Thread(wire, (Kind.PEER_RESET,), (PEER,), 60.0)


@pytest.mark.parametrize("asked", ["client", "nobody"])
def test_who_was_left_without_a_reply_is_known_to_have_waited(asked: str, tshark: Tshark, tmp_path: Path) -> None:
    diagnosis = judge(tshark, tmp_path, given_up_on(by=asked))
    told = cause(diagnosis.case, diagnosis.verdict)
    assert told is not None
    assert (told.id == "cause-waited-for") is (asked == "client")


def asleep(*, wakes: bool) -> Thread:
    """https://github.com/sahlberg/libnfs/issues/26, at the server: the client sleeps, the server gives up, and
    the client goes on with the connection when it wakes.
    """
    client, server = "192.168.1.5:900", "192.168.1.9:2049"
    wire = Wire(start("2012-10-22T22:00:00"), client, server, at=SERVER, far=64).open()
    for turn in range(10):
        wire.ask(1 + turn * 2, 120, 300)
    for at in (79.1, 89.1, 99.1):
        wire.send(at, SERVER, seq=wire.next[SERVER] - 1)
    wire.abort(109.1, SERVER)
    if wakes:
        wire.say(600.0, CLIENT, 120).refuse(600.00003, SERVER)
    wire.client, wire.server = wire.server, wire.client
    return Thread(wire, (Kind.KEEPALIVE_GAVE_UP,), (PATH, PEER), 620.0)


@pytest.mark.parametrize("wakes", [True, False])
def test_a_host_that_goes_on_with_its_connection_had_not_restarted(wakes: bool, tshark: Tshark, tmp_path: Path) -> None:
    diagnosis = judge(tshark, tmp_path, asleep(wakes=wakes))
    assert (diagnosis.verdict.told("silent-side-came-back") is not None) is wakes
    told = cause(diagnosis.case, diagnosis.verdict)
    assert told is not None
    assert told.values["where"] == ("stood" if wakes else "either")


def rebound(off: int = 0) -> Thread:
    """https://github.com/genodelabs/genode/issues/4729, at the server: the router has lost the mapping, and gives
    what comes next another port. The server refuses that, and its probes reach nobody.
    """
    client, server = "203.0.113.5:50100", "198.51.100.7:22"
    wire = Wire(start("2024-05-01T10:00:00"), client, server, at=SERVER, round_trip=0.02, far=52).open()
    for turn in range(10):
        wire.ask(0.1 + turn * 0.5, 48, 64)
    stray = Wire(wire.start_ns, "203.0.113.5:61001", server, at=SERVER, round_trip=0.02, far=52)
    stray.send(125.0, CLIENT, ACK, 64, seq=wire.next[CLIENT] + off, ack=wire.next[SERVER] + off)
    stray.send(125.00003, SERVER, RST, seq=wire.next[SERVER] + off, bare=True)
    for at in (200.0, 275.0, 350.0):
        wire.send(at, SERVER, seq=wire.next[SERVER] - 1)
    wire.client, wire.server = wire.server, wire.client
    return Thread(wire, (Kind.PATH_LOST,), (PATH,), 460.0, others=(stray,))


@pytest.mark.parametrize(("off", "strayed"), [(0, True), (2**30, False)])
def test_what_came_from_another_port_with_the_numbers_of_a_silent_connection_is_its_own(
    off: int, strayed: bool, tshark: Tshark, tmp_path: Path
) -> None:
    thread = rebound(off)
    hold(thread, tshark, tmp_path)
    verdict = judge(tshark, tmp_path, thread).verdict
    assert (verdict.told("untranslated") is not None) is strayed
    assert (PEER in verdict.attribution) is not strayed


def unplugged(hosts: int = 3, *, apart: float = 0.3, turns: int = 12) -> Thread:
    """https://github.com/confluentinc/librdkafka/issues/2191: the cables of all brokers are pulled at once. A client
    that tries many peers finds several that say nothing, and they need have nothing in common.
    """
    wires = []
    for one in range(hosts):
        wire = Wire(start("2019-01-18T10:00:00"), f"10.1.0.5:{50100 + one}", f"10.2.0.{9 + one}:9092", far=64).open()
        for turn in range(turns):
            wire.ask(1 + turn * 5 + one * apart, 90, 400)
        wires.append(wire.again(61.2 + one * apart, CLIENT, 90, 9))
    first, *others = wires
    return Thread(first, (Kind.PATH_LOST,), (PATH,), 200.0, others=tuple(others), surest=Confidence.POSSIBLE)


@pytest.mark.parametrize(
    ("thread", "is_told"),
    [
        (unplugged(), True),
        (unplugged(2), False),
        (unplugged(apart=12.0), False),
        (unplugged(turns=1), False),
    ],
    ids=["three", "two", "far apart", "never answered for long"],
)
def test_several_hosts_that_fall_silent_at_once_have_a_path_or_a_place_in_common(
    thread: Thread, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    hold(thread, tshark, tmp_path)
    verdict = judge(tshark, tmp_path, thread).verdict
    assert (verdict.told("silent-elsewhere-too") is not None) is is_told


@pytest.mark.parametrize("goes_on", [True, False])
def test_a_reset_in_the_middle_of_a_reply_that_goes_on_is_a_loss(goes_on: bool, tshark: Tshark, tmp_path: Path) -> None:
    """https://github.com/xbmc/xbmc/pull/28829: a router writes RSTs in the name of a server, whose data go on."""
    client, server = "192.168.2.20:50100", "192.168.1.9:445"
    wire = Wire(start("2026-08-06T10:00:00"), client, server, round_trip=0.002, far=63).open().ask(0.1, 200, 300)
    wire.say(1.0, CLIENT, 120)
    for segment in range(20):
        at = 1.002 + segment * 0.0003
        wire.send(at, SERVER, ACK, 1448).send(at + 0.00005, CLIENT)
    wire.send(1.0081, SERVER, RST | ACK, ttl=64, bare=True)
    for segment in range(3 * goes_on):
        at = 1.0084 + segment * 0.0003
        wire.send(at, SERVER, ACK, 1448).refuse(at + 0.00001, CLIENT)
    diagnosis = judge(tshark, tmp_path, Thread(wire, (), (), 30.0))
    assert (level_of((diagnosis.case, diagnosis.verdict)) >= Level.WARN) is goes_on


def answered_late(copies: int) -> Thread:
    """https://github.com/redis/redis/issues/4856 with TCP_USER_TIMEOUT: a kernel gives its data up, and sends nothing.
    What the server answers later meets no socket.
    """
    wire = Wire(start("2022-01-01T10:00:00"), "10.1.0.5:50100", "10.2.0.9:6379", round_trip=0.0006, far=63).open()
    for turn in range(10):
        wire.ask(0.1 + turn, 40, 5)
    wire.again(10.5, CLIENT, 40, copies).send(36.1, SERVER).refuse(36.10003, CLIENT)
    wire.say(36.1001, SERVER, 5).refuse(36.10013, CLIENT)
    return Thread(wire, (Kind.LOCAL_CLOSED,), (APPLICATION,), 60.0)


@pytest.mark.parametrize("copies", [6, 1])
def test_who_refuses_the_late_answer_to_its_data_may_have_given_up_for_that(
    copies: int, tshark: Tshark, tmp_path: Path
) -> None:
    thread = answered_late(copies)
    hold(thread, tshark, tmp_path)
    diagnosis = judge(tshark, tmp_path, thread)
    is_late = copies == 6
    assert (diagnosis.verdict.told("reset-answered-too-late") is not None) is is_late
    assert ({PATH, PEER} <= set(diagnosis.verdict.attribution)) is is_late
    told = cause(diagnosis.case, diagnosis.verdict)
    assert told is not None
    assert told.id == ("cause-silence" if is_late else "cause-local-closed")
    standing = {
        one.subject: one.standing
        for one in answer_the_question(diagnosis.case, diagnosis.explanations, diagnosis.verdict)
    }
    assert standing[Subject.APPLICATION] is (Standing.NOT_CLEARED if is_late else Standing.INVOLVED)
