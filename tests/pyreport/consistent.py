"""What has to hold of every diagnosis: verdict, explanations and steps agree with the frames and with each other.

``watch`` puts itself around ``pyreport.diagnosis.diagnose``, so each diagnosis that a test makes is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pyreport.diagnosis
from pyreport.base.claim import Claim, Duration, FrameNumber
from pyreport.connections.sequence_space import space_of
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.health import CONDITIONS, check_health, not_holding
from pyreport.diagnosis.result import Attribution, Confidence, Explanation, Kind, Status, Verdict
from pyreport.diagnosis.verdict.shares import SHARE_OF
from pyreport.diagnosis.verdict.sureness import EXPLAINED_BY
from pyreport.frames.findings import GaveUp, PostFinReset, Reset, Unanswered
from pyreport.frames.frame import FLAG_ACK, FLAG_FIN, FLAG_RST, FLAG_SYN, Frame
from pyreport.narrative.answers import SHARE_OF_SUBJECT, answer_the_question
from pyreport.narrative.key_facts import key_facts
from pyreport.narrative.model import Standing, Subject
from pyreport.narrative.walkthrough import walk
from tests.pyreport.agreement import disagreements

Diagnosed = tuple[tuple[Explanation, ...], Verdict]

#: What was found wrong, to be emptied by whoever asks.
FOUND: list[str] = []

#: Claims whose figure is the time between the first and the last of the frames that they cite.
SPANS = {
    "close-after-data": "idle",
    "fin-acknowledged": "delay",
    "peer-idle-close-after-exchange": "age",
    "reply-outstanding": "waited",
    "data-never-acknowledged": "lasted",
    "data-made-good": "took",
    "reset-no-such-connection": "ago",
    "reset-of-the-handshake": "ago",
    "mtu-sent-again": "lasted",
    "close-race-crossed": "apart",
    "closing-frame-too-soon": "delay",
    "host-frozen-there-clock-stood": "gap",
    "host-frozen-there-late-answer": "delay",
    "peer-idle-close-outlived": "rest",
    "idle-forgotten-outlived": "silence",
    "idle-forgotten-all-silent": "silence",
    "application-stalled-waited": "waited",
}
#: Claims whose figure counts the frames that they cite, but for so many.
COUNTS = {
    "wait-data-host-heard": ("repeats", 1),
    "wait-data-went-on-without": ("repeats", 2),
    "wait-probes-host-heard": ("probes", 0),
    "wait-syn-host-heard": ("tries", 0),
    "reset-after-copies": ("repeats", 2),
    "retransmission-repeats": ("repeats", 1),
    "mtu-sent-again": ("repeats", 1),
    "fin-sent-again": ("repeats", 1),
    "opening-not-completed": ("tries", 0),
    "opening-unanswered": ("tries", 0),
    "next-hop-silent": ("requests", 0),
}
#: Shares that are nobody's fault, or that the frames of the close alone give.
BY_FRAMES = (
    Attribution.HEALTHY,
    Attribution.CAPTURE_INCOMPLETE,
    Attribution.PEER_SERVICE,
    Attribution.LOCAL_APPLICATION,
)

#: The share that each of the four answers speaks of.
CENTURY_NS = 3_155_760_000 * 1_000_000_000
YEAR_10000_NS = 253_402_300_800 * 1_000_000_000


def watch() -> None:
    """From now on, look at each diagnosis."""
    diagnose = pyreport.diagnosis.diagnose

    def watched(case: Case) -> Diagnosed:
        explanations, verdict = diagnose(case)
        FOUND.extend(faults(case, explanations, verdict))
        return explanations, verdict

    pyreport.diagnosis.diagnose = watched


def faults(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> list[str]:
    """All that does not agree; empty when all does."""
    told = told_of(case, explanations, verdict)
    return [
        *_absences(case, told),
        *_spans(case, told),
        *_ages(case),
        *_figures(case, told),
        *_twice(told),
        *_sureness(explanations, verdict),
        *_shares(explanations, verdict),
        *_answers(case, explanations, verdict),
        *_steps(case),
        *_healthy(case, verdict),
        *disagreements(case, verdict, told, walk(case)),
        *_shares_cleared(case, explanations, verdict),
    ]


#: The answer that speaks of whoever has a share.
SUBJECT_OF = {
    Attribution.PEER_SERVICE: Subject.SERVICE,
    Attribution.NETWORK_PATH: Subject.NETWORK,
    Attribution.LOCAL_HOST: Subject.HOST,
    Attribution.LOCAL_APPLICATION: Subject.APPLICATION,
}


def _shares_cleared(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> Iterator[str]:
    """Nobody who has a share is cleared of it on the same page."""
    standing = {found.subject: found.standing for found in answer_the_question(case, explanations, verdict)}
    for share in verdict.attribution:
        subject = SUBJECT_OF.get(share)
        if subject is not None and standing[subject] in (Standing.CLEARED, Standing.NO_SIGN):
            yield f"{share.value} has a share in {verdict.kind.value}, and {subject.value} is {standing[subject].value}"


def told_of(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> list[Claim]:
    """All that a report says of a case."""
    return [*_claims(explanations, verdict), *_claims_of_page(case, explanations, verdict)]


def _claims(explanations: Sequence[Explanation], verdict: Verdict) -> Iterator[Claim]:
    yield from (*verdict.claims, *verdict.deciding)
    if verdict.objection is not None:
        yield from (verdict.objection.argument, *verdict.objection.reply)
    for explanation in explanations:
        yield from (*explanation.evidence, *explanation.against)


def _claims_of_page(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> Iterator[Claim]:
    for answer in answer_the_question(case, explanations, verdict):
        yield from answer.reason
    for fact in key_facts(case):
        yield from (part for part in (fact.label, fact.value, *fact.notes) if isinstance(part, Claim))
    for step in walk(case):
        yield from step.claims


def _fin(frame: Frame) -> bool:
    return frame.has(FLAG_FIN)


def _closing_fin(frame: Frame) -> bool:
    """A FIN that TCP takes for one: with ACK, without SYN and RST (RFC 9293 3.10.7.4)."""
    return frame.flags & (FLAG_FIN | FLAG_ACK | FLAG_SYN | FLAG_RST) == FLAG_FIN | FLAG_ACK


def _closing(frame: Frame) -> bool:
    """A FIN or RST that closes something; an RST outside the window does not, and has no finding as one."""
    return _closing_fin(frame) or any(isinstance(found, GaveUp | PostFinReset | Reset) for found in frame.findings)


def _rst(frame: Frame) -> bool:
    return frame.has(FLAG_RST)


def _absences(case: Case, told: Sequence[Claim]) -> Iterator[str]:
    """No claim of absence has its counter-example among the connection's frames."""
    connection, frames = case.connection, case.connection.frames

    def any_before(number: int, what: Callable[[Frame], bool]) -> bool:
        return any(what(frame) for frame in frames if frame.number < number)

    for claim in told:
        match claim.id:
            case "reset-by" | "reset-in-the-name" | "reset-first-segment" if claim.values["fins"] not in {
                "unseen",
                "half",
            }:
                is_void = claim.values["fins"] == "void"
                wrong = any_before(claim.frames[0], _closing_fin if is_void else _fin)
            case "close-first-segment":
                wrong = any_before(claim.frames[0], _closing)
            case "health-no-reset":
                wrong = any(map(_rst, frames))
            case "open-unbroken":
                wrong = any(_fin(frame) or _rst(frame) for frame in frames)
            case "open-to-the-end" | "health-open":
                wrong = any(map(_closing_fin, frames))
            case "health-acknowledged":
                late = case.span.last_time_ns - 1_000_000_000
                spaces = (space_of(connection, side) for side in (case.local, case.peer))
                wrong = any(frame.length and frame.time_ns <= late for space in spaces for frame in space.outstanding)
            case "fin-not-acknowledged":
                outstanding = space_of(connection, case.ending.fin.source).outstanding if case.ending.fin else ()
                wrong = not any(map(_fin, outstanding))
            case "close-left-alone":
                wrong = len({frame.source for frame in frames if _closing_fin(frame)}) > 1
            case "keepalive-gave-up-none-unanswered":
                wrong = bool(connection.of(Unanswered))
            case "probe-not-sent-all-sent" | "health-probes":
                wrong = bool(connection.missed(None if claim.id == "health-probes" else case.local))
            case "write-on-half-closed-no-fin":
                wrong = case.peer_closed_first
            case "opening-no-answer":
                wrong = len({frame.source for frame in frames}) > 1
            case "mtu-no-data":
                wrong = any(space_of(connection, side).largest for side in (case.local, case.peer))
            case _:
                continue
        if wrong:
            yield f"{claim.id} {claim.frames} is told, and the connection's frames have what it denies"


