"""What to do, and what to ask the other side for: the rows are sound, and what is advised fits the verdict."""

from __future__ import annotations

import re
import string
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pyreport.advice.facts import facts_of, words_of
from pyreport.advice.letter import letter, window
from pyreport.advice.model import Letter, Plan
from pyreport.advice.plan import MOST, plan
from pyreport.advice.rows import rows
from pyreport.application.kafka_messages import Exchange, Request
from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.knowledge.known_timers import known_timers
from pyreport.logs.registry import parse_log_line
from tests.pyreport.cases import (
    CLIENT,
    SERVER,
    START_NS,
    Story,
    at,
    case_of,
    gap_before_close,
    idle_close,
    number,
    overlooked_close,
    verdict_of,
)
from tests.pyreport.log_samples import SAMPLES

ROWS = rows()


def of_kind(kind: Kind, *shares: Attribution) -> Verdict:
    return Verdict(kind, (), Confidence.LIKELY, shares, ())


def ids(found: Plan) -> list[str]:
    return [advice.id for advice in found.advice]


def settings(found: Plan, advice_id: str) -> list[str]:
    (advice,) = [advice for advice in found.advice if advice.id == advice_id]
    return [f"{setting.who}: {setting.text}" for setting in advice.settings]


def letter_of(case: Case, verdict: Verdict | None = None) -> Letter:
    found = plan(case, verdict or verdict_of(case)).letter
    assert found is not None
    return found


def exchange(client_id: str = "app", software: str = "", answer: int | None = number(1.0)) -> Exchange:
    return Exchange(SERVER, (Request(number(0.9), at(0.9), 1, 4, 7, client_id, answer=answer),), software)


# The rows ------------------------------------------------------------------------------------------------------------


def gaps(texts: Iterable[str]) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def test_rows_name_only_what_there_is() -> None:
    case = case_of(idle_close())
    facts, words = facts_of(case, verdict_of(case), None), words_of(case, None)
    filters = {"snap", "capture_filter", "socket_filter"}
    timers = {timer.id for timer in known_timers()}
    assert {name for row in (*ROWS.advice, *ROWS.asks) for name in row.when} <= set(facts)
    assert gaps(row.text for row in (*ROWS.advice, *ROWS.asks)) <= set(words)
    assert gaps(row.command for row in ROWS.asks) <= filters
    assert {use for row in ROWS.advice for use in row.settings} == {"idle", "retry", "read", "keepalive", "server"}
    assert {setting.use for entry in ROWS.software for setting in entry.settings} <= {
        "idle",
        "retry",
        "read",
        "keepalive",
    }
    assert {timer for entry in ROWS.software for timer in entry.idle} <= timers


def test_rows_have_ids_of_their_own_and_sources() -> None:
    for part in (ROWS.advice, ROWS.asks):
        assert len({row.id for row in part}) == len(part)
        assert all(row.source for row in part)
    assert all(setting.source for entry in ROWS.software for setting in entry.settings)


def test_every_verdict_has_advice() -> None:
    assert {kind for row in ROWS.advice for kind in row.kinds} == set(Kind)
    assert {kind for row in ROWS.asks for kind in row.kinds} == set(Kind) - {Kind.HEALTHY}


def test_formats_are_those_of_the_logs() -> None:
    """Each word for a format occurs in the name of one that a sample is read as."""
    known = {error.format for error in (parse_log_line(sample.line) for sample in SAMPLES)}
    for entry in ROWS.software:
        for word in entry.formats:
            assert word == "*" or any(word in name for name in known), word


# Advice that fits ----------------------------------------------------------------------------------------------------


def test_an_idle_close_that_the_client_overlooked() -> None:
    found = plan(*(lambda case: (case, verdict_of(case)))(case_of(overlooked_close(), log="broken pipe", logged=113.0)))
    assert ids(found) == [
        "retry_first_use", "idle_below_the_peer", "read_while_idle", "raise_the_peers_limit", "probes_do_not_count",
    ]  # fmt: skip
    assert "well below 60.0 s, such as 45 s" in found.advice[1].text
    assert "unread for at least 52.0 s" in found.advice[2].text
    assert settings(found, "raise_the_peers_limit") == [
        "Kafka broker: connections.max.idle.ms (broker, per listener), default 10 min 00 s"
    ]


def test_an_idle_close_of_the_client_needs_nothing_at_the_client() -> None:
    story = Story(client=CLIENT).handshake().data(1.0, SERVER).fin(61.0, CLIENT, 1.0)
    case = case_of(story.write_after_fin(70.0, SERVER, 61.0), local=SERVER)
    assert ids(plan(case, of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE))) == ["the_client_closed_idle"]


