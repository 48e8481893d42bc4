"""Which software is at hand, and what it calls the settings that advice speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyreport.advice.facts import service_of
from pyreport.advice.model import Setting
from pyreport.advice.rows import Software, Use, rows
from pyreport.application.kafka_messages import Exchange
from pyreport.base.claim import Claim, SetTime, claim
from pyreport.diagnosis.case import Case
from pyreport.knowledge.known_timers import KnownTimer, Side, known_timers

ANY = "*"


def software_at_hand(case: Case, exchange: Exchange | None) -> tuple[tuple[Software, ...], Claim | None]:
    """The client's software and how it is known: by the log line's format, by what a Kafka client calls itself, else
    what is usual for the service. Nothing when there is no clue.
    """
    known = rows().software
    if case.log is not None and not case.log.by_server:
        told = tuple(s for s in known if any(word in case.log.format for word in s.formats))
        if told:
            return told, claim("software-by-log", name=told[0].name)
    for said in _names(exchange):
        named = tuple(s for s in known if s.says and said.lower().startswith(s.says))
        if named:
            return named, claim("software-by-its-name", name=named[0].name, said=said)
    service = service_of(case, exchange)
    usual = tuple(s for s in known if service and s.service == service)
    return usual, claim("software-as-examples", names=tuple(s.name for s in usual)) if usual else None


def _names(exchange: Exchange | None) -> Iterator[str]:
    if exchange is not None:
        yield from filter(None, (exchange.software, exchange.requests[-1].client_id))


def settings_for(uses: Sequence[Use], software: Sequence[Software], service: str) -> tuple[Setting, ...]:
    """What the software calls settings of these uses; for keep-alive the host's own when it has no name for them."""
    found: list[Setting] = []
    for use in uses:
        if use is Use.SERVER:
            found += [_limit(t) for t in known_timers() if t.side is Side.SERVER and t.service == service]
            continue
        named = [setting for entry in software for setting in _of(entry, use)]
        if use is Use.KEEPALIVE and not named:
            named = [s for entry in rows().software if ANY in entry.formats for s in _of(entry, use)]
        found += named
    return tuple(found)


def _of(software: Software, use: Use) -> Iterator[Setting]:
    for row in software.setting:
        if row.use is use:
            doubt = Claim(f"unverified-{row.id}") if row.unverified else None
            yield Setting(software.name, Claim(f"setting-{row.id}"), row.source, doubt)
    if use is Use.IDLE:
        yield from (_limit(timer) for timer in known_timers() if timer.id in software.idle)


def _limit(timer: KnownTimer) -> Setting:
    if timer.limit_ns:
        name = claim("limit-with-default", setting=timer.option, limit=SetTime(timer.limit_ns))
    else:
        name = claim("limit-off-by-default", setting=timer.option)
    return Setting(timer.told_who, name, timer.source, timer.doubt)