def _spans(case: Case, told: Sequence[Claim]) -> Iterator[str]:
    """A figure is the time between the frames that are cited for it; not where the capture's clock was set back, since
    the plugin's clock never is, and not after the year 9999, where Wireshark's Lua has seconds as rounded numbers.
    """
    if case.span.steps_back or case.span.last_time_ns >= YEAR_10000_NS:
        return
    for claim in told:
        name = SPANS.get(claim.id)
        if name is None or len(claim.frames) < 2:
            continue
        connection = case.connection
        ends = [connection.frame(number) for number in (claim.frames[0], claim.frames[-1])]
        if claim.id == "peer-idle-close-outlived" and None in ends:
            continue  # of another connection
        first, last = ends
        if first is None or last is None:
            yield f"{claim.id} cites frames of another connection: {claim.frames}"
        elif abs(last.time_ns - first.time_ns) != claim.values[name]:
            span = abs(last.time_ns - first.time_ns)
            yield f"{claim.id} says {claim.values[name]} ns, its frames {claim.frames} are {span} ns apart"


def _ages(case: Case) -> Iterator[str]:
    """The age of the last data is the time between the two frames that its row cites, by the capture's clock."""
    if case.span.steps_back or case.span.last_time_ns >= YEAR_10000_NS:
        return
    for fact in key_facts(case):
        is_age = fact.label.id in ("fact-data-idle", "fact-data-idle-refused")
        by_closer = any(isinstance(note, Claim) and note.id == "fact-by-the-closers-clock" for note in fact.notes)
        if not is_age or by_closer or len(fact.frames) < 2:
            continue
        first, last = (case.connection.frame(number) for number in fact.frames)
        if first is None or last is None or last.time_ns - first.time_ns != fact.value:
            yield f"the age of the last data is {fact.value}, and its row cites {fact.frames}"


