"""The facts of a case that advice depends on, and the details that it speaks of."""

from __future__ import annotations

from enum import StrEnum

from pyreport.application.kafka_apis import api_name
from pyreport.application.kafka_messages import Exchange, Request, server_of
from pyreport.base.claim import Claim, Duration, Moment, Party, SetTime, Value, claim
from pyreport.base.units import NS_PER_S
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.close_age import close_age
from pyreport.diagnosis.evidence.closing import reset_by
from pyreport.diagnosis.evidence.idle_close import IdleClose, idle_close
from pyreport.diagnosis.evidence.idle_limits import SAME_SERVICE
from pyreport.diagnosis.evidence.next_hop import silent_hop
from pyreport.diagnosis.evidence.refusals import refusals
from pyreport.diagnosis.evidence.told_waits import ARRIVED, REACHED_LINK
from pyreport.diagnosis.explanations.peer_idle_close import is_limit_age
from pyreport.diagnosis.result import Attribution, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS, SHORTEST_LIMIT_NS
from pyreport.frames.findings import PostFinResetCauseKind, Probe
from pyreport.knowledge.known_timers import Ends, Side, known_timers
from pyreport.knowledge.services import service_name
from pyreport.logs.model import PeerReason
from pyreport.quality.flaw import FlawId

# Documentation/networking/ip-sysctl.rst, tcp_fin_timeout.
FIN_TIMEOUT_NS = 60 * NS_PER_S
#: What says that a packet filter of an end's host may have dropped or refused what came.
MAY_BE_FILTERED = (
    *("wait-path-or-filter", "device-or-filter", "reset-by-own-filter"),
    *REACHED_LINK,
    *ARRIVED,
)
# From how many seconds on a limit is set in steps of how many.
ROUND_STEPS = ((3600, 300), (300, 60), (60, 5))


class Fact(StrEnum):
    """What advice.toml may name in ``when`` and ``unless``."""

    HAS_LOG = "has_log"
    LIMIT_AGE = "limit_age"
    HAD_DATA = "had_data"
    LOCAL_IS_CLIENT = "local_is_client"
    PROBES_ANSWERED = "probes_answered"
    LONGEST_SILENCE = "longest_silence"
    OVERLOOKED_FIN = "overlooked_fin"
    TOO_MANY_PINGS = "too_many_pings"
    NETWORK_SHARE = "network_share"
    HOST_SHARE = "host_share"
    SERVICE_SHARE = "service_share"
    FORGOTTEN_EARLY = "forgotten_early"
    LOCAL_GAVE_UP = "local_gave_up"
    REQUEST_OUTSTANDING = "request_outstanding"
    PEER_IS_KAFKA = "peer_is_kafka"
    TAKEN_AT_PEER = "taken_at_peer"
    CROSSED_A_CLOSE = "crossed_a_close"
    LARGE_LOST = "large_lost"
    REFUSED_ON_THE_WAY = "refused_on_the_way"
    NEXT_HOP_SILENT = "next_hop_silent"
    CLOSER_IN_DOUBT = "closer_in_doubt"
    ONE_SIDED = "one_sided"
    REFUSED_AT_HOME = "refused_at_home"
    ANSWER_NOT_TAKEN = "answer_not_taken"
    REPLY_BROKE_OFF = "reply_broke_off"
    OWED_A_REPLY = "owed_a_reply"


class Detail(StrEnum):
    """What advice.toml may name in ``values``: the arguments of messages."""

    PEER = "peer"
    CLOSER = "closer"
    FILTERING = "filtering"
    DEVICE = "device"
    NEXT_HOP = "next_hop"
    LOCAL = "local"
    DATA_AGE = "data_age"
    PACKET_AGE = "packet_age"
    SILENT_BELOW = "silent_below"
    BELOW = "below"
    KEPT = "kept"
    FORGOT = "forgot"
    SILENT = "silent"
    CLOSE_TIME = "close_time"
    REQUEST = "request"
    SERVER_SETTINGS = "server_settings"
    RESET_BY = "reset_by"


