"""Parts of the JSON (see report_json): the application side, what to do, what to ask the other side for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pyreport.advice.model import Advice, Ask, Letter, Plan, Setting
from pyreport.application.kafka_apis import api_name
from pyreport.application.kafka_messages import Exchange, Request
from pyreport.application.last_messages import Message, last_messages
from pyreport.diagnosis.case import Case
from pyreport.export.claim_json import EvidenceJson, Frame, Json, Values, claims_json, values_json
from pyreport.narrative.application_side import application_side
from pyreport.narrative.letter import letter_text
from pyreport.words import Words


class MessageJson(Json):
    """Payload that one side sent with none of the other side in between; the last such up to the close."""

    first_frame: Frame
    last_frame: Frame
    time_ns: int
    bytes: Annotated[int, Meta(ge=1)]


class KafkaRequestJson(Json):
    """A Kafka request; wants_answer is false for a Produce with acks=0, answer_frame null without a response in this
    capture.
    """

    frame: Frame
    time_ns: int
    api: str
    api_key: int
    api_version: int
    correlation_id: int
    client_id: str
    wants_answer: bool
    answer_frame: Frame | None


class KafkaJson(Json):
    """Kafka in clear text: what the client calls itself, the last request up to the close, and the requests whose
    response was owed there (null: cannot be told).
    """

    client_software: str
    last_request: KafkaRequestJson
    outstanding: tuple[KafkaRequestJson, ...] | None


class ApplicationJson(Json):
    """What the programs said last, the local end and the peer; null: nothing captured. "kafka" is null when it is not
    Kafka in clear text, or was not read (scan).
    """

    last_sent: MessageJson | None
    last_received: MessageJson | None
    kafka: KafkaJson | None
    statements: tuple[EvidenceJson, ...]


class SettingJson(Json):
    """What a product calls a setting, where that was read, and what of it was not looked up (empty: nothing)."""

    who: str
    text: str
    source: str
    unverified: str


class AdviceJson(Json):
    """One thing to do, and where its claim was read."""

    id: str
    values: Values
    text: str
    settings: tuple[SettingJson, ...]
    source: str


class AskJson(Json):
    """One thing to ask the other side for; the command is a line to paste there, empty if there is none."""

    id: str
    values: Values
    text: str
    command: str
    source: str


class LetterJson(Json):
    """What to ask the other side for, for which window, and all of it as one text to be copied."""

    start_ns: int
    end_ns: int
    asks: Annotated[tuple[AskJson, ...], Meta(min_length=1)]
    text: str


class PlanJson(Json):
    """What to do, the most useful first; "software" says whose settings are named and how that is known (empty: none
    are). "ask" is null when nothing needs asking.
    """

    software: str
    advice: tuple[AdviceJson, ...]
    ask: LetterJson | None


def application_json(case: Case, exchange: Exchange | None, words: Words) -> ApplicationJson:
    """The application side of one connection."""
    close = case.ending.first
    until = close.frame if close else None
    said = last_messages(case.connection, until)
    return ApplicationJson(
        last_sent=_message(said.get(case.local)),
        last_received=_message(said.get(case.peer)),
        kafka=_kafka(exchange, until),
        statements=claims_json(application_side(case, exchange), words),
    )


def plan_json(plan: Plan, words: Words) -> PlanJson:
    """The advice for one connection."""
    return PlanJson(
        software=words.say(plan.software) if plan.software is not None else "",
        advice=tuple(_advice(advice, words) for advice in plan.advice),
        ask=_letter(plan.letter, words) if plan.letter is not None else None,
    )


def _message(message: Message | None) -> MessageJson | None:
    if message is None:
        return None
    return MessageJson(
        first_frame=message.first_frame,
        last_frame=message.last_frame,
        time_ns=message.time_ns,
        bytes=message.octets,
    )


def _kafka(exchange: Exchange | None, until: int | None) -> KafkaJson | None:
    requests = exchange.until(until) if exchange is not None else ()
    if exchange is None or not requests:
        return None
    waiting = exchange.outstanding_at(until)
    return KafkaJson(
        client_software=exchange.software,
        last_request=_request(requests[-1]),
        outstanding=None if waiting is None else tuple(map(_request, waiting)),
    )


def _request(request: Request) -> KafkaRequestJson:
    return KafkaRequestJson(
        frame=request.frame,
        time_ns=request.time_ns,
        api=api_name(request.api_key),
        api_key=request.api_key,
        api_version=request.api_version,
        correlation_id=request.correlation_id,
        client_id=request.client_id,
        wants_answer=request.wants_answer,
        answer_frame=request.answer,
    )


def _advice(advice: Advice, words: Words) -> AdviceJson:
    return AdviceJson(
        id=advice.id,
        values=values_json(advice.claim, words),
        text=words.say(advice.claim),
        settings=tuple(_setting(setting, words) for setting in advice.settings),
        source=advice.source,
    )


def _setting(setting: Setting, words: Words) -> SettingJson:
    return SettingJson(
        who=setting.who,
        text=words.phrase(setting.name),
        source=setting.source,
        unverified=words.phrase(setting.doubt) if setting.doubt is not None else "",
    )


def _ask(ask: Ask, words: Words) -> AskJson:
    values, text = values_json(ask.claim, words), words.say(ask.claim)
    return AskJson(id=ask.id, values=values, text=text, command=ask.command, source=ask.source)


def _letter(letter: Letter, words: Words) -> LetterJson:
    return LetterJson(
        start_ns=letter.start_ns,
        end_ns=letter.end_ns,
        asks=tuple(_ask(ask, words) for ask in letter.asks),
        text=letter_text(letter, words),
    )