def _figures(case: Case, told: Sequence[Claim]) -> Iterator[str]:
    """No duration is negative, where the capture's clock was not set back, nor longer than anybody captures: a time of
    day is none. A frame that is named is one that is cited, and what is counted is.
    """
    for claim in told:
        counted, others = COUNTS.get(claim.id, ("", 0))
        if counted and claim.values[counted] != len(claim.frames) - others:
            yield f"{claim.id} says {claim.values[counted]} {counted}, and cites {claim.frames}"
        for name, value in claim.values.items():
            if isinstance(value, Duration) and (value < 0 or value > CENTURY_NS) and not case.span.steps_back:
                yield f"{claim.id} says that {name} is {value} ns"
            if isinstance(value, FrameNumber) and value not in claim.frames:
                yield f"{claim.id} names frame {value}, and cites {claim.frames}"


def _twice(told: Sequence[Claim]) -> Iterator[str]:
    """A fact that is told twice has one value."""
    known: dict[tuple[str, tuple[int, ...]], Claim] = {}
    for claim in told:
        durations = {name: value for name, value in claim.values.items() if isinstance(value, Duration)}
        before = known.setdefault((claim.id, claim.frames), claim)
        same = {name: value for name, value in before.values.items() if isinstance(value, Duration)}
        if claim.frames and durations != same:
            yield f"{claim.id} {claim.frames} is told with {same} and with {durations}"


def _sureness(explanations: Sequence[Explanation], verdict: Verdict) -> Iterator[str]:
    if (verdict.kind is Kind.UNDETERMINED) != (verdict.confidence is Confidence.UNDETERMINED):
        yield f"{verdict.kind} does not go with {verdict.confidence}"
    explained = EXPLAINED_BY.get(verdict.kind)
    statuses = {found.status for found in explanations if explained and found.id in explained}
    is_sure = verdict.confidence in (Confidence.CONFIRMED, Confidence.LIKELY)
    if explained and is_sure and Status.SUPPORTED not in statuses:
        yield f"{verdict.kind} is {verdict.confidence}, and none of {', '.join(explained)} is supported"


def _shares(explanations: Sequence[Explanation], verdict: Verdict) -> Iterator[str]:
    """Nobody has a share that every explanation denies."""
    for share in verdict.attribution:
        if share in BY_FRAMES:
            continue
        statuses = {found.status for found in explanations if SHARE_OF.get(found.id) is share}
        if statuses == {Status.RULED_OUT}:
            yield f"{share} has a share, and all its explanations are ruled out"


def _answers(case: Case, explanations: Sequence[Explanation], verdict: Verdict) -> Iterator[str]:
    """Nobody who has a share is cleared on the same page, and the path is not said to show nothing."""
    for answer in answer_the_question(case, explanations, verdict):
        denied = (Standing.CLEARED, Standing.NO_SIGN) if answer.subject is Subject.NETWORK else (Standing.CLEARED,)
        if answer.standing in denied and SHARE_OF_SUBJECT[answer.subject] in verdict.attribution:
            yield f"{answer.subject} has a share, and is {answer.standing} by {answer.reason[0].id}"
        if answer.standing is Standing.INVOLVED and SHARE_OF_SUBJECT[answer.subject] not in verdict.attribution:
            yield f"{answer.subject} has no share, and is involved by {answer.reason[0].id}"


def _steps(case: Case) -> Iterator[str]:
    """Times of the steps never run backwards."""
    before = None
    for step in walk(case):
        if step.since_previous_ns is not None and step.since_previous_ns < 0:
            yield f"step {step.number} comes {step.since_previous_ns} ns after the one before"
        if before is not None and step.start_ns < before:
            yield f"step {step.number} begins before the one before it"
        before = step.start_ns


def _healthy(case: Case, verdict: Verdict) -> Iterator[str]:
    if verdict.kind is not Kind.HEALTHY:
        return
    if case.log is not None or not_holding(check_health(case)):
        yield "healthy without all its proofs"
    if len([claim for claim in verdict.deciding if claim.id != "verdict-less-sure"]) != len(CONDITIONS):
        yield "healthy without citing all its proofs"
    if any(_rst(frame) and not frame.has(FLAG_SYN) for frame in case.connection.frames) and case.ending.fin is None:
        yield "healthy with an RST and no FIN"
