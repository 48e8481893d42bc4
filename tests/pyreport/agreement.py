"""What the plugin marks on a frame and what the report says of it agree: levels, ages, what followed what."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pyreport.base.claim import Claim
from pyreport.connections.connection import Connection
from pyreport.diagnosis.case import Case
from pyreport.diagnosis.result import Kind, Verdict
from pyreport.frames.finding import Finding, Level
from pyreport.frames.findings import (
    Fin,
    FinAck,
    GaveUp,
    Missed,
    PostFinReset,
    PostFinWrite,
    Reset,
    ResetFollowed,
)
from pyreport.narrative.model import Step, StepKind

#: The step that tells a finding at Warn or Error which stands on a frame of the connection.
STEP_OF: dict[type[Finding], StepKind] = {
    GaveUp: StepKind.RESET,
    PostFinReset: StepKind.RESET,
    PostFinWrite: StepKind.WRITE,
    Reset: StepKind.RESET,
}


def disagreements(case: Case, verdict: Verdict, told: Sequence[Claim], steps: Sequence[Step]) -> Iterator[str]:
    """All that the report says otherwise than the plugin does."""
    yield from _level(case.connection, verdict)
    yield from _steps(case.connection, steps)
    for claim in told:
        for finding_type, agrees in AGREEING.get(claim.id, ()):
            findings = [found for found in _on(case.connection, claim) if isinstance(found, finding_type)]
            if findings and not any(agrees(claim, found) for found in findings):
                yield f"{claim.id} says {dict(claim.values)} of frames {claim.frames}, the plugin {findings}"
            elif not findings and claim.frames and _is_of(case.connection, claim):
                yield f"{claim.id} is told of frames {claim.frames}, which the plugin does not mark"


def _level(connection: Connection, verdict: Verdict) -> Iterator[str]:
    worst = connection.worst
    if verdict.kind is Kind.HEALTHY and worst >= Level.WARN:
        marks = [found for found in connection.findings if found.level is worst]
        yield f"healthy, and the plugin marks {marks}"


def _steps(connection: Connection, steps: Sequence[Step]) -> Iterator[str]:
    """What the plugin marks at Warn or Error is told where it stands, and a write is called overlooked where it is."""
    for found in connection.findings:
        kind = STEP_OF.get(type(found))
        if found.level < Level.WARN or kind is None:
            continue
        telling = [step for step in steps if (step.first_frame or 0) <= found.frame <= (step.last_frame or 0)]
        if not any(step.kind is kind for step in telling):
            yield f"the plugin marks {found}, and the steps of that frame are {[step.kind for step in telling]}"
    for step in steps:
        if step.kind is StepKind.WRITE and step.first_frame is not None:
            frame = connection.frame(step.first_frame)
            write = frame.found(PostFinWrite) if frame is not None else None
            is_overlooked = any(claim.id == "walk-write-overlooked" for claim in step.claims)
            if write is not None and is_overlooked is not (write.level >= Level.WARN):
                yield f"the step of frame {step.first_frame} says overlooked: {is_overlooked}; the plugin {write}"


def _on(connection: Connection, claim: Claim) -> list[Finding]:
    return [found for found in connection.findings if found.frame in claim.frames]


def _is_of(connection: Connection, claim: Claim) -> bool:
    return all(connection.frame(number) is not None for number in claim.frames)


def _age(claim: Claim, found: Finding, name: str) -> bool:
    """The age is one that the plugin shows: of the silence, or since the last payload."""
    assert isinstance(found, Fin | Reset)
    return claim.values[name] in (found.silence_ns, found.data_idle_ns)


def _answers(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, Reset)
    same_delay = claim.values.get("delay", found.delay_ns) == found.delay_ns
    same_least = claim.values.get("least", found.too_soon_ns) == found.too_soon_ns
    same_cause = (claim.values["what"], claim.values["cause"]) == (found.followed, found.cause_frame)
    return same_cause and same_delay and same_least


def _answers_nothing(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, Reset)
    is_nothing = found.followed is ResetFollowed.NOTHING and claim.values["idle"] == found.packet_idle_ns
    return is_nothing and ("age" not in claim.values or _age(claim, found, "age"))


def _farewell(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, Fin)
    return claim.values["sent"] == found.farewell_bytes and claim.values["idle"] == found.silence_ns


def _missed(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, Missed)
    return claim.values["intervals"] == found.intervals


def _gave_up(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, GaveUp)
    return claim.values["probes"] == found.unanswered


def _refusal(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, PostFinReset)
    return (claim.values["kind"], claim.values["cause"]) == (found.cause_kind, found.cause_frame)


def _after_fin(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, PostFinWrite)
    return claim.values["after"] == found.after_fin_ns


def _acknowledged(claim: Claim, found: Finding) -> bool:
    assert isinstance(found, FinAck)
    return claim.values["delay"] == found.delay_ns


Agrees = Callable[[Claim, Finding], bool]
#: The claims that say what a finding says, and whether they say the same.
AGREEING: dict[str, tuple[tuple[type[Finding], Agrees], ...]] = {
    "close-by": ((Fin, lambda _claim, _found: True),),
    "close-after-data": ((Fin, lambda claim, found: _age(claim, found, "idle")),),
    "close-after-data-two-clocks": ((Fin, lambda claim, found: _age(claim, found, "capture")),),
    "close-after-farewell": ((Fin, _farewell),),
    "reset-answers": ((Reset, _answers),),
    "reset-answers-too-soon": ((Reset, _answers),),
    "reset-answers-nothing": ((Reset, _answers_nothing),),
    "reset-answers-nothing-after": ((Reset, _answers_nothing),),
    "reset-after-silence": ((GaveUp, _gave_up),),
    "fin-acknowledged": ((FinAck, _acknowledged),),
    "fin-write-after": ((PostFinWrite, _after_fin),),
    "fin-refusal-after": ((PostFinReset, _refusal),),
    "keepalive-gap": ((Missed, _missed),),
    "keepalive-gap-to-the-end": ((Missed, _missed),),
    "keepalive-gap-after": ((Missed, _missed),),
}
