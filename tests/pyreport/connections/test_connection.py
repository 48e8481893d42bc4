"""Frames become connections with roles; what each side's keep-alive did is counted."""

from __future__ import annotations

import pytest

from pyreport.base.claim import Party, claim
from pyreport.base.endpoint import Endpoint
from pyreport.connections.index import build_index
from pyreport.connections.roles import assign_roles, client_of
from pyreport.frames.finding import Level
from pyreport.frames.findings import Fin, GaveUp, PostFinReset
from pyreport.frames.frame import FLAG_ACK, FLAG_SYN
from tests.pyreport.cases import CLIENT, SERVER, Story, at, case_of, number, overlooked_close


def test_the_client_is_the_one_whose_syn_was_seen() -> None:
    story = Story().frame(0.0, SERVER, flags=FLAG_SYN | FLAG_ACK).frame(0.1, CLIENT, flags=FLAG_SYN)
    connection = case_of(story).connection
    assert (connection.a, connection.b) == (CLIENT, SERVER)
    assert connection.syn is not None
    assert assign_roles(connection).parties == {CLIENT: Party.CLIENT, SERVER: Party.SERVER}


def test_without_a_syn_the_port_of_a_service_tells() -> None:
    roles = assign_roles(case_of(Story().data(0.0, SERVER)).connection)
    assert (roles.local, roles.peer) == (CLIENT, SERVER)
    assert roles.why_local == claim("local-is-client")


def test_without_any_sign_the_ends_are_a_and_b() -> None:
    one, other = "10.0.0.1:40000", "10.0.0.2:50000"
    roles = assign_roles(case_of(Story(one, other).data(0.0, other)).connection)
    assert (roles.local, roles.parties) == (other, {other: Party.A, one: Party.B})


def test_two_service_ports_tell_nothing() -> None:
    roles = assign_roles(case_of(Story("10.0.0.1:9092").data(0.0, SERVER)).connection)
    assert set(roles.parties.values()) == {Party.A, Party.B}
    assert (roles.end_of(Party.B), roles.end_of(Party.CLIENT)) == (roles.peer, None)


@pytest.mark.parametrize(
    ("one", "other", "client"),
    [
        ("10.0.0.1:32768", "10.0.0.2:5000", "10.0.0.1:32768"),
        ("10.0.0.1:5000", "10.0.0.2:50000", "10.0.0.2:50000"),
        ("10.0.0.1:32767", "10.0.0.2:5000", None),
        ("10.0.0.1:40000", "10.0.0.2:50000", None),
        ("10.0.0.1:44818", "10.0.0.2:1130", "10.0.0.2:1130"),  # a service's registered port tells more
    ],
)
def test_a_port_that_kernels_give_to_clients_tells_the_client(one: str, other: str, client: str | None) -> None:
    connection = case_of(Story(one, other).data(0.0, one)).connection
    assert client_of(connection) == client


def test_the_end_that_was_named_is_local() -> None:
    roles = assign_roles(case_of(overlooked_close()).connection, SERVER, claim("local-named-first"))
    assert (roles.local, roles.peer, roles.why_local) == (SERVER, CLIENT, claim("local-named-first"))


def test_keepalive_is_counted_by_side() -> None:
    story = Story().handshake().data(1.0, SERVER).frame(1.01, CLIENT).probe(6.0, SERVER)
    story.probes_in_vain(11.0, 2, SERVER).probe(21.0, SERVER).unanswered(16.0, 21.0, 2)
    story.data(36.0, CLIENT).missed(21.0, 36.0, 2, "data", by=SERVER).frame(36.0 + 0.010, SERVER).probes(41.010, 3)
    connection = case_of(story).connection
    ours, theirs = connection.keepalive(CLIENT), connection.keepalive(SERVER)
    assert (ours.probes, ours.answered, ours.unanswered, ours.missed) == (3, 3, 0, 0)
    assert (theirs.probes, theirs.answered, theirs.unanswered, theirs.missed) == (4, 2, 2, 2)
    assert (ours.cadence_ns, ours.idle_ns, ours.interval_ns) == (5_000_000_000, 5_000_000_000, None)


def test_a_side_without_probes_has_learned_nothing() -> None:
    silent = case_of(Story().handshake()).connection.keepalive(CLIENT)
    assert (silent.idle_ns, silent.cadence_ns, silent.probes, silent.answered) == (None, None, 0, 0)


def test_findings_are_found_by_id_and_side() -> None:
    connection = case_of(overlooked_close()).connection
    assert [f.frame for f in (*connection.of(Fin), *connection.of(PostFinReset))] == [number(61.0), number(66.2)]
    assert connection.of(Fin, side=CLIENT) == []
    assert connection.first_of(GaveUp) is None
    assert connection.worst is Level.ERROR
    assert case_of(Story().handshake()).connection.worst is Level.CHAT


def test_frames_are_found_by_number() -> None:
    connection = case_of(overlooked_close()).connection
    found = connection.frame(number(61.0))
    assert found is not None
    assert found.time_ns == at(61.0)
    assert connection.frame(number(61.0) + 1) is not None  # the ACK
    assert connection.frame(number(61.5)) is None
    assert connection.frame(10**9) is None


def test_garbage_of_a_probe_is_no_data() -> None:
    last = case_of(Story().data(1.0, SERVER).probe(6.0, octets=1)).connection.last_data_before(at(7.0))
    assert last is not None
    assert last.number == number(1.0)


def test_the_longest_silence_of_a_host_has_its_edges() -> None:
    index = build_index(Story().data(1.0, CLIENT).data(3.0, CLIENT).data(8.0, CLIENT).numbered())
    assert index.longest_silence_of(CLIENT.host, at(0.0), at(9.0)) == (at(3.0), at(8.0))
    assert index.longest_silence_of(CLIENT.host, at(8.5), at(20.0)) == (at(8.5), at(20.0))
    assert index.longest_silence_of("10.9.9.9", at(1.0), at(2.0)) == (at(1.0), at(2.0))


def test_endpoints() -> None:
    assert Endpoint("[2001:db8::1]:9092").host == "[2001:db8::1]"
