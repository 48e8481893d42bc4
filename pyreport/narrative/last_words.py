"""What the two ends said last: Kafka's requests where they can be read, else who spoke last and how much."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from pyreport.application.kafka_apis import api_name
from pyreport.application.kafka_messages import Exchange, Request
from pyreport.application.last_messages import last_messages
from pyreport.base.claim import Claim, Duration, claim
from pyreport.connections.ending import farewell_of
from pyreport.diagnosis.case import Case
from pyreport.quality import RestsOn


class At(StrEnum):
    """The moment that outstanding requests are told for."""

    CLOSE = "close"
    CAPTURE_END = "capture_end"


def last_words(case: Case, exchange: Exchange | None) -> Iterator[tuple[Claim, ...]]:
    """A paragraph on the last message, and one on what was owed at the close."""
    close = case.ending.first
    requests = exchange.until(close.frame if close else None) if exchange else ()
    if exchange is not None and requests:
        yield tuple(_last_request(case, requests[-1], exchange.software))
        yield tuple(_outstanding(case, exchange))
    elif told := tuple(_who_spoke_last(case)):
        yield told


def _last_request(case: Case, request: Request, software: str) -> Iterator[Claim]:
    close, frames = case.ending.first, (request.frame,)
    if close is None:
        yield claim("kafka-last-request", frames, request=_tell(request))
    else:
        before = Duration(close.time_ns - request.time_ns)
        yield claim("kafka-last-request-before-close", frames, request=_tell(request), before=before)
    if request.client_id:
        yield claim("kafka-client-id", id=request.client_id)
    if software:
        yield claim("kafka-client-software", name=software)
    if not request.wants_answer:
        yield claim("kafka-wants-no-response")
    elif request.answer is None or request.answer_ns is None:
        yield claim("kafka-no-response")
    else:
        after, answered = Duration(request.answer_ns - request.time_ns), (request.answer,)
        is_late = request.waits_at(close.frame if close else None)
        yield claim("kafka-response-after-close" if is_late else "kafka-response", answered, after=after)


def _outstanding(case: Case, exchange: Exchange) -> Iterator[Claim]:
    close, server = case.ending.first, case.roles.party(exchange.server)
    at = At.CLOSE if close is not None else At.CAPTURE_END
    waiting = exchange.outstanding_at(close.frame if close else None)
    if waiting is None:
        yield claim("kafka-outstanding-untold", (exchange.unread,) if exchange.unread else (), at=at, server=server)
        return
    if not waiting:
        yield claim("kafka-none-outstanding", at=at, server=server)
        return
    yield claim("kafka-outstanding", tuple(request.frame for request in waiting), count=len(waiting), at=at)
    yield claim("kafka-oldest-outstanding", request=_tell(waiting[0]), count=len(waiting))
    if case.quality.against(RestsOn.ANSWERS, RestsOn.PAYLOAD):
        yield claim("kafka-response-may-be-missing")


def _tell(request: Request) -> Claim:
    api, version = api_name(request.api_key), str(request.api_version)
    return claim("kafka-request-named", api=api, version=version, id=str(request.correlation_id))


def _who_spoke_last(case: Case) -> Iterator[Claim]:
    close = case.ending.first
    farewell = None if close is None else farewell_of(close)
    until = farewell - 1 if farewell else close.frame if close else None
    said = sorted(last_messages(case.connection, until).values(), key=lambda message: message.last_frame)
    if not said:
        return
    last = said[-1]
    who, frames = case.roles.party(last.source), (last.first_frame, last.last_frame)
    if close is None or last.last_frame == close.frame:  # said with the FIN, and not before it
        yield claim("spoke-last", frames, who=who, sent=last.octets)
    else:
        before = Duration(close.time_ns - last.time_ns)
        yield claim("spoke-last-before-close", frames, who=who, sent=last.octets, before=before)
    if len(said) == 1:
        yield claim("spoke-alone", other=case.roles.party(case.connection.other(last.source)))
    else:
        other = said[0]
        who, frames = case.roles.party(other.source), (other.first_frame, other.last_frame)
        yield claim("spoke-before", frames, who=who, sent=other.octets)
