"""What to do, and what to ask the other side for: the rows are sound, and what is advised fits the verdict."""

from __future__ import annotations

import re
import string
import subprocess
from datetime import timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from pyreport.advice.facts import Detail, Fact, below, details_of, facts_of
from pyreport.advice.letter import letter, window
from pyreport.advice.model import Letter, Plan
from pyreport.advice.plan import MOST, plan
from pyreport.advice.rows import Use, rows
from pyreport.application.kafka_messages import Exchange, Request
from pyreport.base.claim import Claim, Party, claim
from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.closing import ResetBy
from pyreport.diagnosis.result import Attribution, Confidence, Kind, Verdict
from pyreport.knowledge.known_timers import Part, known_timers
from pyreport.logs.registry import parse_log_line
from pyreport.narrative.letter import letter_text
from pyreport.words import Words
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
    steady_neighbour,
    verdict_of,
    with_timestamps,
)
from tests.pyreport.diagnosis.evidence.test_next_hop import ROUTER, lost
from tests.pyreport.diagnosis.evidence.test_small_passed import acks, repeated
from tests.pyreport.log_samples import SAMPLES
from tests.pyreport.traced import case_of_trace
from tests.pyreport.words.test_say_messages import MESSAGES

ROWS = rows()
WORDS = Words()


def of_kind(kind: Kind, *shares: Attribution) -> Verdict:
    return Verdict(kind, (), Confidence.LIKELY, shares, ())


def ids(found: Plan) -> list[str]:
    return [advice.id for advice in found.advice]


def settings(found: Plan, advice_id: str) -> list[str]:
    (advice,) = [advice for advice in found.advice if advice.id == advice_id]
    return [f"{setting.who}: {WORDS.phrase(setting.name)}" for setting in advice.settings]


def claim_of(found: Plan, advice_id: str) -> Claim:
    (advice,) = [advice for advice in found.advice if advice.id == advice_id]
    return advice.claim


def ask_of(found: Letter, ask_id: str) -> Claim:
    (ask,) = [ask for ask in found.asks if ask.id == ask_id]
    return ask.claim


def letter_of(case: Case, verdict: Verdict | None = None) -> Letter:
    found = plan(case, verdict or verdict_of(case)).letter
    assert found is not None
    return found


def exchange(client_id: str = "app", software: str = "", answer: int | None = number(1.0)) -> Exchange:
    return Exchange(SERVER, (Request(number(0.9), at(0.9), 1, 4, 7, client_id, answer=answer),), software)


# The rows ------------------------------------------------------------------------------------------------------------


def arguments(identifier: str) -> set[str]:
    """What a message names, with the messages that it is made of."""
    names = MESSAGES[identifier]
    return names.variables.union(*map(arguments, names.messages))


def test_rows_have_their_messages_with_just_their_values() -> None:
    for family, part in (("advice", ROWS.advice), ("ask", ROWS.ask)):
        for row in part:
            assert arguments(f"{family}-{row.id}") == set(row.values), row.id
    settings = {f"setting-{row.id}" for entry in ROWS.software for row in entry.setting}
    doubts = {f"unverified-{row.id}" for entry in ROWS.software for row in entry.setting if row.unverified}
    doubts |= {f"unverified-{part}" for part in (*Part, "parts")}
    rows_of = {f"{family}-{row.id}" for family, part in (("advice", ROWS.advice), ("ask", ROWS.ask)) for row in part}
    families = ("advice-", "ask-", "setting-", "unverified-")
    assert settings | doubts | rows_of == {name for name in MESSAGES if name.startswith(families)}


def test_rows_name_only_what_there_is() -> None:
    filters = {"snap", "capture_filter", "socket_filter"}
    timers = {timer.id for timer in known_timers()}
    named = {name for row in ROWS.ask for _, name, _, _ in string.Formatter().parse(row.command) if name}
    assert named <= filters
    assert {use for row in ROWS.advice for use in row.settings} == set(Use)
    assert Use.SERVER not in {setting.use for entry in ROWS.software for setting in entry.setting}
    assert {timer for entry in ROWS.software for timer in entry.idle} <= timers