def facts_of(case: Case, verdict: Verdict, exchange: Exchange | None) -> frozenset[Fact]:
    """The facts that hold."""
    close = case.ending.first
    shares = verdict.attribution
    probes = [p for p in case.connection.of(Probe, side=case.local) if close is None or p.time_ns <= close.time_ns]
    owed = close is not None and close.source == case.peer and verdict.told("peer-stalled-no-reply") is not None
    holds = {
        Fact.HAS_LOG: case.log is not None,
        Fact.LIMIT_AGE: is_limit_age(case),
        Fact.HAD_DATA: close is not None and close.data_idle_ns is not None,
        Fact.LOCAL_IS_CLIENT: case.local_party is Party.CLIENT,
        Fact.PROBES_ANSWERED: any(probe.answer_frame for probe in probes),
        Fact.LONGEST_SILENCE: _is_longest_silence(case, idle_close(case)),
        Fact.OVERLOOKED_FIN: case.peer_closed_first and Attribution.LOCAL_APPLICATION in shares and not owed,
        Fact.OWED_A_REPLY: owed,
        Fact.TOO_MANY_PINGS: _pings_too_often(case),
        Fact.NETWORK_SHARE: Attribution.NETWORK_PATH in shares,
        Fact.SERVICE_SHARE: Attribution.PEER_SERVICE in shares,
        Fact.HOST_SHARE: Attribution.LOCAL_HOST in shares,
        Fact.FORGOTTEN_EARLY: _forgotten_early(case),
        Fact.LOCAL_GAVE_UP: case.ending.gave_up is not None and case.ending.gave_up.source == case.local,
        Fact.REQUEST_OUTSTANDING: _outstanding(case, exchange) is not None,
        Fact.PEER_IS_KAFKA: _peer_is_kafka(case, exchange),
        Fact.TAKEN_AT_PEER: case.is_at_peer,
        Fact.CROSSED_A_CLOSE: verdict.told("close-race-crossed") is not None,
        Fact.CLOSER_IN_DOUBT: case.doubt is not None,
        Fact.ONE_SIDED: case.quality.told(FlawId.ONE_SIDED) is not None,
        Fact.REFUSED_AT_HOME: verdict.told("reset-by-own-filter") is not None,
        Fact.REFUSED_ON_THE_WAY: bool(refusals(case)),
        Fact.NEXT_HOP_SILENT: _silent_router(case) is not None,
        Fact.ANSWER_NOT_TAKEN: verdict.told("opening-not-completed") is not None,
        Fact.REPLY_BROKE_OFF: verdict.told("waited-in-vain") is not None,
        Fact.LARGE_LOST: verdict.told("mtu-verdict") is not None,
    }
    return frozenset(fact for fact in Fact if holds[fact])


def details_of(case: Case, verdict: Verdict, exchange: Exchange | None) -> dict[Detail, Value]:
    """The details that the case has, and its verdict."""
    close, gave_up, reset = case.ending.first, case.ending.gave_up, case.ending.post_fin_reset
    silent = case.connection.other(gave_up.source) if gave_up else case.peer
    details: dict[Detail, Value] = {
        Detail.PEER: case.peer_party,
        Detail.LOCAL: case.local_party,
        Detail.KEPT: Duration(case.fin_unnoticed_ns or 0),
        Detail.SILENT: case.roles.party(silent),
        Detail.SERVER_SETTINGS: _server_settings(service_of(case, exchange)),
    }
    if (router := _silent_router(case)) is not None:
        details[Detail.NEXT_HOP] = router
    if refused := refusals(case):
        details[Detail.DEVICE] = refused[0].device
    if (filtering := _filtering(verdict)) is not None:
        details[Detail.FILTERING] = filtering
    if close is not None:
        details |= {Detail.CLOSE_TIME: Moment(close.time_ns), Detail.CLOSER: case.roles.party(close.source)}
    if (age := close_age(case)) is not None:
        details |= {Detail.DATA_AGE: Duration(age.ns), Detail.BELOW: SetTime(below(age.ns))}
    if (idle := idle_close(case)) is not None:
        silence = idle.packet_idle_ns
        details |= {Detail.PACKET_AGE: Duration(silence), Detail.SILENT_BELOW: SetTime(below(silence))}
    if case.ending.reset is not None:
        details[Detail.RESET_BY] = reset_by(case, case.ending.reset)
    if reset is not None:
        forgot = reset.after_fin_ns
        details[Detail.FORGOT] = Duration(forgot)
    if (request := _outstanding(case, exchange)) is not None:
        details[Detail.REQUEST] = _told(request)
    return details


