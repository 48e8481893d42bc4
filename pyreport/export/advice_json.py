"""Parts of the JSON (see report_json): the application side, what to do, what to ask the other side for."""

from __future__ import annotations

from typing import TypedDict

from pyreport.advice.model import Advice, Letter, Plan
from pyreport.application.kafka_apis import api_name
from pyreport.application.kafka_messages import Exchange, Request
from pyreport.application.last_messages import Message, last_messages
from pyreport.diagnosis.case import Case
from pyreport.export.evidence_json import EvidenceJson, evidence_json
from pyreport.narrative.application_side import application_side


class MessageJson(TypedDict):
    """Payload that one side sent with none of the other side in between; the last such."""

    first_frame: int
    last_frame: int
    time_ns: int
    bytes: int


class KafkaRequestJson(TypedDict):
    """A Kafka request. ``answer_frame`` is null without a response in this capture."""

    frame: int
    time_ns: int
    api: str
    api_key: int
    api_version: int
    correlation_id: int
    client_id: str
    wants_answer: bool
    answer_frame: int | None


class KafkaJson(TypedDict):
    """Kafka in clear text: the last request up to the close, and those whose response was owed there (null: cannot be
    told).
    """

    client_software: str
    last_request: KafkaRequestJson
    outstanding: list[KafkaRequestJson] | None


class ApplicationJson(TypedDict):
    """What the programs said last, up to the close; ``kafka`` is null when that was not read or is not Kafka."""

    last_sent: MessageJson | None
    last_received: MessageJson | None
    kafka: KafkaJson | None
    statements: list[EvidenceJson]


class SettingJson(TypedDict):
    """What a product calls a setting; ``unverified`` is what of it was not looked up."""

    who: str
    text: str
    source: str
    unverified: str


class AdviceJson(TypedDict):
    """One thing to do."""

    id: str
    text: str
    settings: list[SettingJson]
    source: str


class AskJson(TypedDict):
    """One thing to ask the other side for; ``command`` is a line to paste there, "" if there is none."""

    id: str
    text: str
    command: str
    source: str


class LetterJson(TypedDict):
    """What to ask the other side for, in parts and as one text to be copied."""

    start_ns: int
    end_ns: int
    asks: list[AskJson]
    text: str


class PlanJson(TypedDict):
    """What to do, the most useful first; ``software`` says whose settings are named and how that is known."""

    software: str
    advice: list[AdviceJson]
    ask: LetterJson | None


def application_json(case: Case, exchange: Exchange | None) -> ApplicationJson:
    """The application side of one connection."""
    close = case.ending.first
    until = close.frame if close else None
    said = last_messages(case.connection, until)
    return {
        "last_sent": _message(said.get(case.local)),
        "last_received": _message(said.get(case.peer)),
        "kafka": _kafka(exchange, until),
        "statements": [evidence_json(sentence) for sentence in application_side(case, exchange)],
    }


def plan_json(plan: Plan) -> PlanJson:
    """The advice for one connection."""
    return {
        "software": plan.software,
        "advice": [_advice(advice) for advice in plan.advice],
        "ask": _letter(plan.letter) if plan.letter is not None else None,
    }


def _message(message: Message | None) -> MessageJson | None:
    if message is None:
        return None
    return {
        "first_frame": message.first_frame,
        "last_frame": message.last_frame,
        "time_ns": message.time_ns,
        "bytes": message.octets,
    }


def _kafka(exchange: Exchange | None, until: int | None) -> KafkaJson | None:
    requests = exchange.until(until) if exchange is not None else ()
    if exchange is None or not requests:
        return None
    waiting = exchange.outstanding_at(until)
    return {
        "client_software": exchange.software,
        "last_request": _request(requests[-1]),
        "outstanding": None if waiting is None else [_request(request) for request in waiting],
    }


def _request(request: Request) -> KafkaRequestJson:
    return {
        "frame": request.frame,
        "time_ns": request.time_ns,
        "api": api_name(request.api_key),
        "api_key": request.api_key,
        "api_version": request.api_version,
        "correlation_id": request.correlation_id,
        "client_id": request.client_id,
        "wants_answer": request.wants_answer,
        "answer_frame": request.answer,
    }


def _advice(advice: Advice) -> AdviceJson:
    settings: list[SettingJson] = [
        {"who": s.who, "text": s.text, "source": s.source, "unverified": s.unverified} for s in advice.settings
    ]
    return {"id": advice.id, "text": advice.text, "settings": settings, "source": advice.source}


def _letter(letter: Letter) -> LetterJson:
    return {
        "start_ns": letter.start_ns,
        "end_ns": letter.end_ns,
        "asks": [{"id": a.id, "text": a.text, "command": a.command, "source": a.source} for a in letter.asks],
        "text": letter.text,
    }