def test_every_fact_and_every_detail_is_used() -> None:
    every = (*ROWS.advice, *ROWS.ask)
    assert {fact for row in every for fact in (*row.when, *row.unless)} == set(Fact)
    assert {detail for row in every for detail in row.values} == set(Detail)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('when = ["local_is_clent"]', r"Invalid enum value 'local_is_clent' - at `\$\.advice\[0\]\.when\[0\]`"),
        ('values = ["pear"]', r"Invalid enum value 'pear' - at `\$\.advice\[0\]\.values\[0\]`"),
        ('text = "Do it."', r"unknown field `text` - at `\$\.advice\[0\]`"),
    ],
)
def test_a_wrong_row_is_named(written: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "advice.toml"
    file.write_text(f'[[advice]]\nid = "x"\nkinds = ["healthy"]\nsource = "x"\n{written}\n')
    monkeypatch.setattr("pyreport.advice.rows.DATA", file)
    with pytest.raises(msgspec.ValidationError, match=said):
        rows.__wrapped__()


def test_rows_have_ids_of_their_own_and_sources() -> None:
    for part in (ROWS.advice, ROWS.ask):
        assert len({row.id for row in part}) == len(part)
        assert all(row.source for row in part)
    settings = [row for entry in ROWS.software for row in entry.setting]
    assert len({row.id for row in settings}) == len(settings)
    assert all(row.source for row in settings)


def test_every_verdict_has_advice() -> None:
    assert {kind for row in ROWS.advice for kind in row.kinds} == set(Kind)
    assert {kind for row in ROWS.ask for kind in row.kinds} == set(Kind) - {Kind.HEALTHY, Kind.HEALTH_CHECK}


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
    assert claim_of(found, "idle_below_the_peer").values == {
        "local": Party.CLIENT, "peer": Party.SERVER, "data_age": 60 * NS_PER_S, "below": 45 * NS_PER_S,
    }  # fmt: skip
    assert claim_of(found, "read_while_idle").values == {"kept": 52 * NS_PER_S}
    assert settings(found, "raise_the_peers_limit") == [
        "Kafka broker: connections.max.idle.ms (broker, per listener), default 10 min"
    ]


@pytest.mark.parametrize(("said", "is_advised"), [("too_many_pings", True), ("max_age", False)])
def test_who_pings_too_often_is_to_ping_less(said: str, is_advised: bool) -> None:
    case = case_of(Story().handshake().data(1.0, SERVER).fin(5.0, SERVER, 1.0), log="broken pipe", logged=9.0)
    log = parse_log_line(f'Received a GOAWAY with error code ENHANCE_YOUR_CALM and debug data equal to "{said}"')
    found = plan(replace(case, log=log), of_kind(Kind.PEER_CLOSED, Attribution.PEER_SERVICE))
    assert ("ping_less_often" in ids(found)) is is_advised


def test_an_idle_close_of_the_client_needs_nothing_at_the_client() -> None:
    story = Story(client=CLIENT).handshake().data(1.0, SERVER).fin(61.0, CLIENT, 1.0)
    case = case_of(story.write_after_fin(70.0, SERVER, 61.0), local=SERVER)
    assert ids(plan(case, of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE))) == ["the_client_closed_idle"]


def test_a_host_that_missed_probes_is_looked_into_apart_from_the_close() -> None:
    case = case_of(gap_before_close(), log="broken pipe", logged=40.0)
    found = plan(case, of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE, Attribution.LOCAL_HOST))
    assert ids(found)[0] == "retry_first_use"
    assert "host_share" in ids(found)
    assert found.letter is not None
    assert "migrations_here" in [ask.id for ask in found.letter.asks]


@pytest.mark.parametrize("kind", [Kind.PATH_LOST, Kind.KEEPALIVE_GAVE_UP, Kind.HOST_FROZEN])
def test_no_idle_limit_is_turned_where_packets_or_a_host_failed(kind: Kind) -> None:
    case = case_of(overlooked_close(), log="broken pipe", logged=113.0)
    found = plan(case, of_kind(kind, Attribution.NETWORK_PATH), exchange())
    claims = [claim for a in found.advice for claim in (a.claim, *(setting.name for setting in a.settings))]
    said = " ".join(map(WORDS.say, claims))
    assert not re.search(r"idle limit|idle_timeout|max\.idle|IdleTimeout", said)
    assert found.letter is not None
    assert "migrations" in [ask.id for ask in found.letter.asks]


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