def test_a_host_that_missed_probes_is_looked_into_apart_from_the_close() -> None:
    case = case_of(gap_before_close(), log="broken pipe", logged=40.0)
    found = plan(case, of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE, Attribution.LOCAL_HOST))
    assert ids(found)[0] == "retry_first_use"
    (host,) = [advice for advice in found.advice if advice.id == "host_share"]
    assert "It did not cause the close." in host.text
    assert found.letter is not None
    assert "migrations_here" in [ask.id for ask in found.letter.asks]


@pytest.mark.parametrize("kind", [Kind.PATH_LOST, Kind.KEEPALIVE_GAVE_UP, Kind.HOST_FROZEN])
def test_no_idle_limit_is_turned_where_packets_or_a_host_failed(kind: Kind) -> None:
    case = case_of(overlooked_close(), log="broken pipe", logged=113.0)
    found = plan(case, of_kind(kind, Attribution.NETWORK_PATH), exchange())
    said = " ".join([advice.text for advice in found.advice] + [s.text for a in found.advice for s in a.settings])
    assert not re.search(r"idle limit|idle_timeout|max\.idle|IdleTimeout", said)
    assert found.letter is not None
    assert any("hypervisor" in ask.text for ask in found.letter.asks)


def test_nothing_needs_doing() -> None:
    case = case_of(idle_close().answering_fin(61.2, CLIENT))
    found = plan(case, verdict_of(case))
    assert verdict_of(case).kind is Kind.HEALTHY
    assert ids(found) == ["nothing"]
    assert found.letter is None
    here = plan(case, of_kind(Kind.LOCAL_CLOSED, Attribution.LOCAL_APPLICATION))
    assert ids(here) == ["nothing_closed_here"]
    assert here.letter is None


def test_a_program_that_gave_up_on_a_bad_path_is_told_of_the_path() -> None:
    case = case_of(idle_close())
    found = plan(case, of_kind(Kind.LOCAL_CLOSED, Attribution.LOCAL_APPLICATION, Attribution.NETWORK_PATH))
    assert ids(found) == ["network_share"]
    assert found.letter is not None
    assert [ask.id for ask in found.letter.asks] == ["packets_before_the_close"]


def test_keep_alive_is_advised_only_where_none_was() -> None:
    silent = Story().handshake().data(1.0, SERVER).reset(400.0, SERVER)
    silent.frames[number(400.0)] = replace(
        silent.frames[number(400.0)],
        findings=tuple(
            replace(f, data={**f.data, "packet_idle_ns": 399 * NS_PER_S}) for f in silent.frames[number(400.0)].findings
        ),
    )
    found = plan(case_of(silent), of_kind(Kind.MIDDLEBOX_CLOSED, Attribution.NETWORK_PATH))
    assert "probe_below_the_tracker" in ids(found)
    assert "6 min 39 s of silence" in next(a.text for a in found.advice if a.id == "probe_below_the_tracker")
    probed = Story().handshake().data(1.0, SERVER).probes(6.0, 11).reset(61.0, SERVER)
    found = plan(case_of(probed), of_kind(Kind.MIDDLEBOX_CLOSED, Attribution.NETWORK_PATH))
    assert "probes_would_not_help" in ids(found)
    assert "probe_below_the_tracker" not in ids(found)


def test_the_request_that_was_waiting() -> None:
    case = case_of(idle_close())
    found = plan(case, of_kind(Kind.PEER_CLOSED, Attribution.PEER_SERVICE), exchange(answer=None))
    assert ids(found)[0] == "the_waiting_request"
    assert "the Fetch request with correlation id 7 of client id “app”" in found.advice[0].text
    answered = plan(case, of_kind(Kind.PEER_CLOSED, Attribution.PEER_SERVICE), exchange())
    assert "the_waiting_request" not in ids(answered)


@pytest.mark.parametrize("kind", Kind)
def test_never_more_than_a_reader_does(kind: Kind) -> None:
    case = case_of(overlooked_close(), log="broken pipe", logged=113.0)
    found = plan(case, of_kind(kind, *Attribution), exchange(answer=None))
    assert 1 <= len(found.advice) <= MOST


