"""Which software is at hand, and what it calls the settings that advice speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.advice.facts import service_of
from pyreport.advice.model import Setting
from pyreport.advice.rows import Software, rows
from pyreport.application.kafka_messages import Exchange
from pyreport.base.units import format_duration
from pyreport.diagnosis.case import Case
from pyreport.knowledge.known_timers import KnownTimer, Side, known_timers

ANY = "*"


def software_at_hand(case: Case, exchange: Exchange | None) -> tuple[tuple[Software, ...], str]:
    """The client's software and how it is known: by the log line's format, by what a Kafka client calls itself, else
    what is usual for the service. Nothing and "" when there is no clue.
    """
    known = rows().software
    if case.log is not None and not case.log.by_server:
        told = tuple(s for s in known if any(word in case.log.format for word in s.formats))
        if told:
            return told, f"{told[0].name}, by the format of the log line"
    for said in _names(exchange):
        named = tuple(s for s in known if s.says and said.lower().startswith(s.says))
        if named:
            return named, f"{named[0].name}, by the name “{said}” in its requests"
    service = service_of(case, exchange)
    usual = tuple(s for s in known if service and s.service == service)
    names = " and ".join(s.name for s in usual)
    return usual, f"{names}, as examples: which software it is cannot be told from this capture" if usual else ""


def _names(exchange: Exchange | None) -> Iterator[str]:
    if exchange is not None:
        yield from filter(None, (exchange.software, exchange.requests[-1].client_id))


def settings_for(uses: Sequence[str], software: Sequence[Software], service: str) -> tuple[Setting, ...]:
    """What the software calls settings of these uses; for keep-alive the host's own when it has no name for them."""
    found: list[Setting] = []
    for use in uses:
        if use == "server":
            found += [_limit(t) for t in known_timers() if t.side is Side.SERVER and t.service == service]
            continue
        named = [setting for entry in software for setting in _of(entry, use)]
        if use == "keepalive" and not named:
            named = [s for entry in rows().software if ANY in entry.formats for s in _of(entry, use)]
        found += named
    return tuple(found)


def _of(software: Software, use: str) -> Iterator[Setting]:
    for setting in software.settings:
        if setting.use == use:
            yield Setting(software.name, setting.text, setting.source, setting.unverified)
    if use == "idle":
        yield from (_limit(timer) for timer in known_timers() if timer.id in software.idle)


def _limit(timer: KnownTimer) -> Setting:
    default = f"default {format_duration(timer.limit_ns)}" if timer.limit_ns else "off by default"
    return Setting(timer.who, f"{timer.setting}, {default}", timer.source, timer.unverified)