def test_a_connection_that_was_forgotten_is_to_be_used_or_closed_earlier() -> None:
    """The thread behind every "connection reset" of a pool: 15 minutes of silence, then a request that fails."""
    silent = Story().handshake().data(1.0, SERVER).data(902.0, CLIENT).reset(902.1, SERVER, "data", 902.0)
    found = plan(case_of(silent), of_kind(Kind.PEER_RESET, Attribution.NETWORK_PATH))
    assert claim_of(found, "use_it_before_the_device_forgets").values == {
        "local": Party.CLIENT, "packet_age": 901 * NS_PER_S, "silent_below": 660 * NS_PER_S,
    }  # fmt: skip


def test_no_device_forgets_what_was_used_all_the_time() -> None:
    probed = Story().handshake().data(1.0, SERVER).probes(6.0, 11).reset(61.0, SERVER)
    found = plan(case_of(probed), of_kind(Kind.MIDDLEBOX_CLOSED, Attribution.NETWORK_PATH))
    assert "probes_would_not_help" in ids(found)
    assert "use_it_before_the_device_forgets" not in ids(found)


def test_the_request_that_was_waiting() -> None:
    case = case_of(idle_close())
    found = plan(case, of_kind(Kind.PEER_CLOSED, Attribution.PEER_SERVICE), exchange(answer=None))
    assert ids(found)[0] == "the_waiting_request"
    assert claim_of(found, "the_waiting_request").values == {
        "peer": Party.SERVER,
        "request": claim("kafka-request-of-client", api="Fetch", correlation_id=7, client_id="app"),
    }
    nameless = plan(case, of_kind(Kind.PEER_CLOSED), exchange(client_id="", answer=None))
    request = claim_of(nameless, "the_waiting_request").values["request"]
    assert request == claim("kafka-request", api="Fetch", correlation_id=7)
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
    ours = plan(case_of(Story().handshake().data(1.0, SERVER).gave_up(6.0, 9)), of_kind(Kind.KEEPALIVE_GAVE_UP))
    assert ids(ours) == ["find_the_silence", "survive_the_silence"]
    assert claim_of(ours, "find_the_silence").values == {"silent": Party.SERVER}
    assert settings(ours, "survive_the_silence")[0].startswith("Kafka Java client: always on")
    story = Story().handshake().data(1.0, SERVER).frame(1.01, CLIENT).gave_up(6.0, 9, SERVER)
    theirs = plan(case_of(story), of_kind(Kind.KEEPALIVE_GAVE_UP))
    assert ids(theirs) == ["find_the_silence"]
    assert claim_of(theirs, "find_the_silence").values == {"silent": Party.CLIENT}


# Whose settings ------------------------------------------------------------------------------------------------------


def with_log(line: str) -> Case:
    return replace(case_of(overlooked_close()), log=parse_log_line(line))


@pytest.mark.parametrize(
    ("line", "name", "idle"),
    [
        (
            "%3|1664467200.000|FAIL|app#c-1| [thrd:x]: 10.0.9.9:9092/1: Disconnected (after 9ms in state UP)",
            "librdkafka",
            "librdkafka: connections.max.idle.ms, off by default",
        ),
        (
            f"kafka: error while consuming t/1: write tcp {CLIENT}->{SERVER}: write: broken pipe",
            "Sarama",
            "Sarama: it has no idle limit",
        ),
        (
            "[2022-09-29 16:01:01,123] INFO [Consumer clientId=c1, groupId=g] Node 1 disconnected. (NetworkClient)",
            "Kafka Java client",
            "Kafka Java producer or consumer: connections.max.idle.ms (client), default 9 min",
        ),
    ],
)
def test_the_log_names_the_software(line: str, name: str, idle: str) -> None:
    case = with_log(line)
    found = plan(case, verdict_of(case))
    assert found.software == claim("software-by-log", name=name)
    assert settings(found, "idle_below_the_peer")[0].startswith(idle)


def test_a_client_names_itself() -> None:
    case = with_log(f"write tcp {CLIENT}->{SERVER}: write: broken pipe")
    by_id = plan(case, verdict_of(case), exchange(client_id="sarama"))
    assert by_id.software == claim("software-by-its-name", name="Sarama", said="sarama")
    by_name = plan(case, verdict_of(case), exchange(software="apache-kafka-java 3.6.1"))
    named = claim("software-by-its-name", name="Kafka Java client", said="apache-kafka-java 3.6.1")
    assert by_name.software == named


