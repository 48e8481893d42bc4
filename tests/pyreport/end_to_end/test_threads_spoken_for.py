"""Captures rebuilt from public threads in which an end had told beforehand, or showed by habit, what it would do: a
keep-alive that a client names, a stream that used to flow, ports that an earlier connection still has.

As in test_threads.py: each function has the thread's address and what was taken from it. Beside each stands its twin.
"""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from pyreport.application.mqtt_keepalive import keepalive_in
from pyreport.capture.file import open_capture
from pyreport.capture.tshark import Tshark
from pyreport.choice.plainly_well import judge_all, to_judge
from pyreport.choice.worth_telling import rows_of
from pyreport.connections.reading import read_capture
from pyreport.diagnosis.connection import Judged
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.narrative.answers import answer_the_question
from pyreport.narrative.cause import cause
from pyreport.narrative.model import Standing, Subject
from tests.pyreport.end_to_end.test_threads import APPLICATION, PATH, PEER, start, tshark_of_all
from tests.pyreport.told import ids
from tests.scenarios.packets import ACK, RST, SYN
from tests.scenarios.wire import CLIENT, SERVER, Wire, beside, save
from tests.support.leftovers import ending_its_readers

__all__ = ["tshark_of_all"]  # the fixture


def judged(wire: Wire, tshark: Tshark, folder: Path, *, others: tuple[Wire, ...] = (), lasts: float = 60.0) -> Judged:
    """What is concluded of the last connection of these two ends, with what its programs said."""
    capture = save(folder / "thread.pcap", wire, *others, beside(wire, lasts))
    with ending_its_readers(tshark) as opened:
        reading = read_capture(opened, open_capture(str(capture)))
        ours = [c for c in reading.index.connections.values() if {c.a, c.b} == set(wire.named)]
        (found,) = judge_all(reading, ours[-1:])
        return found


def listed(wire: Wire, tshark: Tshark, folder: Path, *, lasts: float = 60.0) -> list[Verdict]:
    """What a scan has to say of this connection."""
    capture = save(folder / "thread.pcap", wire, beside(wire, lasts))
    with ending_its_readers(tshark) as opened:
        reading = read_capture(opened, open_capture(str(capture)))
        return [verdict for _, verdict in rows_of(judge_all(reading, to_judge(reading)))]


def connect(keepalive: int, name: bytes = b"MQTT", level: int = 4) -> bytes:
    """A CONNECT (MQTT 3.1.1 section 3.1) of a client without user and password."""
    body = struct.pack("!H", len(name)) + name + bytes([level, 2]) + struct.pack("!HH", keepalive, 4) + b"1004"
    return bytes([0x10, len(body)]) + body


@pytest.mark.parametrize(
    ("payload", "seconds"),
    [
        (connect(20), 20),
        (connect(60, b"MQIsdp", 3), 60),
        (connect(60, level=0x84), 60),
        (b"\x10\x92\x02" + connect(300)[2:], 300),
        (connect(0), None),
        (connect(20, level=5), None),
        (connect(20)[1:], None),
        (b"GET / HTTP/1.1\r\n\r\n", None),
        (b"", None),
    ],
)
def test_a_keepalive_is_read_where_a_connect_of_mqtt_3_names_one(payload: bytes, seconds: int | None) -> None:
    assert keepalive_in(payload) == seconds


def pinging(keepalive: int, *pings: float, closes: float, at: str = CLIENT) -> Wire:
    """https://github.com/shamblett/mqtt_client/issues/273: a client names 20 s, pings after 17.6 s and then no more;
    the broker closes after 30.6 s of silence. https://github.com/AtherEnergy/rumqtt/issues/1: one that never pings.
    https://github.com/moscajs/mosca/issues/430: something closes after 300 s, whatever the client named.
    """
    wire = Wire(start("2021-05-03T15:06:40"), "10.1.0.5:50100", "10.2.0.9:1883", at=at).open()
    wire.say(0.01, CLIENT, connect(keepalive)).say(0.011 + wire.there, SERVER, b"\x20\x02\0\0").send(0.0122, CLIENT)
    for ping in pings:
        wire.say(ping, CLIENT, b"\xc0\0").say(ping + wire.there + 0.0003, SERVER, b"\xd0\0")
        wire.send(ping + 0.00104, CLIENT)
    wire.fin(closes, SERVER).send(closes + 0.0007, CLIENT).fin(closes + 0.0012, CLIENT)
    return wire.send(closes + 0.0019, SERVER)


