"""The facts of a case that advice depends on, and the words that fill its gaps."""

from __future__ import annotations

from datetime import UTC

from pyreport.application.kafka_apis import api_name
from pyreport.application.kafka_messages import Exchange, Request, server_of
from pyreport.base.units import NS_PER_S, format_clock, format_date, format_duration
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.evidence.idle_limits import SAME_SERVICE
from pyreport.diagnosis.result import Attribution, Verdict
from pyreport.diagnosis.thresholds import IDLE_FROM_NS
from pyreport.frames.frame import Finding
from pyreport.knowledge.known_timers import Side, known_timers
from pyreport.knowledge.services import service_name

# Documentation/networking/ip-sysctl.rst, tcp_fin_timeout.
FIN_TIMEOUT_NS = 60 * NS_PER_S


def facts_of(case: Case, verdict: Verdict, exchange: Exchange | None) -> dict[str, bool]:
    """What advice.toml may name in ``when``."""
    close = case.ending.first
    shares = verdict.attribution
    probes = [p for p in case.connection.of("probe", side=case.local) if close is None or p.time_ns <= close.time_ns]
    return {
        "has_log": case.log is not None,
        "has_age": _age(close, "data_idle_ns") >= IDLE_FROM_NS,
        "local_is_client": case.roles.names[case.local] == "client",
        "local_probed": bool(probes),
        "probes_answered": any(probe.number("answer_frame") for probe in probes),
        "silent_before_close": _age(close, "packet_idle_ns") >= IDLE_FROM_NS,
        "overlooked_fin": case.peer_closed_first and Attribution.LOCAL_APPLICATION in shares,
        "network_share": Attribution.NETWORK_PATH in shares,
        "host_share": Attribution.LOCAL_HOST in shares,
        "forgotten_early": _forgotten_early(case),
        "local_gave_up": case.ending.gave_up is not None and case.ending.gave_up.source == case.local,
        "request_outstanding": _outstanding(case, exchange) is not None,
        "peer_is_kafka": service_of(case, exchange) == "Kafka" and case.peer == server_of(case.connection, case.roles),
    }


def words_of(case: Case, exchange: Exchange | None) -> dict[str, str]:
    """What advice.toml may name in braces."""
    close, gave_up = case.ending.first, case.ending.gave_up
    age = _age(close, "data_idle_ns")
    request, reset = _outstanding(case, exchange), case.ending.post_fin_reset
    return {
        "peer": case.peer_name,
        "local": case.local_name,
        "data_age": format_duration(age),
        "packet_age": format_duration(_age(close, "packet_idle_ns")),
        "below": _whole(below(age)),
        "kept": format_duration(_unread(case)),
        "forgot": format_duration((reset.number("after_fin_ns") or 0) if reset else 0),
        "silent": case.roles.name(case.connection.other(gave_up.source)) if gave_up else case.peer_name,
        "close_time": utc(close.time_ns) if close else "",
        "request": _tell(request) if request else "",
        "server_settings": _server_settings(service_of(case, exchange)),
    }


def service_of(case: Case, exchange: Exchange | None) -> str:
    """The service of the connection, as knowledge.services names it: by its payload, the log line or the port."""
    if exchange is not None:
        return "Kafka"
    service = (case.log.service if case.log else "") or service_name(server_of(case.connection, case.roles))
    return SAME_SERVICE.get(service, service)


def below(age_ns: int) -> int:
    """A limit of three quarters of an age, in whole seconds: room for a late timer at either side."""
    return max(age_ns * 3 // 4 // NS_PER_S, 1) * NS_PER_S


def _whole(limit_ns: int) -> str:
    """A limit as one sets it: "45 s", "7 min 30 s"."""
    return f"{limit_ns // NS_PER_S} s" if limit_ns < 300 * NS_PER_S else format_duration(limit_ns)


def _forgotten_early(case: Case) -> bool:
    """Whether the peer refused a probe sooner after its FIN than a Linux host with its own settings does. It answers a
    probe for the whole tcp_fin_timeout, but refuses data at once (tcp_timewait_state_process in tcp_minisocks.c).
    """
    reset = case.ending.post_fin_reset
    if reset is None or reset.source != case.peer or reset.text("cause_kind") != "probe":
        return False
    return (reset.number("after_fin_ns") or 0) < FIN_TIMEOUT_NS


def utc(time_ns: int, digits: int = 6) -> str:
    """A time for somebody elsewhere: "2022-09-29 16:08:01.376174", in UTC."""
    return f"{format_date(time_ns, UTC)} {format_clock(time_ns, UTC, digits)}"


def _unread(case: Case) -> int:
    """How long the peer's FIN lay there: to the end of the socket, or to the log line, which tells of the first use."""
    fin = case.ending.fin
    logged = case.log_ns - fin.time_ns if fin is not None and case.log_ns is not None else 0
    return max(case.close_wait_ns or 0, logged)


def _age(close: Finding | None, name: str) -> int:
    return (close.number(name) or 0) if close is not None else 0


def _outstanding(case: Case, exchange: Exchange | None) -> Request | None:
    """The oldest request that the peer owed a response for when the connection ended."""
    close = case.ending.first
    if exchange is None or close is None or exchange.server != case.peer or close.source != case.peer:
        return None
    return next(iter(exchange.outstanding_at(close.frame) or ()), None)


def _tell(request: Request) -> str:
    client = f" of client id “{request.client_id}”" if request.client_id else ""
    return f"the {api_name(request.api_key)} request with correlation id {request.correlation_id}{client}"


def _server_settings(service: str) -> str:
    named = [t.setting for t in known_timers() if t.side is Side.SERVER and t.service == service]
    return ", ".join(named) if named else "that of the program itself"