def test_unknown_software_is_said_to_be_unknown() -> None:
    case = case_of(overlooked_close())
    found = plan(case, verdict_of(case), exchange())
    assert found.software == claim("software-as-examples", names=("Kafka Java client", "librdkafka"))
    elsewhere = case_of(
        Story(server="10.0.9.9:7777").handshake().data(1.0, "10.0.9.9:7777").fin(61.0, "10.0.9.9:7777", 1.0)
    )
    bare = plan(elsewhere, of_kind(Kind.PEER_CLOSED_IDLE, Attribution.PEER_SERVICE))
    assert bare.software is None
    assert all(advice.settings == () for advice in bare.advice)


@pytest.mark.parametrize(
    ("port", "limits"),
    [
        (
            3306,
            [
                "MySQL server: wait_timeout, interactive_timeout, default 8 h",
                "MariaDB server: wait_timeout, interactive_timeout, default 8 h",
            ],
        ),
        (6379, ["Redis server: timeout, off by default"]),
        (443, ["nginx, HTTP keep-alive: keepalive_timeout, default 75 s"]),
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
    found = letter_of(case)
    # From 10 s before the last data, 1 s after the start of the story, to 10 s after the RST, both to whole seconds.
    assert window(case) == (START_NS - 9 * NS_PER_S, START_NS + 77 * NS_PER_S)
    fin = case.ending.fin
    assert fin is not None
    frame = case.connection.frame(fin.frame)
    assert frame is not None
    assert found.head == (
        claim("letter-connection", local=CLIENT, peer=SERVER),
        claim("letter-window", start=START_NS - 9 * NS_PER_S, end=START_NS + 77 * NS_PER_S),
        claim("letter-close-by-fin", (fin.frame,), time=fin.time_ns, sender=SERVER, sequence=frame.seq),
        claim("letter-other-address", port=9092),
    )
    assert "Time: 2022-09-29 15:59:51 UTC to 2022-09-29 16:01:17 UTC" in letter_text(found, WORDS)
    settings = ask_of(found, "idle_settings").values["server_settings"]
    assert settings == claim("settings-named", settings=("connections.max.idle.ms (broker, per listener)",))
    assert ask_of(found, "fin_wait").values == {"peer": Party.SERVER, "forgot": 5_200_000_000}


def test_the_letter_tells_times_in_utc() -> None:
    found = letter_of(case_of(overlooked_close(), log="broken pipe", logged=113.0))
    elsewhere = Words(zone=timezone(timedelta(hours=8)))
    assert letter_text(found, elsewhere) == letter_text(found, WORDS)


def test_a_private_address_is_translated_on_its_way_to_a_public_one() -> None:
    server = "203.0.114.9:9092"
    story = Story(server=server).handshake().data(1.0, server).fin(61.0, server, 1.0)
    found = letter_of(case_of(story), of_kind(Kind.PEER_CLOSED_IDLE))
    assert found.head[-1] == claim("letter-private-address", local="10.0.0.1", port=9092)
    assert "port 9092" in letter_text(found, WORDS)


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
    asked = {name for row in ROWS.ask for name in row.command.split() if row.command.startswith("nstat")} - {
        "nstat",
        "-asz",
    }
    assert len(asked) > 8
    assert asked <= known


def test_both_ports_when_nobody_knows_which_serves() -> None:
    case, untold = between(*ENDS[2]), of_kind(Kind.UNDETERMINED)
    found = letter(case, Kind.UNDETERMINED, facts_of(case, untold, None), details_of(case, untold, None))
    assert found is not None
    assert "host 10.0.0.1 and (tcp port 40000 or tcp port 50000)" in commands(found)["tcpdump"]


@pytest.mark.parametrize(("kind", "is_long"), [(Kind.PEER_CLOSED_IDLE, False), (Kind.PEER_RESET, True)])
def test_the_letter_as_one_text(kind: Kind, is_long: bool) -> None:
    found = letter_of(case_of(overlooked_close()), of_kind(kind))
    text = letter_text(found, WORDS)
    lines = text.splitlines()
    pasted = text.replace(" \\\n   ", " ").splitlines()  # a shell reads lines that end in a backslash as one
    for ask in found.asks:
        assert not ask.command or f"   {ask.command}" in pasted
    assert sum(1 for line in lines if re.match(r"\d\. ", line)) == len(found.asks)
    parts = [f"{n}. {WORDS.say(a.claim)} {a.command}" for n, a in enumerate(found.asks, 1)]
    assert " ".join(pasted).split() == " ".join([*map(WORDS.say, found.head), *parts]).split()
    assert all(len(line) <= 100 for line in lines)
    assert any(line.endswith(" \\") for line in lines) is is_long


def test_the_letter_asks_for_the_time_in_which_a_probe_was_due() -> None:
    """The last frame came long before; the capture goes on."""
    story = Story().handshake().data(1.0, SERVER).probes(6.0, 4)
    start, end = window(case_of(story, steady_neighbour(1, 60.0), lasts=60.0))
    assert (start, end) == (at(1.0) - 10 * NS_PER_S, at(26.0) + 10 * NS_PER_S)
    assert window(case_of(story, lasts=22.0))[1] == at(32.0)  # nothing was due, and the margin is whole seconds


def test_an_rst_that_answers_nothing_met_no_device_that_had_forgotten() -> None:
    """The socket of the server itself gave up after a silence; where the RST answers a request, a device may have."""

    def told(case: Case) -> tuple[bool, object]:
        verdict = of_kind(Kind.PEER_RESET, Attribution.PEER_SERVICE)
        found = facts_of(case, verdict, None)
        return Fact.LONGEST_SILENCE in found, details_of(case, verdict, None)[Detail.RESET_BY]

    talk = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(2.0, CLIENT).data(2.1, SERVER)
    own = case_of(with_timestamps(talk.reset(95.0, SERVER)))
    assert told(own) == (False, ResetBy.SOCKET)
    drawn = Story().handshake().data(1.0, CLIENT).data(1.1, SERVER).data(95.0, CLIENT)
    assert told(case_of(drawn.reset(95.1, SERVER, "data", 95.0))) == (True, ResetBy.ANY)


@pytest.mark.parametrize(("age", "limit"), [(4, 3), (60, 45), (90, 65), (902, 660), (3600, 2700), (7213, 5400)])
def test_a_limit_is_advised_as_one_sets_it(age: int, limit: int) -> None:
    assert below(age * NS_PER_S) == limit * NS_PER_S


def test_who_does_not_answer_on_the_link_is_looked_into_and_asked_for() -> None:
    """A router; where it is the peer itself, the hosts are looked into."""
    for target, is_router in ((ROUTER, True), (SERVER.host, False)):
        found = plan(case := lost(target), verdict_of(case))
        assert ("reach_the_next_hop" in ids(found), "find_the_loss" in ids(found)) == (is_router, not is_router)
        assert found.letter is not None
        asks = [ask.id for ask in found.letter.asks]
        assert ("next_hop" in asks, "migrations" in asks) == (is_router, not is_router)


def test_large_packets_that_are_lost_are_no_matter_of_a_hypervisor() -> None:
    case = case_of_trace(repeated(1448, 20, between=acks(1, 1468)))
    found = plan(case, verdict_of(case))
    assert ids(found)[0] == "large_packets"
    assert found.letter is not None
    asks = [ask.id for ask in found.letter.asks]
    assert "path_sizes" in asks
    assert "migrations" not in asks


def test_an_age_of_data_is_told_only_where_there_was_some() -> None:
    """The server closes after the handshake; the same after an exchange."""
    empty = plan(case_of(Story().handshake().fin(0.2, SERVER)), of_kind(Kind.PEER_CLOSED, Attribution.PEER_SERVICE))
    talk = Story().handshake().data(0.05, CLIENT).data(0.1, SERVER).fin(0.2, SERVER, 0.1)
    said = plan(case_of(talk), of_kind(Kind.PEER_CLOSED, Attribution.PEER_SERVICE))
    why = {"why_closed", "why_closed_without_data"}
    assert (why & set(ids(empty)), why & set(ids(said))) == ({"why_closed_without_data"}, {"why_closed"})


@pytest.mark.parametrize(("closer", "party"), [(SERVER, Party.SERVER), (CLIENT, Party.CLIENT)])
def test_the_device_is_looked_for_that_closed_in_the_name_of_who_did_not(closer: str, party: Party) -> None:
    """It may be either end in whose name the connection was closed."""
    story = Story().handshake().data(1.0, SERVER).reset(9.0, closer)
    found = plan(case_of(story), of_kind(Kind.MIDDLEBOX_CLOSED, Attribution.NETWORK_PATH))
    (device,) = [one.claim for one in found.advice if one.id == "find_the_device"]
    assert device.values == {"closer": party}