def service_of(case: Case, exchange: Exchange | None) -> str:
    """The service of the connection, as knowledge.services names it: by its payload, the log line or the port."""
    if exchange is not None:
        return "Kafka"
    service = (case.log.service if case.log else "") or service_name(server_of(case.connection, case.roles))
    return SAME_SERVICE.get(service, service)


def below(age_ns: int) -> int:
    """A limit of three quarters of an age, as one sets it: room for a late timer at either side."""
    seconds = max(round(age_ns / NS_PER_S) * 3 // 4, 1)
    step = next((step for least, step in ROUND_STEPS if seconds >= least), 1)
    return seconds // step * step * NS_PER_S


def _is_longest_silence(case: Case, idle: IdleClose | None) -> bool:
    """Whether the connection had never been silent for nearly as long before: what forgets silent connections has had
    no chance until then. An RST of a side's own socket that answers nothing met with no such device.
    """
    if idle is None or (idle.is_own_reset and case.ending.cause_frame is None):
        return False
    # What is silent after a few seconds of silence was lost or stood still; no device forgets as soon as that.
    least = SHORTEST_LIMIT_NS if idle.ends is Ends.SILENT else IDLE_FROM_NS
    return idle.packet_idle_ns >= max(least, 2 * idle.survived_packets_ns)


def _peer_is_kafka(case: Case, exchange: Exchange | None) -> bool:
    return service_of(case, exchange) == "Kafka" and case.peer == server_of(case.connection, case.roles)


def _forgotten_early(case: Case) -> bool:
    """Whether the peer refused a probe sooner after its FIN than a Linux host with its own settings does. It answers a
    probe for the whole tcp_fin_timeout, but refuses data at once (tcp_timewait_state_process in tcp_minisocks.c).
    """
    reset = case.ending.post_fin_reset
    if reset is None or reset.source != case.peer or reset.cause_kind is not PostFinResetCauseKind.PROBE:
        return False
    return reset.after_fin_ns < FIN_TIMEOUT_NS


def _pings_too_often(case: Case) -> bool:
    """Whether an end took the other one's PINGs for too many, by the log line or by its GOAWAY."""
    in_log = case.log is not None and case.log.reason is PeerReason.TOO_MANY_PINGS
    return in_log or (case.said is not None and case.said.is_of_pings)


def _filtering(verdict: Verdict) -> Value | None:
    """The end whose host's packet filter may have dropped or refused what came."""
    told = verdict.told(*MAY_BE_FILTERED)
    return None if told is None else told.values.get("silent", told.values.get("who"))


def _silent_router(case: Case) -> str | None:
    """The next hop that does not say its hardware address, where that is not the peer itself."""
    hop = silent_hop(case)
    return None if hop is None or hop.is_peer else hop.target


def _outstanding(case: Case, exchange: Exchange | None) -> Request | None:
    """The oldest request that the peer owed a response for when the connection ended."""
    close = case.ending.first
    if exchange is None or close is None or exchange.server != case.peer or close.source != case.peer:
        return None
    return next(iter(exchange.outstanding_at(close.frame) or ()), None)


def _told(request: Request) -> Claim:
    api, number = api_name(request.api_key), request.correlation_id
    if request.client_id:
        return claim("kafka-request-of-client", api=api, correlation_id=number, client_id=request.client_id)
    return claim("kafka-request", api=api, correlation_id=number)


def _server_settings(service: str) -> Claim:
    options = (t.option for t in known_timers() if t.side is Side.SERVER and t.service == service)
    named = tuple(dict.fromkeys(options))
    return claim("settings-named", settings=named) if named else claim("settings-unknown")