def test_only_a_probe_that_was_refused_early_asks_for_an_explanation() -> None:
    """A host that closed refuses data at once, but answers probes for its tcp_fin_timeout, 60 s by default."""

    def asked(story: Story) -> bool:
        return "fin_wait" in [ask.id for ask in letter_of(case_of(story), of_kind(Kind.PEER_CLOSED_IDLE)).asks]

    assert asked(overlooked_close())
    written = idle_close().write_after_fin(66.0, CLIENT, 61.0).reset_after_fin(66.2, SERVER, 66.0, "write", 61.0)
    assert not asked(written)
    late = (
        idle_close().probe(126.0, answered=False, after_fin=61.0).reset_after_fin(126.2, SERVER, 126.0, "probe", 61.0)
    )
    assert not asked(late)


def test_settings_of_keep_alive_are_for_the_side_that_gave_up() -> None:
    story = Story().handshake().data(1.0, SERVER)
    ours = plan(case_of(story.gave_up(60.0, CLIENT, 6.0, 51.0, 9)), of_kind(Kind.KEEPALIVE_GAVE_UP))
    assert ids(ours) == ["find_the_silence", "survive_the_silence"]
    assert "whether the server was down" in ours.advice[0].text
    assert settings(ours, "survive_the_silence")[0].startswith("Kafka Java client: always on")
    story = Story().handshake().data(1.0, SERVER).gave_up(60.0, SERVER, 6.0, 51.0, 9)
    theirs = plan(case_of(story), of_kind(Kind.KEEPALIVE_GAVE_UP))
    assert ids(theirs) == ["find_the_silence"]
    assert "whether the client was down" in theirs.advice[0].text


# Whose settings ------------------------------------------------------------------------------------------------------


def with_log(line: str) -> Case:
    return replace(case_of(overlooked_close()), log=parse_log_line(line))


@pytest.mark.parametrize(
    ("line", "who", "idle"),
    [
        (
            "%3|1664467200.000|FAIL|app#c-1| [thrd:x]: 10.0.9.9:9092/1: Disconnected (after 9ms in state UP)",
            "librdkafka, by the format of the log line",
            "librdkafka: connections.max.idle.ms, off by default",
        ),
        (
            f"kafka: error while consuming t/1: write tcp {CLIENT}->{SERVER}: write: broken pipe",
            "Sarama, by the format of the log line",
            "Sarama: has no idle limit",
        ),
        (
            "[2022-09-29 16:01:01,123] INFO [Consumer clientId=c1, groupId=g] Node 1 disconnected. (NetworkClient)",
            "Kafka Java client, by the format of the log line",
            "Kafka Java producer or consumer: connections.max.idle.ms (client), default 9 min",
        ),
    ],
)
def test_the_log_names_the_software(line: str, who: str, idle: str) -> None:
    case = with_log(line)
    found = plan(case, verdict_of(case))
    assert found.software == who
    assert settings(found, "idle_below_the_peer")[0].startswith(idle)


def test_a_client_names_itself() -> None:
    case = with_log(f"write tcp {CLIENT}->{SERVER}: write: broken pipe")
    by_id = plan(case, verdict_of(case), exchange(client_id="sarama"))
    assert by_id.software == "Sarama, by the name “sarama” in its requests"
    by_name = plan(case, verdict_of(case), exchange(software="apache-kafka-java 3.6.1"))
    assert by_name.software.startswith("Kafka Java client, by the name")


def test_unknown_software_is_said_to_be_unknown() -> None:
    case = case_of(overlooked_close())
    found = plan(case, verdict_of(case), exchange())
    assert found.software == (
        "Kafka Java client and librdkafka, as examples: which software it is cannot be told from this capture"
    )
    elsewhere = case_of(
        Story(server="10.0.9.9:7777").handshake().data(1.0, "10.0.9.9:7777").fin(61.0, "10.0.9.9:7777", 1.0)
    )
    bare = plan(elsewhere, of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE))
    assert bare.software == ""
    assert all(advice.settings == () for advice in bare.advice)


@pytest.mark.parametrize(
    ("port", "limits"),
    [
        (3306, ["MySQL server: wait_timeout, interactive_timeout, default 8 h 00 min"]),
        (6379, ["Redis server: timeout, off by default"]),
        (443, ["nginx, HTTP keep-alive: keepalive_timeout, default 75.0 s"]),
        (7777, []),
    ],
)
def test_the_servers_limit_goes_by_its_port(port: int, limits: list[str]) -> None:
    server = f"10.0.9.9:{port}"
    story = Story(server=server).handshake().data(1.0, server).fin(61.0, server, 1.0)
    found = plan(case_of(story), of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE))
    assert settings(found, "raise_the_peers_limit") == limits


# The letter ----------------------------------------------------------------------------------------------------------