@pytest.mark.parametrize(
    ("wire", "is_told"),
    [
        (pinging(20, 17.6, closes=48.2), True),
        (pinging(10, closes=15.2), True),
        (pinging(20, 17.6, closes=47.3), False),  # not yet
        (pinging(20, 17.6, closes=60.0), False),  # another reason
        (pinging(20, 17.6, 77.7, closes=108.3), False),  # it had let a longer silence pass
        (pinging(30_000, 1.0, closes=301.0), False),
        (pinging(0, 1.0, closes=31.0), False),
    ],
)
def test_who_was_silent_for_longer_than_it_had_named_is_why_the_server_closed(
    wire: Wire, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    case, _, verdict = judged(wire, tshark, tmp_path, lasts=320)
    assert ("silent-past-keepalive" in ids(verdict.claims)) is is_told
    assert (APPLICATION in verdict.attribution) is is_told
    assert [found.kind for found in listed(wire, tshark, tmp_path, lasts=320)] == [Kind.PEER_CLOSED] * is_told
    if is_told:
        assert (verdict.kind, PATH in verdict.attribution) == (Kind.PEER_CLOSED, False)
        told = cause(case, verdict)
        assert told is not None
        assert told.id == "cause-waited-for"


def test_a_server_cannot_tell_whether_the_client_was_silent_or_not_heard(tshark: Tshark, tmp_path: Path) -> None:
    wire = pinging(20, 17.6, closes=48.2, at=SERVER)
    _, _, verdict = judged(wire, tshark, tmp_path)
    (told,) = [claim for claim in verdict.claims if claim.id == "silent-past-keepalive"]
    assert not told.values["is_seen"]
    assert {APPLICATION, PATH} <= set(verdict.attribution)


def reused(*, refuses: bool, behind: int = 5_000) -> Wire:
    """https://github.com/cloudius-systems/osv/issues/889: the ports of a connection that has closed are used again,
    with lower numbers. The server still has them in TIME-WAIT, and answers each SYN with an ACK of the old connection.
    """
    wire = Wire(start("2017-07-07T10:00:00"), "10.1.0.5:50100", "10.2.0.9:80")
    wire.next[CLIENT] = 1_000_000
    wire.open().ask(0.01, 100, 1_400).fin(0.05, CLIENT).fin(0.0507, SERVER).send(0.0508, CLIENT)
    client, server = wire.next[CLIENT], wire.next[SERVER]
    for at in (7.6, 8.6, 10.6, 14.6):
        wire.send(at, CLIENT, SYN, seq=client - behind).send(at + 0.0006, SERVER, seq=server, ack=client)
        if refuses:
            wire.send(at + 0.00063, CLIENT, RST, seq=client, bare=True)
    return wire


@pytest.mark.parametrize(
    ("refuses", "claim", "sure"),
    [(False, "opening-no-rst", Confidence.POSSIBLE), (True, "opening-rst-not-heeded", Confidence.LIKELY)],
)
def test_a_syn_that_an_earlier_connection_answers_opens_nothing(
    refuses: bool, claim: str, sure: Confidence, tshark: Tshark, tmp_path: Path
) -> None:
    _, _, verdict = judged(reused(refuses=refuses), tshark, tmp_path)
    assert (verdict.kind, verdict.confidence) == (Kind.NEVER_OPENED, sure)
    assert ids(verdict.claims) == ["opening-of-another", "opening-port-used-again", claim]


@pytest.mark.parametrize("cut", [1.0, 7.6001])
def test_of_an_earlier_connection_that_is_not_in_the_capture_no_more_is_said(
    cut: float, tshark: Tshark, tmp_path: Path
) -> None:
    _, _, verdict = judged(reused(refuses=False).since(cut), tshark, tmp_path)
    assert verdict.kind is Kind.NEVER_OPENED
    assert "opening-port-used-again" not in ids(verdict.claims)


def test_a_capture_that_lacks_the_syn_ack_shows_an_open_connection(tshark: Tshark, tmp_path: Path) -> None:
    """The SYN comes again as it takes another second; what the client sends shows that it was answered."""
    wire = Wire(start("2017-07-07T10:00:00"), "10.1.0.5:50100", "10.2.0.9:80")
    wire.next.update({CLIENT: 1_001, SERVER: 500_001})
    wire.send(0.0, CLIENT, SYN, seq=1_000).send(1.0, CLIENT, SYN, seq=1_000).send(1.002, CLIENT)
    wire.say(1.01, CLIENT, 100).send(1.0106, SERVER).send(1.3, SERVER, ACK, 900).send(1.3001, CLIENT)
    _, _, verdict = judged(wire, tshark, tmp_path)
    assert verdict.kind is not Kind.NEVER_OPENED


def fed(*, pauses: tuple[float, ...], silent: float, beats: bool = False, closes: bool = False) -> Wire:
    """https://github.com/alpacahq/alpaca-trade-api-js/issues/173: a feed over WebSocket goes silent, and the connection
    stays. https://github.com/zKillboard/zKillboard/issues/196: the same of events that come at random.
    https://github.com/Polymarket/real-time-data-client/issues/26: the service answers heartbeats all the time.
    https://github.com/binary-com/websockets/issues/24: a client that then closes.
    """
    wire = Wire(start("2021-11-30T13:00:00"), "10.1.0.5:50100", "10.2.0.9:443", round_trip=0.02, far=52).open()
    wire.ask(0.05, 400, 300)
    at, events = 1.0, []
    for pause in pauses:
        at += pause
        events.append((at, SERVER))
    if beats:
        events += [(5.5 + 10 * beat, CLIENT) for beat in range(int((at + silent) / 10))]
    for moment, side in sorted(events):
        if side == SERVER:
            wire.say(moment, SERVER, 180).send(moment + 0.00004, CLIENT)
        else:
            wire.say(moment, CLIENT, 33).say(moment + 0.0203, SERVER, 29).send(moment + 0.02034, CLIENT)
    if closes:
        wire.fin(at + silent, CLIENT).send(at + silent + 0.02, SERVER).fin(at + silent + 0.0201, SERVER)
        wire.send(at + silent + 0.02014, CLIENT)
    return wire


STEADY, UNEVEN = (1.0,) * 100, (0.3, 4.0, 9.0, 1.0, 17.0) * 5
BURSTS = ((0.2,) * 19 + (60.0,)) * 3


@pytest.mark.parametrize(
    ("pauses", "silent", "beats", "is_told"),
    [
        (STEADY, 60, False, True),
        (STEADY, 120, True, True),
        (UNEVEN, 200, False, True),
        (UNEVEN, 60, False, False),  # it had been silent for nearly as long
        (BURSTS, 200, False, False),
        (STEADY[:40], 120, False, False),  # a long reply may take as long
        (STEADY, 8, False, False),
        ((12.0,) * 8, 200, False, False),  # too few
    ],
)
def test_a_stream_that_stops_is_not_called_healthy(
    pauses: tuple[float, ...], silent: float, beats: bool, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    wire = fed(pauses=pauses, silent=silent, beats=beats)
    _, _, verdict = judged(wire, tshark, tmp_path, lasts=1 + sum(pauses) + silent)
    assert verdict.kind is (Kind.UNDETERMINED if is_told else Kind.HEALTHY)
    assert ("stream-stopped" in ids(verdict.claims)) is is_told


@pytest.mark.parametrize(("silent", "is_told"), [(60, True), (3, False)])
def test_who_closes_when_a_stream_has_stopped_may_have_waited_for_it(
    silent: float, is_told: bool, tshark: Tshark, tmp_path: Path
) -> None:
    _, _, verdict = judged(fed(pauses=STEADY, silent=silent, closes=True), tshark, tmp_path, lasts=200)
    assert verdict.kind is (Kind.LOCAL_CLOSED if is_told else Kind.HEALTHY)
    assert (PEER in verdict.attribution) is is_told


def test_what_is_asked_for_is_no_stream(tshark: Tshark, tmp_path: Path) -> None:
    wire = Wire(start("2021-11-30T13:00:00"), "10.1.0.5:50100", "10.2.0.9:443", round_trip=0.02, far=52).open()
    for turn in range(100):
        wire.ask(1.0 + turn, 200 + turn % 7, 500)
    _, _, verdict = judged(wire, tshark, tmp_path, lasts=200)
    assert verdict.kind is Kind.HEALTHY


def repeating(copies: int = 7, *, at: str = CLIENT, acknowledges: bool = True, goes_on: bool = False) -> Wire:
    """https://github.com/kubernetes/kubernetes/issues/111820: conntrack loses a connection to a database. The server
    repeats what the client acknowledges each time, and an RST ends it.
    """
    wire = Wire(start("2022-08-11T12:20:00"), "10.244.1.143:59048", "10.203.0.16:1521", at=at, far=62).open()
    wire.ask(0.1, 200, 1_448).say(60.0, CLIENT, 200).send(60.01, SERVER, ACK, 1_448)
    start_of_it, moment, wait = wire.next[SERVER] - 1_448, 60.21, 0.4
    if acknowledges:
        wire.send(60.01004, CLIENT)
    for _ in range(copies):
        wire.send(moment, SERVER, ACK, 1_448, seq=start_of_it)
        if acknowledges:
            wire.send(moment + 0.00004, CLIENT)
        moment, wait = moment + wait, wait * 2
    return wire.ask(moment, 200, 800) if goes_on else wire.abort(moment, SERVER)


@pytest.mark.parametrize(
    ("wire", "shares"),
    [(repeating(), {PATH, PEER}), (repeating(at=SERVER), {PEER})],
)
def test_what_is_repeated_although_it_was_acknowledged_was_not_heard(
    wire: Wire, shares: set[Attribution], tshark: Tshark, tmp_path: Path
) -> None:
    case, _, verdict = judged(wire, tshark, tmp_path, lasts=130)
    assert (verdict.kind, set(verdict.attribution)) == (Kind.PATH_LOST, shares)
    assert verdict.confidence is (Confidence.LIKELY if PATH in shares else Confidence.POSSIBLE)
    told = cause(case, verdict)
    assert told is not None
    assert told.id == "cause-one-way"


@pytest.mark.parametrize(
    "wire", [repeating(3), repeating(acknowledges=False), repeating(goes_on=True)], ids=["few", "unanswered", "goes on"]
)
def test_what_looks_like_an_acknowledgment_that_was_not_heard(wire: Wire, tshark: Tshark, tmp_path: Path) -> None:
    _, _, verdict = judged(wire, tshark, tmp_path, lasts=130)
    assert "acks-not-heard" not in ids(verdict.claims)


def idle_reset(age: float, *, flags: int = RST | ACK, ttl: int = 0) -> Wire:
    """https://github.com/rabbitmq/rabbitmq-auth-backend-ldap/issues/81 and
    https://github.com/instaclustr/cassandra-ldap/issues/1: Active Directory ends what was idle for 900 s with an RST.
    https://github.com/hajkmap/Hajk/issues/1320: it ends a session after what is left of half a minute.
    """
    wire = Wire(start("2018-03-09T10:00:00"), "10.1.0.5:50100", "10.2.0.9:389", far=127, stamped=False).open()
    wire.ask(0.1, 60, 22).ask(0.2, 150, 800)
    return wire.send(0.2026 + age, SERVER, flags, ttl=ttl)


@pytest.mark.parametrize(
    ("wire", "kind"),
    [
        (idle_reset(900.7), Kind.PEER_CLOSED_IDLE),
        (idle_reset(300.2), Kind.PEER_CLOSED_IDLE),
        (idle_reset(35.1), Kind.PEER_CLOSED_IDLE),
        (idle_reset(817.3), Kind.PEER_RESET),
        (idle_reset(905.7), Kind.PEER_RESET),
        (idle_reset(17.4), Kind.PEER_RESET),
        (idle_reset(900.7, flags=RST), Kind.PEER_RESET),  # a host without the connection, or a device
        (idle_reset(900.7, ttl=63), Kind.PEER_RESET),
    ],
)
def test_an_rst_after_a_round_time_may_be_an_idle_limit(wire: Wire, kind: Kind, tshark: Tshark, tmp_path: Path) -> None:
    _, _, verdict = judged(wire, tshark, tmp_path, lasts=950)
    assert verdict.kind is kind
    if kind is Kind.PEER_CLOSED_IDLE:
        assert (verdict.confidence, set(verdict.attribution)) == (Confidence.POSSIBLE, {PEER, PATH})


@pytest.mark.parametrize(
    ("age", "kind"),
    [
        (437.31, Kind.PEER_CLOSED),
        (67.6, Kind.PEER_CLOSED),
        (450.4, Kind.PEER_CLOSED_IDLE),
        (3.4, Kind.PEER_CLOSED),  # of a few seconds, any whole number
        (3.04, Kind.PEER_CLOSED_IDLE),
        (65.3, Kind.PEER_CLOSED_IDLE),
        (67.02, Kind.PEER_CLOSED_IDLE),
    ],
)
def test_a_session_that_was_killed_is_not_called_idle(age: float, kind: Kind, tshark: Tshark, tmp_path: Path) -> None:
    """https://github.com/sysown/proxysql/issues/557: KILL of a session of MySQL, which says nothing. The client, which
    was not looking, writes a minute later.
    """
    wire = Wire(start("2016-06-01T10:00:00"), "10.1.0.5:50100", "10.2.0.9:3306").open().ask(0.1, 90, 80)
    wire.fin(0.1026 + age, SERVER).send(0.10264 + age, CLIENT).say(60 + age, CLIENT, 50).refuse(60.0006 + age, SERVER)
    _, _, verdict = judged(wire, tshark, tmp_path, lasts=540)
    assert verdict.kind is kind
    assert (verdict.confidence is Confidence.POSSIBLE) is (kind is Kind.PEER_CLOSED_IDLE)


def refused(after: float) -> Wire:
    """https://github.com/nmap/nmap/issues/1795: the answer comes in 140 us, and the host is 20 ms away."""
    wire = Wire(start("2020-01-12T10:00:00"), "10.1.0.5:50100", "172.217.5.5:8080", round_trip=0.02, far=55)
    return wire.send(5.0, CLIENT, SYN).send(5.0 + after, SERVER, RST | ACK, seq=0, bare=True)


@pytest.mark.parametrize(
    ("after", "round_trips", "shares", "sure"),
    [
        (0.00014, (0.02, 0.021, 0.04), {PATH}, Confidence.LIKELY),
        (0.00014, (0.02,), {PATH, PEER}, Confidence.POSSIBLE),
        (0.00014, (0.02, 0.0002, 0.04), {PEER}, Confidence.LIKELY),  # it answers as soon when it has the time
        (0.012, (0.02, 0.021, 0.04), {PEER}, Confidence.LIKELY),
        (0.00002, (0.0003, 0.0003, 0.0004), {PEER}, Confidence.LIKELY),  # on one link, what is sooner tells nothing
        (0.00014, (), {PEER}, Confidence.LIKELY),
    ],
)
def test_who_refuses_sooner_than_the_host_answers_is_nearer(
    after: float,
    round_trips: tuple[float, ...],
    shares: set[Attribution],
    sure: Confidence,
    tshark: Tshark,
    tmp_path: Path,
) -> None:
    wire, others = refused(after), []
    for turn, round_trip in enumerate(round_trips):
        other = Wire(wire.start_ns, f"10.1.0.5:{50200 + turn}", "172.217.5.5:443", round_trip=round_trip, far=55)
        others.append(other.open(0.5 + turn).ask(0.7 + turn))
    case, explanations, verdict = judged(wire, tshark, tmp_path, others=tuple(others))
    assert (verdict.kind, set(verdict.attribution), verdict.confidence) == (Kind.NEVER_OPENED, shares, sure)
    standing = {answer.subject: answer.standing for answer in answer_the_question(case, explanations, verdict)}
    assert (standing[Subject.NETWORK] is Standing.INVOLVED) is (shares == {PATH})


ALERT = b"\x15\x03\x03\x00\x1a" + bytes(26)


@pytest.mark.parametrize(
    ("since", "claim", "idle"),
    [
        (0.0, "close-after-farewell", 65.0),
        (50.0, "close-after-capture-start", None),
        (20.0, "close-after-farewell", 65.0),
    ],
)
def test_of_a_silence_that_began_before_the_capture_no_age_is_told(
    since: float, claim: str, idle: float | None, tshark: Tshark, tmp_path: Path
) -> None:
    """https://github.com/haproxy/haproxy/issues/3029: a TLS alert and the FIN come 87 us apart. They are no exchange,
    whatever of the connection the capture has.
    """
    wire = Wire(start("2025-07-08T15:00:00"), "172.16.20.5:65086", "172.16.10.1:443", far=60).open().ask(0.1)
    wire.ask(30.0).ask(40.0 - 0.0026).say(105.0, SERVER, ALERT).fin(105.000087, SERVER).send(105.0001, CLIENT)
    wire.fin(105.0004, CLIENT).send(105.001, SERVER)
    case, _, verdict = judged(wire.since(since), tshark, tmp_path, lasts=120)
    told = verdict.claims[0]
    assert told.id == claim
    aged = close_age(case)
    assert (None if aged is None else round(aged.ns / 1e9, 1)) == idle
    if idle is None:
        assert told.values["sent"] == len(ALERT)


def echoing(*, own: bool) -> Wire:
    """https://github.com/genodelabs/genode/issues/4056: a client sends a megabyte to an echo service and reads nothing
    before all is sent. Its window closes, then the service's. ``own``: whether the client's does.
    """
    wire = Wire(start("2021-03-23T10:00:00"), "10.1.0.5:50100", "10.2.0.9:5000", round_trip=0.01, stamped=False).open()
    for segment in range(40):
        wire.send(0.02 + segment * 0.001, CLIENT, ACK, 1_460)
    for segment in range(12):
        wire.send(0.06 + segment * 0.0001, SERVER, ACK, 1_460)
    left = 0 if own else 501
    wire.send(0.0613, CLIENT, window=left).send(0.065, SERVER, window=0)
    at, wait = 0.4, 0.4
    for _ in range(8):
        if own:
            wire.send(at, SERVER, seq=wire.next[SERVER] - 1, window=0).send(at + 0.00004, CLIENT, window=0)
        wire.send(at + 0.1, CLIENT, seq=wire.next[CLIENT] - 1, window=left).send(at + 0.11, SERVER, window=0)
        at, wait = at + wait, wait * 2
    return wire


@pytest.mark.parametrize("own", [True, False])
def test_of_two_that_do_not_read_not_one_alone_is_blamed(own: bool, tshark: Tshark, tmp_path: Path) -> None:
    case, explanations, verdict = judged(echoing(own=own), tshark, tmp_path, lasts=110)
    assert verdict.kind is Kind.PEER_STALLED
    assert (APPLICATION in verdict.attribution) is own
    assert verdict.confidence is (Confidence.POSSIBLE if own else Confidence.LIKELY)
    standing = {answer.subject: answer.standing for answer in answer_the_question(case, explanations, verdict)}
    assert standing[Subject.SERVICE] is (Standing.NOT_CLEARED if own else Standing.INVOLVED)
    assert (standing[Subject.APPLICATION] is Standing.NOT_CLEARED) is own
