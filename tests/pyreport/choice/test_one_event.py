"""A log line that fits several connections: one event is claimed with its nearest connection, anything else is not."""

from __future__ import annotations

from datetime import UTC

import pytest

from pyreport.base.endpoint import Endpoint
from pyreport.base.errors import InputError
from pyreport.choice.one_event import LineMatcher
from pyreport.connections.reading import Reading
from pyreport.diagnosis.evidence.contradictions import contradictions
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST
from pyreport.logs.registry import parse_log_line
from pyreport.matching.match import Match, Strength, Zones
from pyreport.matching.matcher import Matcher
from pyreport.narrative.key_facts import key_facts
from pyreport.narrative.walkthrough import walk
from tests.pyreport.cases import SERVER, Story, case_of, reading_of
from tests.support.captures import no_file

LINE = "2022-09-29 16:00:{} ERROR SocketException: Connection reset by peer"


def check(number: int, *, host: str = "", payload: bool = False) -> Story:
    """A check of one of two balancers, at an even second: opened and reset."""
    client = Endpoint(f"{host or f'10.0.0.{1 + number % 2}'}:{41000 + number}")
    story = Story(client, SERVER, number).handshake(2.0 * number)
    if payload:
        story.data(2.0 * number + 0.012, client)
    return story.frame(2.0 * number + 0.013, client, flags=FLAG_RST)


def matched(line: str, *stories: Story) -> Match | None:
    index, span = reading_of(*stories)
    reading = Reading(no_file("x.pcap"), index, span)
    return LineMatcher(reading, Matcher(index, span, Zones(log=UTC))).match(parse_log_line(line))


def test_a_servers_line_without_ends_is_about_the_check_that_is_nearest() -> None:
    found = matched(LINE.format("04.014"), *(check(n) for n in range(6)))
    assert found is not None
    assert (found.connection.stream, found.strength, found.local) == (2, Strength.TIME_OUTCOME, SERVER)
    assert found.alike == 4  # 0 to 2 before the line, and 3, which a clock two seconds off allows


def test_a_single_one_is_no_event() -> None:
    found = matched(LINE.format("00.014"), check(0))
    assert found is not None
    assert (found.connection.stream, found.strength, found.alike) == (0, Strength.TIME_OUTCOME, 0)


def test_connections_that_have_only_the_reset_in_common_are_not_told_apart() -> None:
    unlike = (check(0), check(1, payload=True), check(2))
    found = matched(LINE.format("04.014"), *unlike)
    assert found is not None
    assert (found.strength, len(found.rivals)) == (Strength.AMBIGUOUS, 3)


def test_of_connections_that_have_nothing_in_common_one_is_taken_by_its_number() -> None:
    index, span = reading_of(check(0), check(1, payload=True), check(2))
    lines = LineMatcher(Reading(no_file("x.pcap"), index, span), Matcher(index, span, Zones(log=UTC)))
    log = parse_log_line(LINE.format("04.014"))
    taken = [lines.candidate(log, rank) for rank in (1, 2, 3)]
    assert [(one.connection.stream, one.among, one.rank) for one in taken if one] == [(2, 3, 1), (1, 3, 2), (0, 3, 3)]
    with pytest.raises(InputError, match="fits 3 connections: there is no candidate 4"):
        lines.candidate(log, 4)


def test_the_only_one_that_fits_weakly_is_taken_when_asked() -> None:
    client = Endpoint("10.0.0.1:41000")
    closed = Story(client, SERVER).handshake().data(1.0, client).frame(60.0, SERVER, flags=FLAG_FIN | FLAG_ACK)
    index, span = reading_of(closed)
    lines = LineMatcher(Reading(no_file("x.pcap"), index, span), Matcher(index, span, Zones(log=UTC)))
    log = parse_log_line("ERROR: broken pipe")
    refused, taken = lines.match(log), lines.candidate(log, 1)
    assert refused is not None
    assert taken is not None
    assert (refused.strength, len(refused.rivals)) == (Strength.AMBIGUOUS, 1)
    assert (taken.strength, taken.connection.stream, taken.among) == (Strength.OUTCOME, 0, 0)


def test_a_line_that_fits_one_has_no_other_candidates() -> None:
    index, span = reading_of(check(0))
    lines = LineMatcher(Reading(no_file("x.pcap"), index, span), Matcher(index, span, Zones(log=UTC)))
    log = parse_log_line(LINE.format("00.014"))
    assert lines.candidate(log, 2) == lines.match(log)


def test_connections_that_a_server_reset_at_one_moment_are_one_event() -> None:
    ages = [(5.0, 0), (7.5, 1), (9.0, 2), (11.0, 3)]

    def served(last: float, stream: int) -> Story:
        client = Endpoint(f"10.0.0.1:{42000 + stream}")
        story = Story(client, SERVER, stream).handshake(stream / 10).data(last, client).frame(last + 0.01, SERVER)
        return story.frame(30.0 + stream / 1000, SERVER, flags=FLAG_RST | FLAG_ACK)

    found = matched(LINE.format("30.010"), *(served(*age) for age in ages))
    assert found is not None
    assert (found.strength, found.alike, found.local.host) == (Strength.TIME_OUTCOME, 4, "10.0.0.1")


def test_the_reset_of_a_check_is_what_the_log_says_and_what_ended_it() -> None:
    case = case_of(check(0), check(1), log=LINE.format("00.014"), logged=0.014, local=SERVER)
    assert contradictions(case) == ()
    assert [told.id for step in walk(case) for told in step.claims][:2] == ["walk-opens", "walk-reset"]
    (closed,) = (fact for fact in key_facts(case) if fact.label.id == "fact-closed-first-by")
    assert closed.frames == (case.connection.last.number,)