def test_the_letter_names_the_connection_the_window_and_the_close() -> None:
    case = case_of(overlooked_close(), log="broken pipe", logged=113.0)
    text = " ".join(letter_of(case).text.split())
    assert f"Connection: TCP {CLIENT} -> {SERVER}" in text
    # From 10 s before the last data, 1 s after the start of the story, to 10 s after the RST, both to whole seconds.
    assert "Window: 2022-09-29 15:59:51 to 2022-09-29 16:01:17 UTC" in text
    assert window(case) == (START_NS - 9 * NS_PER_S, START_NS + 77 * NS_PER_S)
    assert (
        "Close: 2022-09-29 16:01:01.000000 UTC by the clock of this capture: FIN of 10.0.9.9:9092, sequence nu" in text
    )
    assert "NAT" in text
    assert "connections.max.idle.ms" in text
    assert "net.ipv4.tcp_fin_timeout" in text


def test_a_private_address_is_translated_on_its_way_to_a_public_one() -> None:
    server = "203.0.114.9:9092"
    story = Story(server=server).handshake().data(1.0, server).fin(61.0, server, 1.0)
    found = letter_of(case_of(story), of_kind(Kind.PEER_CLOSED_IDLE))
    assert "Your side hardly sees 10.0.0.1, a private address, but that of a translator (NAT)" in " ".join(
        found.text.split()
    )


def commands(found: Letter) -> dict[str, str]:
    return {ask.command.partition(" ")[0]: ask.command for ask in found.asks if ask.command}


ENDS = [(CLIENT, SERVER), ("[2001:db8::1]:40000", "[2001:db8::9]:9092"), ("10.0.0.1:40000", "10.0.0.2:50000")]


def between(client: str, server: str) -> Case:
    story = Story(client, server).data(0.5, client).data(1.0, server).fin(61.0, server, 1.0)
    return case_of(story, local=client)


@pytest.mark.parametrize(("client", "server"), ENDS)
def test_the_capture_line_is_one(client: str, server: str) -> None:
    """tcpdump compiles its filter, and its ring, snap length and file are there."""
    line = commands(letter_of(between(client, server), of_kind(Kind.PEER_CLOSED_IDLE)))["tcpdump"]
    found = re.fullmatch(r"tcpdump -i any -n -s 160 -C 100 -W 20 -w /var/tmp/peer\.pcap '([^']+)'", line)
    assert found is not None
    done = subprocess.run(["tcpdump", "-d", "-y", "LINUX_SLL", found[1]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert client.rpartition(":")[0].strip("[]") in found[1]


@pytest.mark.parametrize(("client", "server"), ENDS)
def test_the_socket_line_is_one(client: str, server: str) -> None:
    line = commands(letter_of(between(client, server), of_kind(Kind.PEER_CLOSED_IDLE)))["ss"]
    found = re.fullmatch(r"ss -tanoe '([^']+)'", line)
    assert found is not None
    done = subprocess.run(["ss", "-tanoe", found[1]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert f"dst = {client}" in found[1]


def test_the_counters_are_the_kernels() -> None:
    """nstat prints nothing for a name that it does not know, so each is looked up where it takes them from."""
    known: set[str] = set()
    for path, prefix in (("/proc/net/netstat", ""), ("/proc/net/snmp", "")):
        for line in Path(path).read_text().splitlines()[::2]:
            group, _, names = line.partition(":")
            known |= {f"{prefix}{group}{name}" for name in names.split()}
    asked = {name for row in ROWS.asks for name in row.command.split() if row.command.startswith("nstat")} - {
        "nstat",
        "-asz",
    }
    assert len(asked) > 8
    assert asked <= known


def test_both_ports_when_nobody_knows_which_serves() -> None:
    case = between(*ENDS[2])
    found = letter(case, Kind.UNDETERMINED, facts_of(case, of_kind(Kind.UNDETERMINED), None), words_of(case, None))
    assert found is not None
    assert "host 10.0.0.1 and (tcp port 40000 or tcp port 50000)" in found.text


def test_the_letter_as_one_text() -> None:
    found = letter_of(case_of(overlooked_close()), of_kind(Kind.PEER_CLOSED_IDLE))
    lines = found.text.splitlines()
    for ask in found.asks:
        assert not ask.command or f"   {ask.command}" in lines  # whole, in one line, ready to be pasted
    assert sum(1 for line in lines if re.match(r"\d\. ", line)) == len(found.asks)
    assert " ".join(found.text.split()) == " ".join(
        " ".join([*found.head, *(f"{n}. {a.text} {a.command}" for n, a in enumerate(found.asks, 1))]).split()
    )
    commands_of = {f"   {ask.command}" for ask in found.asks}
    assert all(len(line) <= 100 for line in lines if line not in commands_of)
